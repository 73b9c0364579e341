/** Width and height of a touch target in pixels. */
export const TOUCH = 44;

/** Add a marker; animated: whether it moves during the zoom animation. Leaflet reads this option from
 * the map when a marker is added. */
export function addMarker(map, marker, { animated }) {
  map.options.markerZoomAnimation = animated;
  marker.addTo(map);
}

/** Return the icon of a place: the content, in a button with this label if users can select it. */
export function iconOf(L, { content, label, isButton, className = "" }) {
  const html = isButton ? button(content, label) : content;
  return L.divIcon({ html, className: `place ${className}`.trim(), iconSize: [TOUCH, TOUCH] });
}

function button(content, label) {
  const element = Object.assign(document.createElement("button"), { type: "button" });
  element.setAttribute("aria-label", label);
  element.append(content);
  return element;
}
