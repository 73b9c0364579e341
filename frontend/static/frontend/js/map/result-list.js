// The list of results, the count above it, and the chips of the active filters.

import { whenKnown } from "./timers.js";

// More products than this are not printed.
const MAX_PRINTED = 2_000;

/**
 * elements: {count, chips, activeFilters, list, more}; createItem(product): returns a list item.
 * pageSize: items that are displayed before users scroll to the end or request more.
 * withDetails(products): see WholeData. takeOver(products): whether the list that came with the page is
 * used for them, see takeOverItems().
 */
export class ResultList {
  #elements;
  #createItem;
  #products = null;
  #createEmptyText;
  #pageSize;
  #withDetails;
  #takeOver;
  // Whether the list is the one that came with the page.
  #isServed = true;
  #onProblem;
  // Items in the list.
  #shown = 0;
  // Of the request for the next items, null when none is under way.
  #loading = null;
  #initialCount;

  /** onProblem(retry): products could not be loaded. */
  constructor(
    elements,
    {
      createItem,
      pageSize = 100,
      withDetails = (products) => products,
      takeOver = () => false,
      onProblem,
    },
  ) {
    this.#elements = elements;
    this.#createItem = createItem;
    this.#pageSize = pageSize;
    this.#withDetails = withDetails;
    this.#takeOver = takeOver;
    this.#onProblem = onProblem;
    this.#initialCount = elements.count.textContent;
    elements.more.addEventListener("click", () => this.showMore());
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
    this.showFirst();
  }

  /** Show all products, for printing. */
  showAll() {
    if (this.#products?.length <= MAX_PRINTED) this.#render(0, Number.POSITIVE_INFINITY);
  }

  showFirst() {
    this.#render(0, this.#pageSize);
  }

  /** Show the next products below those that are displayed. */
  showMore() {
    if (!this.#loading) this.#render(this.#shown, this.#shown + this.#pageSize);
  }

  /** Show the chips, and the number of active filters beside the button of the filters. */
  showChips(chips, filterCount) {
    this.#elements.chips.hidden = chips.length === 0;
    this.#elements.chips.replaceChildren(...chips);
    this.#elements.activeFilters.textContent = filterCount ? `(${filterCount})` : "";
  }

  /** Show the products up to a number, and leave the first ones as they are. */
  #render(first, limit) {
    const products = this.#products;
    // Before the products are loaded, the list is the one that came with the page.
    if (!products) return;
    const loading = {};
    this.#loading = loading;
    // While they were loaded, users may have changed the filters.
    const isCurrent = () => loading === this.#loading;
    const finish = () => {
      this.#loading = null;
      this.#shown = limit;
      this.#finish();
    };
    const part = products.slice(first, limit);
    const isServed = this.#isServed && this.#takeOver(part);
    this.#isServed = false;
    if (isServed) return finish();
    const shown = whenKnown(this.#withDetails(part), (found) => {
      if (!isCurrent()) return;
      this.#show(found, first);
      finish();
    });
    if (!(shown instanceof Promise)) return;
    shown.catch(() => {
      if (!isCurrent()) return;
      this.#loading = null;
      this.#onProblem(() => this.#render(first, limit));
    });
  }

  #show(shown, first) {
    const { list } = this.#elements;
    const items = shown.map(this.#createItem);
    if (first > 0) list.append(...items);
    else list.replaceChildren(...items);
    if (this.#products.length > 0) return;
    const item = document.createElement("li");
    Object.assign(item, { className: "nothing", textContent: this.#createEmptyText() });
    list.append(item);
  }

  /** Show what the script adds to the items. */
  #finish() {
    const { list, more } = this.#elements;
    list.classList.add("is-live");
    more.hidden = this.#products.length <= this.#shown;
  }
}
