// The controls of the filters with their counts, and the chips of the active filters.

import { ANY_GOODS_RIGHT, ANY_RIGHT } from "./filters.js";
import { fillIn } from "./product-labels.js";
import { choices, keyOf, LISTS, PARAMETERS } from "./state.js";

/** The controls in the form; entries: see suggest.js. Returns {write, count, nameOf, addEntries}. */
export function makeControls(form, entries, texts) {
  const entryOf = new Map(entries.map((entry) => [`${entry.filter} ${entry.value}`, entry]));
  // With very many producers there is no list of them; the search box suggests them.
  const selects = ["right", "producer"]
    .map((key) => form.elements[PARAMETERS[key]])
    .filter(Boolean);
  const optionNames = new Map(
    selects.flatMap(({ options }) => [...options].map((option) => [option, option.text])),
  );
  const groups = [...form.querySelectorAll(".communes .options")];
  const panel = form.querySelector("#more-filters");
  const boxes = [...form.querySelectorAll(".option input")].filter(({ name }) =>
    LISTS.includes(keyOf(name)),
  );

  /** Show a state. */
  function write(state) {
    for (const box of boxes) box.checked = state[keyOf(box.name)].includes(box.value);
    for (const select of selects) select.value = state[keyOf(select.name)];
  }

  /**
   * Write the number of products beside each visible option; counts: see applyFilters(). To be called
   * again when the filters are opened: writing hundreds of hidden numbers delays the start.
   */
  function count(counts) {
    const isOpen = !panel.hidden;
    for (const box of boxes) {
      if (!isOpen && panel.contains(box)) continue;
      const number = counts[keyOf(box.name)][box.value] ?? 0;
      const option = box.parentElement;
      option.querySelector(".option-count").textContent = number;
      option.classList.toggle("option-empty", number === 0 && !box.checked);
      // "Not stated" and the many communes are hidden without products.
      if ("unclear" in option.dataset) option.hidden = number === 0 && !box.checked;
    }
    if (!isOpen) return;
    for (const group of groups) group.hidden = !group.querySelector(".option:not([hidden])");
    for (const [option, name] of optionNames) {
      const number = counts[keyOf(option.closest("select").name)][option.value] ?? 0;
      option.text = option.value ? `${name}: ${number}` : name;
    }
  }

  /** Return the name of a choice where it is shown without its control. */
  function nameOf(key, value) {
    const entry = entryOf.get(`${key} ${value}`);
    if (key === "query") return fillIn(texts.word, { q: value });
    if (key === "near") return texts.near;
    if (key === "area") return texts.in_view;
    if (key === "right" && value === ANY_RIGHT) return texts.any_protection;
    if (key === "right" && value === ANY_GOODS_RIGHT) return texts.any_goods_right;
    if (key === "right") return fillIn(texts.of_right, { name: entry?.label ?? value });
    if (key === "producer") return fillIn(texts.of_producer, { name: entry?.label ?? value });
    if (entry) return `${entry.label} (${entry.kind})`;
    const box = boxes.find((one) => one.name === PARAMETERS[key] && one.value === value);
    return box?.parentElement.querySelector(".option-name").textContent ?? value;
  }

  /** Add entries whose names nameOf() returns from now on. */
  function addEntries(more) {
    for (const entry of more) entryOf.set(`${entry.filter} ${entry.value}`, entry);
  }

  return { write, count, nameOf, addEntries };
}

/** Return the chips of a state's choices; onRemove(key, value), without arguments for all. */
export function makeChips(state, nameOf, texts, onRemove) {
  const chosen = choices(state);
  const chips = chosen.map(([key, value]) => {
    const name = nameOf(key, value);
    return makeChip(name, fillIn(texts.remove, { name }), () => onRemove(key, value));
  });
  if (chosen.length > 1) chips.push(makeChip(texts.clear, texts.clear, () => onRemove()));
  return chips;
}

function makeChip(text, label, onClick) {
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "chip", textContent: text });
  button.setAttribute("aria-label", label);
  button.addEventListener("click", onClick);
  const item = document.createElement("li");
  item.append(button);
  return item;
}
