// The list of suggestions below the search box.

import { groupSymbol } from "../symbols.js";
import { fillIn } from "./product-labels.js";
import { whenKnown } from "./timers.js";

const STEPS = { ArrowDown: 1, ArrowUp: -1 };

/**
 * Make the input a combobox (WAI-ARIA: list autocomplete with manual selection).
 * find(text): returns suggestions, or a Promise of them; onChoose(suggestion).
 */
export function makeCombobox({ input, list, status }, { find, onChoose, texts }) {
  // The text whose suggestions are in the list; null while it is closed.
  let listedText = null;
  // The text whose list was closed with Escape; a timer must not open it again.
  let dismissedText = null;
  let suggestions = [];
  let active = -1;

  function render(found) {
    suggestions = found;
    active = -1;
    list.replaceChildren(...suggestions.map(option));
    list.hidden = suggestions.length === 0;
    input.setAttribute("aria-expanded", String(!list.hidden));
    input.removeAttribute("aria-activedescendant");
    const count = suggestions.length;
    status.textContent = count ? fillIn(texts.suggestions, { count }) : "";
  }

  /** Open the list; once for each text, so that the active suggestion stays active. */
  function show() {
    if (input.value === dismissedText || (listedText === input.value && !list.hidden)) return;
    dismissedText = null;
    listedText = input.value;
    renderFound(listedText);
  }

  function renderFound(text) {
    // While they were searched, users may have typed more.
    const shown = whenKnown(find(text), (found) => text === listedText && render(found));
    // Without a network there are none.
    if (shown instanceof Promise) shown.catch(() => text === listedText && render([]));
  }

  /** Find again, as products have been loaded; not while a suggestion is active. */
  function refresh() {
    if (listedText === input.value && active < 0) renderFound(listedText);
  }

  function close() {
    listedText = null;
    render([]);
  }

  function option({ label, kind, group, filter }, i) {
    const item = document.createElement("li");
    Object.assign(item, { id: `suggestion-${i}`, role: "option", className: "suggestion" });
    const kindElement = document.createElement("span");
    kindElement.className = "suggestion-kind";
    kindElement.textContent = ` – ${kind}`;
    const name = Object.assign(document.createElement("span"), { lang: "vi", textContent: label });
    item.append(filter === "product" ? groupSymbol(group) : "", name, kindElement);
    item.addEventListener("click", () => choose(i));
    return item;
  }

  function activate(i) {
    // Beyond either end, no suggestion is active.
    active = i < -1 ? suggestions.length - 1 : i >= suggestions.length ? -1 : i;
    for (const [n, item] of [...list.children].entries()) {
      item.setAttribute("aria-selected", n === active);
      if (n === active) item.scrollIntoView({ block: "nearest" });
    }
    if (active < 0) input.removeAttribute("aria-activedescendant");
    else input.setAttribute("aria-activedescendant", `suggestion-${active}`);
  }

  function choose(i) {
    const suggestion = suggestions[i];
    close();
    onChoose(suggestion);
  }

  input.addEventListener("keydown", (event) => {
    if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Enter" && active >= 0) choose(active);
    else if (event.key === "Escape" && !list.hidden) {
      dismissedText = input.value;
      close();
    } else if (STEPS[event.key]) {
      // The text may be newer than the list.
      dismissedText = null;
      show();
      activate(active + STEPS[event.key]);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });
  // The focus stays in the input while a finger chooses.
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  input.addEventListener("blur", close);
  return { show, refresh, close };
}
