// Moving an item of a list with a finger, pen or mouse.

// Pixels at the edges of the window in which a drag scrolls the page, and by how much.
const EDGE = 72;
const STEP = 12;

/**
 * Let users drag the items of a list by the elements that match `handle`; onDrop(item): an item has
 * another place in the list. The keyboard needs other controls.
 */
export function makeSortable(list, handle, onDrop) {
  let dragged = null;
  let order = "";

  const orderOf = () => [...list.children].map((item) => item.dataset.key).join();

  list.addEventListener("pointerdown", (event) => {
    const grip = event.target.closest(handle);
    if (!grip || event.button !== 0) return;
    event.preventDefault();
    dragged = grip.closest("li");
    order = orderOf();
    grip.setPointerCapture(event.pointerId);
    dragged.classList.add("dragging");
  });
  list.addEventListener("pointermove", (event) => {
    if (!dragged) return;
    if (event.clientY < EDGE) scrollBy(0, -STEP);
    else if (event.clientY > innerHeight - EDGE) scrollBy(0, STEP);
    // The neighbour moves, not the dragged item: an element that is moved loses the pointer.
    const { previousElementSibling: before, nextElementSibling: after } = dragged;
    if (before && event.clientY < middleOf(before)) dragged.after(before);
    else if (after && event.clientY > middleOf(after)) dragged.before(after);
  });
  for (const end of ["pointerup", "pointercancel"]) {
    list.addEventListener(end, () => {
      if (!dragged) return;
      const item = dragged;
      item.classList.remove("dragging");
      dragged = null;
      if (orderOf() !== order) onDrop(item);
    });
  }
}

function middleOf(element) {
  const { top, height } = element.getBoundingClientRect();
  return top + height / 2;
}
