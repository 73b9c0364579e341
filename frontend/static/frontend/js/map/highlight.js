// The item of the list that has the pointer or the focus, for its marker on the map.

/**
 * Call back with the code of the item in a list that is pointed at or has the focus, and with "" when
 * none is. A finger points at nothing: it scrolls.
 */
export function highlightFrom(list, callback) {
  const codeOf = (target) => target?.closest?.("[data-code]")?.dataset.code ?? "";
  let focused = "";
  list.addEventListener("pointerover", ({ target, pointerType }) => {
    if (pointerType !== "touch") callback(codeOf(target) || focused);
  });
  list.addEventListener("pointerleave", () => callback(focused));
  list.addEventListener("focusin", ({ target }) => {
    focused = codeOf(target);
    callback(focused);
  });
  list.addEventListener("focusout", () => {
    focused = "";
    callback("");
  });
}
