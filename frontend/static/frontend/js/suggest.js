// What the search box suggests while people type: products, producers, rights, places then and now.

import { fold } from "#geodata/js/fold.js";
import { isSimilar, search } from "./search.js";
import { sign } from "./signs.js";
import { fill, placeWords } from "./words.js";

// Letters from which on there is something to suggest.
const ENOUGH = 2;
const MOST = 8;
const MOST_OF_A_KIND = 4;
// Where the name fits equally well, in this order; the last are products.
const KINDS = ["huyen", "xa", "xa-cu", "bao-ho", "chu-the", "chon"];
// Ranks of what was not found by its name; others are below ten.
const BESIDE = 10;
const TYPO = 20;
const TYPO_BESIDE = 30;

/**
 * The places, rights and producers of the page's index (frontend/map_page.py): {name, value,
 * label, kind, key, text, …}; name and value are the choice that each stands for.
 */
export function entriesOf(index, texts) {
  const units = (name, words) =>
    index[name].map(([value, label, kind, box]) => {
      const said = index.kinds[kind];
      const shown = fill(words, { kind: said, day: index.changed });
      return entry({ name, value, label, kind: shown, box }, `${kind} ${said}`);
    });
  return [
    ...units("huyen", texts.unit_then),
    ...units("xa", texts.unit_now),
    ...units("xa-cu", texts.unit_then),
    ...index["bao-ho"].map(([value, label, kind, isDrawn, stage]) => {
      const said = [index.rights[kind], stage].filter(Boolean).join(", ");
      return entry({ name: "bao-ho", value, label, kind: said, isDrawn }, index.rights[kind]);
    }),
    ...index["chu-the"].map(([value, label, count]) =>
      entry({ name: "chu-the", value, label, kind: texts.producer, count }),
    ),
  ];
}

function entry(one, also = "") {
  const key = fold(one.label);
  return { ...one, key, text: `${key} ${fold(also)}` };
}

/** The page of a record, from the address that a record with the code A-0 and the name x has. */
export function pageFor(pattern, code, name) {
  return pattern.replace("A-0-x", `${code}-${fold(name).replaceAll(" ", "-")}`);
}

/** The best few of entries and products for what is typed; products must come sorted by name. */
export function suggestionsFor(entries, products, asked, texts) {
  const wanted = fold(asked);
  if (wanted.length < ENOUGH) return [];
  // By rank and kind; a pass over 20,000 products must not sort them.
  const ranked = new Map();
  for (const found of [...search(entries, asked), ...search(products, asked)]) {
    const place = 10 * rank(found, wanted) + KINDS.indexOf(found.name ?? "chon");
    const beside = ranked.get(place) ?? [];
    if (beside.length < MOST_OF_A_KIND) ranked.set(place, [...beside, found]);
  }
  const best = [...ranked].sort(([a], [b]) => a - b);
  // What only stands in the place of that name is the list's business, unless there is no more.
  const sort = ([place]) => Math.floor(place / 100);
  const taken = {};
  return best
    .filter((one) => sort(one) === sort(best[0]))
    .flatMap(([, found]) => found)
    .filter(({ name = "chon" }) => {
      taken[name] = (taken[name] ?? 0) + 1;
      return taken[name] <= MOST_OF_A_KIND;
    })
    .slice(0, MOST)
    .map((found) => (found.name ? found : ofProduct(found, texts)));
}

/** How well the name fits, 0 best. */
function rank({ key, name, text }, wanted) {
  const words = wanted.split(" ");
  const inAll = (test) => words.every(test);
  if (key === wanted) return 0;
  if (key.startsWith(wanted)) return 1;
  if (inAll((word) => ` ${key}`.includes(` ${word}`))) return 2;
  if (inAll((word) => (name ? text : key).includes(word))) return 3;
  if (inAll((word) => text.includes(word))) return BESIDE;
  return name || isSimilar(wanted, key) ? TYPO : TYPO_BESIDE;
}

function ofProduct({ id, properties }, texts) {
  const kind = fill(texts.product_in, { place: placeWords(properties, texts) });
  const { name, category_code } = properties;
  return { name: "chon", value: id, label: name, kind, group: category_code };
}

/**
 * Make the input a combobox (WAI-ARIA: list autocomplete, manual selection).
 * find: text → suggestions; onChoose gets the one that was chosen.
 */
export function makeCombobox({ input, list, status }, { find, onChoose, texts }) {
  // What the list is an answer to; null while it is closed.
  let asked = null;
  // The text whose list was closed by Escape; a timer that still runs must not open it again.
  let dismissed = null;
  let found = [];
  let active = -1;

  function suggest(some) {
    found = some;
    active = -1;
    list.replaceChildren(...found.map(option));
    list.hidden = found.length === 0;
    input.setAttribute("aria-expanded", String(!list.hidden));
    input.removeAttribute("aria-activedescendant");
    status.textContent = found.length ? fill(texts.suggestions, { count: found.length }) : "";
  }
  /** Once for each text: who has already gone down the list stays there. */
  function show() {
    if (input.value === dismissed || (asked === input.value && !list.hidden)) return;
    dismissed = null;
    asked = input.value;
    suggest(find(asked));
  }
  /** There is more to find by now; who has already gone down the list keeps it. */
  function refresh() {
    if (asked === input.value && active < 0) suggest(find(asked));
  }
  function close() {
    asked = null;
    suggest([]);
  }

  function option({ label, kind, group, name }, i) {
    const item = document.createElement("li");
    Object.assign(item, { id: `suggestion-${i}`, role: "option", className: "suggestion" });
    const what = document.createElement("span");
    what.className = "suggestion-kind";
    what.textContent = ` – ${kind}`;
    const called = Object.assign(document.createElement("span"), {
      lang: "vi",
      textContent: label,
    });
    item.append(name === "chon" ? sign(group) : "", called, what);
    item.addEventListener("click", () => choose(i));
    return item;
  }

  function activate(i) {
    // One step beyond either end is the text itself.
    active = i < -1 ? found.length - 1 : i >= found.length ? -1 : i;
    for (const [n, item] of [...list.children].entries()) {
      item.setAttribute("aria-selected", n === active);
      if (n === active) item.scrollIntoView({ block: "nearest" });
    }
    if (active < 0) input.removeAttribute("aria-activedescendant");
    else input.setAttribute("aria-activedescendant", `suggestion-${active}`);
  }

  function choose(i) {
    const chosen = found[i];
    close();
    onChoose(chosen);
  }

  const STEPS = { ArrowDown: 1, ArrowUp: -1 };
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Enter" && active >= 0) choose(active);
    else if (event.key === "Escape" && !list.hidden) {
      dismissed = input.value;
      close();
    } else if (STEPS[event.key]) {
      // Letters may be newer than the list.
      dismissed = null;
      show();
      activate(active + STEPS[event.key]);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });
  // The focus stays in the text while a finger chooses.
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  input.addEventListener("blur", close);
  return { show, refresh, close };
}
