// The map below the two number fields of a PointField; the fields work without it.

import { loadOptional } from "./loader.js";
import { createMapView } from "./mapview/view.js";
import { isPosition, parseDegrees, parsePair } from "./position.js";

// Decimals of stored coordinates, about 1 cm.
const DECIMALS = 7;

for (const editor of document.querySelectorAll(".point-editor")) edit(editor);

async function edit(editor) {
  const [lat, lng] = editor.querySelectorAll("input");
  const element = editor.querySelector(".point-editor-map");
  const clear = editor.querySelector(".point-editor-clear");
  element.hidden = clear.hidden = false;
  const view = createMapView(element, editor.dataset);
  const showPin = view.editPosition(element.dataset.marker, ([x, y]) => {
    write(y, x);
    setMethod(editor);
  });

  const read = () => {
    const [y, x] = [parseDegrees(lat.value), parseDegrees(lng.value)];
    return isPosition(y, x) ? [x, y] : null;
  };
  const write = (y, x) => {
    lat.value = Number(y.toFixed(DECIMALS));
    lng.value = Number(x.toFixed(DECIMALS));
    showPin([x, y]);
  };
  for (const input of [lat, lng]) {
    input.addEventListener("input", () => {
      const pair = parsePair(input.value);
      if (pair) write(pair.lat, pair.lng);
      const at = read();
      showPin(at);
      if (at) view.goTo(at, 12);
    });
  }
  clear.addEventListener("click", () => {
    lat.value = lng.value = "";
    showPin(null);
    lat.focus();
  });

  // Before the base map loads: a click in the meantime must not move the map again.
  const at = read();
  showPin(at);
  if (at) view.goTo(at, 12);

  const [base, outlines] = await Promise.all([
    loadOptional(editor.dataset.basemap),
    loadOptional(editor.dataset.outlines),
  ]);
  if (base) view.drawBase(base);
  if (outlines) view.showOutlines(outlines);
  view.addTiles();
}

/** Set how the position was obtained after a click, if the form states a vague method. */
function setMethod(editor) {
  if (!editor.dataset.method) return;
  const { field, clicked, vague } = JSON.parse(editor.dataset.method);
  const select = editor.closest("form")?.elements[field];
  if (select && vague.includes(select.value)) select.value = clicked;
}
