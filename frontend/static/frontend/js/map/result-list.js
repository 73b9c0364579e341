// The list of results, the count above it, and the chips of the active filters.

// Items displayed before users request more.
const PAGE = 100;

/** elements: {count, chips, activeFilters, list, more}; createItem(product): returns a list item. */
export class ResultList {
  #elements;
  #createItem;
  #products = null;
  #createEmptyText;
  #limit = PAGE;
  #initialCount;

  constructor(elements, { createItem }) {
    this.#elements = elements;
    this.#createItem = createItem;
    this.#initialCount = elements.count.textContent;
    elements.more.addEventListener("click", () => this.#render(this.#limit + PAGE));
  }

  setCount(text) {
    this.#elements.count.textContent = text;
  }

  /** Show the count that came with the page. */
  resetCount() {
    this.setCount(this.#initialCount);
  }

  /** Show the first of these products; createEmptyText(): called if there are none. */
  show(products, createEmptyText) {
    this.#products = products;
    this.#createEmptyText = createEmptyText;
    this.#render(PAGE);
  }

  /** Show all products, for printing. */
  showAll() {
    this.#render(Number.POSITIVE_INFINITY);
  }

  showFirst() {
    this.#render(PAGE);
  }

  /** Show the chips, and the number of active filters beside the button of the filters. */
  showChips(chips, filterCount) {
    this.#elements.chips.hidden = chips.length === 0;
    this.#elements.chips.replaceChildren(...chips);
    this.#elements.activeFilters.textContent = filterCount ? `(${filterCount})` : "";
  }

  #render(limit) {
    // Before the products are loaded, the list is the one that came with the page.
    if (!this.#products) return;
    this.#limit = limit;
    const { list, more } = this.#elements;
    list.replaceChildren(...this.#products.slice(0, limit).map(this.#createItem));
    more.hidden = this.#products.length <= limit;
    if (this.#products.length > 0) return;
    const item = document.createElement("li");
    Object.assign(item, { className: "nothing", textContent: this.#createEmptyText() });
    list.append(item);
  }
}
