// The position of the map, written to the address without a step of its own in the history.

import { readView, writeView } from "./state.js";

// The closest zoom at which the map shows results: a place among its neighbours.
const RESULTS_ZOOM = 12;

/** Whether the text is the position to one pixel; a new size of the map may shift it that much. */
function isSamePosition(text, { zoom, at }) {
  const written = readView(text);
  const pixel = 360 / 256 / 2 ** zoom;
  const isNear = (degrees, i) => Math.abs(degrees - at[i]) <= pixel;
  return written !== null && Math.abs(written.zoom - zoom) < 0.1 && written.at.every(isNear);
}

/**
 * Move the view to the position in the address, and write the position when the view has moved.
 * box: the element of the map. address: {read, write} the text, "" for the default view: the results,
 * see getBox(), or the whole province. getBox(): [west, south, east, north], or null.
 * Returns {restore, showDefault}: restore() moves the view to the position in the address again,
 * showDefault() to the default view.
 */
export function keepViewInUrl(view, box, address, getBox = () => null) {
  // Position and size of the map when it shows the default view; isMoving: on the way there.
  let home = { text: "", size: "", isMoving: false };
  // The position that shows the whole province, also while the default view is another one.
  let whole = "";

  function onMove() {
    const text = writeView(view.position);
    const size = `${box.clientWidth} ${box.clientHeight}`;
    if (home.isMoving) {
      home = { text, size, isMoving: false };
      if (!getBox()) whole = text;
    }
    // A map that showed the default view also shows it at another size of the window.
    else if (!address.read() && home.size && home.size !== size) return showDefault();
    const next = text === home.text || text === whole ? "" : text;
    const isOutdated = next ? !isSamePosition(address.read(), view.position) : address.read();
    if (isOutdated) address.write(next);
  }

  function showDefault(options) {
    home = { ...home, isMoving: true };
    const shown = getBox();
    if (shown) view.fit(shown, { maxZoom: RESULTS_ZOOM, ...options });
    else view.goHome(options);
  }

  function restore(options) {
    const position = readView(address.read());
    if (!position) return showDefault(options);
    // A movement to the whole province that has not ended does not end there.
    home.isMoving = false;
    view.setPosition(position);
  }

  view.onMove(onMove);
  restore({ animate: false });
  return { restore, showDefault };
}
