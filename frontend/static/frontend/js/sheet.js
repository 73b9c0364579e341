// The bottom sheet of narrow screens, with three stops; on wide ones it is a plain panel.

const STOPS = ["peek", "half", "full"];
// Pixels that a finger moves before it is a drag and no tap.
const SLOP = 6;

/** Make the element a sheet; gives {stop(name?)} to read or set where it stands. */
export function makeSheet(sheet, handle, texts, onStop = () => {}) {
  let drag = null;

  function stop(name) {
    if (!name) return sheet.dataset.stop;
    sheet.dataset.stop = name;
    sheet.style.height = "";
    handle.querySelector("span").textContent = texts[`sheet_${name}`];
    handle.setAttribute("aria-expanded", String(name !== "peek"));
    onStop(name);
    return name;
  }

  handle.addEventListener("click", (event) => {
    // The end of a drag; a click without a pointer (detail 0) is a key's.
    if (drag?.moved && event.detail > 0) return;
    stop(STOPS[(STOPS.indexOf(stop()) + 1) % STOPS.length]);
  });
  handle.addEventListener("pointerdown", (event) => {
    drag = { from: event.clientY, height: sheet.offsetHeight, moved: false };
    handle.setPointerCapture(event.pointerId);
  });
  handle.addEventListener("pointermove", (event) => {
    if (!drag || !handle.hasPointerCapture(event.pointerId)) return;
    const moved = drag.from - event.clientY;
    drag.moved ||= Math.abs(moved) > SLOP;
    if (!drag.moved) return;
    sheet.classList.add("dragging");
    sheet.style.height = `${drag.height + moved}px`;
  });
  for (const end of ["pointerup", "pointercancel"]) {
    handle.addEventListener(end, () => {
      if (!drag?.moved) return;
      sheet.classList.remove("dragging");
      stop(nearestStop(sheet.offsetHeight / window.innerHeight));
    });
  }
  stop(stop());
  return { stop };
}

/** The stop for a sheet that covers that share of the screen. */
export function nearestStop(share) {
  if (share < 0.3) return "peek";
  return share < 0.68 ? "half" : "full";
}
