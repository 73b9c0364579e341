// The list that came with the page: its items are used as they are. To make them again took a slow
// phone longer than everything else of the list.

/**
 * Use the items of a list for these products if the server made them for the same products in the same
 * order; returns whether it did. onOpen(product), onShowOnMap(product): see createItem().
 */
export function takeOverItems(list, products, { onOpen, onShowOnMap }) {
  const items = [...list.children];
  const isSame = items.every((item, i) => item.dataset.code === products[i]?.id);
  if (items.length === 0 || items.length !== products.length || !isSame) return false;
  const served = new Map(items.map((item, i) => [item, products[i]]));
  // One listener for all. Items that replace these have their own.
  list.addEventListener("click", (event) => {
    const product = served.get(event.target.closest(".item"));
    if (!product) return;
    if (event.target.closest("[data-field=show]")) onShowOnMap(product);
    else if (event.target.closest("[data-field=link]") && isPlain(event)) {
      event.preventDefault();
      onOpen(product);
    }
  });
  return true;
}

/** Whether a click is one without keys that open a new tab or window. */
export function isPlain({ ctrlKey, metaKey, shiftKey, altKey }) {
  return !(ctrlKey || metaKey || shiftKey || altKey);
}
