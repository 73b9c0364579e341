/** Width and height of a touch target in pixels. */
export const TOUCH = 44;

/** Add a marker; animated: whether it moves during the zoom animation. Leaflet reads this option from
 * the map when a marker is added. */
export function addMarker(map, marker, { animated }) {
  map.options.markerZoomAnimation = animated;
  marker.addTo(map);
}
