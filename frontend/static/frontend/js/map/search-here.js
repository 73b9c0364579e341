// The button that limits the list to the part of the map in view.

import { writeBox } from "./area.js";

/**
 * Show the button once users have moved the map away from what the list contains. Returns a function
 * that does so after a change of the state.
 * getState(): that of the page; its view is empty unless the map was moved. onSearch(box): users
 * pressed the button.
 */
export function makeSearchHere(button, view, { getState, onSearch }) {
  const show = () => {
    const { view: moved, area } = getState();
    button.hidden = !moved || area === writeBox(view.visibleBounds);
  };
  // After the address has got the position, see view-in-url.js.
  view.onMove(() => setTimeout(show));
  button.addEventListener("click", () => {
    button.hidden = true;
    onSearch(view.visibleBounds);
  });
  return show;
}
