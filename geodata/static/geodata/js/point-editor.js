// The map below the two number fields of a PointField; without it the fields work alone.

import { loadOptional } from "./loader.js";
import { createMapView } from "./mapview.js";
import { isPosition, parseDegrees, parsePair } from "./position.js";

// About 1 cm: as many as are stored.
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
    sayHow(editor);
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

  // Once, and at once: whoever clicks before the ground is there must find the map where it was.
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

// A point that was clicked is no longer the vague one that stood there.
function sayHow(editor) {
  if (!editor.dataset.method) return;
  const { field, clicked, vague } = JSON.parse(editor.dataset.method);
  const select = editor.closest("form")?.elements[field];
  if (select && vague.includes(select.value)) select.value = clicked;
}
