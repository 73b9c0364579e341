// The controls of the filters, the number behind each choice, and the chips of those that are on.

import { ANY_PROTECTION } from "./filters.js";
import { choices, LISTS } from "./state.js";
import { fill } from "./words.js";

/** The controls in the form; entries: see suggest.js. Gives {write, count, nameOf}. */
export function makeControls(form, entries, texts) {
  const entryOf = new Map(entries.map((entry) => [`${entry.name} ${entry.value}`, entry]));
  const selects = ["bao-ho", "chu-the"].map((name) => form.querySelector(`#${name}`));
  const names = new Map(selects.flatMap(({ options }) => [...options].map((o) => [o, o.text])));
  const groups = [...form.querySelectorAll(".communes .options")];
  const boxes = [...form.querySelectorAll(".option input")].filter(({ name }) =>
    LISTS.includes(name),
  );

  /** Show a state. */
  function write(state) {
    for (const input of boxes) input.checked = state[input.name].includes(input.value);
    for (const select of selects) select.value = state[select.name];
  }

  /** Write behind each choice how many products it would show; see choose() in filters.js. */
  function count(counts) {
    for (const input of boxes) {
      const found = counts[input.name][input.value] ?? 0;
      const root = input.parentElement;
      root.querySelector(".option-count").textContent = found;
      root.classList.toggle("option-empty", found === 0 && !input.checked);
      // "Unclear" and the many communes are choices only where there is something to choose.
      if ("unclear" in root.dataset) root.hidden = found === 0 && !input.checked;
    }
    for (const group of groups) group.hidden = !group.querySelector(".option:not([hidden])");
    for (const [item, name] of names) {
      const found = counts[item.parentElement.closest("select").name][item.value] ?? 0;
      item.text = item.value ? `${name}: ${found}` : name;
    }
  }

  /** What a choice is called where it stands alone. */
  function nameOf(name, value) {
    const entry = entryOf.get(`${name} ${value}`);
    if (name === "q") return fill(texts.word, { q: value });
    if (name === "gan") return texts.near;
    if (name === "bao-ho" && value === ANY_PROTECTION) return texts.any_protection;
    if (name === "bao-ho") return fill(texts.in_area, { name: entry?.label ?? value });
    if (name === "chu-the") return fill(texts.of_producer, { name: entry?.label ?? value });
    if (entry) return `${entry.label} (${entry.kind})`;
    const input = boxes.find((one) => one.name === name && one.value === value);
    return input?.parentElement.querySelector(".option-name").textContent ?? value;
  }

  return { write, count, nameOf };
}

/** The chips of a state's choices; onRemove gets a choice, or nothing for all of them. */
export function chipsOf(state, nameOf, texts, onRemove) {
  const chosen = choices(state);
  const chips = chosen.map(([name, value]) => {
    const label = nameOf(name, value);
    return chip(label, fill(texts.remove, { name: label }), () => onRemove(name, value));
  });
  if (chosen.length > 1) chips.push(chip(texts.clear, texts.clear, () => onRemove()));
  return chips;
}

function chip(text, label, onClick) {
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "chip", textContent: text });
  button.setAttribute("aria-label", label);
  button.addEventListener("click", onClick);
  const item = document.createElement("li");
  item.append(button);
  return item;
}
