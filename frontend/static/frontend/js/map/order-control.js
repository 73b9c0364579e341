// The control of the order of the list.

/**
 * Return showOrder(order, {isSearch}), which shows the order in the <select>. onChange(order): users
 * chose another one. Only a search has a relevance.
 */
export function makeOrderControl(select, onChange) {
  const relevance = select.querySelector("[value=relevance]");
  const prominence = select.querySelector("[value=prominence]");
  select.addEventListener("change", () => onChange(select.value));
  return (order, { isSearch }) => {
    relevance.hidden = relevance.disabled = !isSearch;
    prominence.hidden = prominence.disabled = isSearch;
    select.value = order;
  };
}
