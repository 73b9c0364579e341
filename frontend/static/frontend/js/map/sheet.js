// The bottom sheet of narrow screens, which has three heights; on wide screens it is a panel.

const STOPS = ["peek", "half", "full"];
// Pixels that a finger moves before a tap becomes a drag.
const DRAG_THRESHOLD = 6;
// What covers the map, in pixels: on narrow screens the search box and the sheet.
const COVERED_BY_SEARCH = { top: 72, right: 8, left: 8 };
// The buttons on the map, below the search box or at the top; a popup must not lie under them.
const BUTTONS = 56;
// The credits at the lower edge.
const CREDITS = 28;
// The heights of the sheet; in map-page.css too.
const PEEK_HEIGHT = 336;
const PEEK_SHARE = 0.42;
const HALF_SHARE = 0.56;
const MARGIN = 12;

/**
 * Make the element a sheet. isNarrow(): whether the screen is narrow; onStop(): the height changed.
 * Returns {stop(name?), stopIfNarrow(name)}, which return or set the current height.
 */
export function makeSheet(sheet, handle, { texts, isNarrow, onStop }) {
  let drag = null;

  function stop(name) {
    if (!name) return sheet.dataset.stop;
    sheet.dataset.stop = name;
    sheet.style.height = "";
    handle.querySelector("span").textContent = texts[`sheet_${name}`];
    handle.setAttribute("aria-expanded", String(name !== "peek"));
    onStop();
    return name;
  }

  function stopIfNarrow(name) {
    if (isNarrow()) stop(name);
  }

  handle.addEventListener("click", (event) => {
    // A drag ends with a click too; a click with the keyboard has detail 0.
    if (drag?.isMoved && event.detail > 0) return;
    stop(STOPS[(STOPS.indexOf(stop()) + 1) % STOPS.length]);
  });
  handle.addEventListener("pointerdown", (event) => {
    drag = { from: event.clientY, height: sheet.offsetHeight, isMoved: false };
    handle.setPointerCapture(event.pointerId);
  });
  handle.addEventListener("pointermove", (event) => {
    if (!drag || !handle.hasPointerCapture(event.pointerId)) return;
    const distance = drag.from - event.clientY;
    drag.isMoved ||= Math.abs(distance) > DRAG_THRESHOLD;
    if (!drag.isMoved) return;
    sheet.classList.add("dragging");
    sheet.style.height = `${drag.height + distance}px`;
  });
  for (const end of ["pointerup", "pointercancel"]) {
    handle.addEventListener(end, () => {
      if (!drag?.isMoved) return;
      sheet.classList.remove("dragging");
      stop(nearestStop(sheet.offsetHeight / window.innerHeight));
    });
  }
  stop(stop());
  return { stop, stopIfNarrow };
}

/** Return the stop for a sheet that covers this share of the screen. */
export function nearestStop(share) {
  if (share < 0.47) return "peek";
  return share < 0.72 ? "half" : "full";
}

/**
 * Return how many pixels at each side of the map are covered: {top, right, bottom, left}, and
 * popupTop: by buttons as well, which may cover a corner of an area but not a popup.
 */
export function mapPadding({ isNarrow, stop, windowHeight }) {
  if (!isNarrow) {
    const sides = { top: MARGIN, right: MARGIN, bottom: CREDITS + MARGIN, left: MARGIN };
    return { ...sides, popupTop: MARGIN + BUTTONS };
  }
  const peek = Math.min(PEEK_HEIGHT, PEEK_SHARE * windowHeight);
  const covered = Math.round(stop === "peek" ? peek : HALF_SHARE * windowHeight);
  const popupTop = COVERED_BY_SEARCH.top + BUTTONS;
  return { ...COVERED_BY_SEARCH, bottom: covered + MARGIN, popupTop };
}
