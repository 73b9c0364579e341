// Where the map stands, kept in the address without a step of its own for Back.

import { readView, writeView } from "./state.js";

/** Whether the text says where the view stands but for a pixel, by which a new size may shift it. */
function saysSo(text, { zoom, at }) {
  const said = readView(text);
  const pixel = 360 / 256 / 2 ** zoom;
  const isNear = (degrees, i) => Math.abs(degrees - at[i]) <= pixel;
  return said !== null && Math.abs(said.zoom - zoom) < 0.1 && said.at.every(isNear);
}

/**
 * Keep the position of the view in a text; box: the element of the map; kept: {read, write} of the
 * text, which is empty where the whole province is seen. Gives {restore}.
 */
export function keepPosition(view, box, kept) {
  // Where the whole province is seen in a map of that size; coming: the map is on its way there.
  let home = { text: "", size: "", coming: false };

  function note() {
    const text = writeView(view.position);
    const size = `${box.clientWidth} ${box.clientHeight}`;
    if (home.coming) home = { text, size, coming: false };
    // Whoever looks at all of it wants to see it in a window of another size as well.
    else if (!kept.read() && home.size && home.size !== size) return goHome();
    const next = text === home.text ? "" : text;
    if (next ? !saysSo(kept.read(), view.position) : kept.read()) kept.write(next);
  }

  function goHome(options) {
    home = { ...home, coming: true };
    view.goHome(options);
  }

  function restore(options) {
    const position = readView(kept.read());
    if (!position) return goHome(options);
    // Where the map comes to rest now is not its home, even if it was on its way there.
    home.coming = false;
    view.setPosition(position);
  }

  view.onMove(note);
  restore({ animate: false });
  return { restore };
}
