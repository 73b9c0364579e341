// Where the map stands, kept in the address without a step of its own for Back.

import { readView, writeView } from "./state.js";

/**
 * Keep the position of the view in a text; box: the element of the map; kept: {read, write} of the
 * text, which is empty where the whole province is seen. Gives {goHome, restore}.
 */
export function keepPosition(view, box, kept) {
  // Where the whole province is seen in a map of that size; coming: the map is on its way there.
  let home = { text: "", size: "", coming: false };

  function note() {
    const position = readView(kept.read());
    // What was restored stays as it was written.
    if (position && view.isAt(position)) return;
    const text = writeView(view.position);
    const size = `${box.clientWidth} ${box.clientHeight}`;
    if (home.coming) home = { text, size, coming: false };
    // Whoever looks at all of it wants to see it in a window of another size as well.
    else if (!kept.read() && home.size && home.size !== size) return goHome();
    const next = text === home.text ? "" : text;
    if (next !== kept.read()) kept.write(next);
  }

  function goHome() {
    home = { ...home, coming: true };
    view.goHome();
  }

  function restore() {
    const position = readView(kept.read());
    if (position) view.setPosition(position);
    else goHome();
  }

  view.onMove(note);
  restore();
  return { goHome, restore };
}
