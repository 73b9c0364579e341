// Buttons, scale and credits on the map, and how it shares scrolling with the page.

// Milliseconds for which the hint about two fingers is shown.
const HINT = 1_600;

/**
 * Add zoom buttons, scale, home button (onHome), credits and the inset. settings: see
 * map_attributes.html.
 */
export function addControls({ L, map, settings, onHome }) {
  const { zoomIn, zoomOut, home } = settings;
  map.zoomControl?.remove();
  const [zoomInTitle, zoomOutTitle] = [zoomIn, zoomOut];
  L.control.zoom({ position: "topright", zoomInTitle, zoomOutTitle }).addTo(map);
  L.control.scale({ imperial: false, updateWhenIdle: true }).addTo(map);
  const button = document.createElement("button");
  Object.assign(button, { type: "button", title: home, className: "map-home" });
  button.setAttribute("aria-label", home);
  button.addEventListener("click", onHome);
  const bar = document.createElement("div");
  bar.className = "leaflet-bar";
  bar.append(button);
  L.DomEvent.disableClickPropagation(bar);
  const homeControl = new L.Control({ position: "topright" });
  homeControl.onAdd = () => bar;
  homeControl.addTo(map);
  map.attributionControl.setPrefix(creditDetails(settings).outerHTML);
  // Leaflet places later controls of a corner farther inside: next to the credits, not over them.
  if (settings.inset) addInset(L, map, JSON.parse(settings.inset));
}

/** Return the folded credits: of the boundaries, then of each layer of the base map. */
function creditDetails({ credit, creditTitle, baseCredits = "[]" }) {
  const details = document.createElement("details");
  details.className = "map-credit";
  details.append(Object.assign(document.createElement("summary"), { textContent: creditTitle }));
  details.append(credit);
  const list = document.createElement("ul");
  for (const { layer, source, licence, url } of JSON.parse(baseCredits)) {
    const link = Object.assign(document.createElement("a"), { href: url, textContent: licence });
    const item = document.createElement("li");
    item.append(`${layer}: ${source} (`, link, ")");
    list.append(item);
  }
  details.append(list);
  return details;
}

/** Add a frame with names to a corner of the map. */
function addInset(L, map, { corner, names }) {
  const frame = document.createElement("div");
  frame.className = "map-inset";
  for (const name of names) {
    frame.append(Object.assign(document.createElement("p"), { textContent: name }));
  }
  const control = new L.Control({ position: corner });
  control.onAdd = () => frame;
  control.addTo(map);
}

/** The wheel and one finger scroll the page around the map; two fingers move the map. hint: shown
 * while one finger moves on it. */
export function letPageScroll(map, hint) {
  map.scrollWheelZoom.disable();
  if (!matchMedia("(pointer: coarse)").matches) return;
  map.dragging.disable();
  const box = map.getContainer();
  const paragraph = document.createElement("p");
  box.append(Object.assign(paragraph, { className: "map-hint", textContent: hint }));
  let timer;
  const show = ({ touches }) => {
    box.classList.toggle("is-hinting", touches.length === 1);
    clearTimeout(timer);
    timer = setTimeout(() => box.classList.remove("is-hinting"), HINT);
  };
  box.addEventListener("touchmove", show, { passive: true });
}
