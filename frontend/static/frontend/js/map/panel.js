// The panel in place of the list: one product, or all products at one spot.

import { fillIn } from "./product-labels.js";

/**
 * elements: {panel, content, backLabel, list, listParts, skipLink}; listParts are hidden while the
 * panel is open. createProduct(product), createSpot(products): return what the panel shows.
 */
export class Panel {
  #elements;
  #texts;
  #createProduct;
  #createSpot;
  #openedCode = "";
  // The product that the last call of show() replaced.
  #closedCode = "";

  constructor(elements, { texts, createProduct, createSpot }) {
    this.#elements = elements;
    this.#texts = texts;
    this.#createProduct = createProduct;
    this.#createSpot = createSpot;
  }

  get isOpen() {
    return !this.#elements.panel.hidden;
  }

  /** Show a product, or else the products at a spot, or else close the panel. */
  show({ product, spot }) {
    this.#closedCode = product ? "" : this.#openedCode;
    this.#openedCode = product?.id ?? "";
    const isOpen = Boolean(product) || spot.length > 0;
    const { panel, content, backLabel, listParts, skipLink } = this.#elements;
    content.replaceChildren(...this.#children(product, spot));
    backLabel.textContent =
      product && spot.length > 0
        ? fillIn(this.#texts.back_to_spot, { count: spot.length })
        : this.#texts.back_to_list;
    panel.hidden = !isOpen;
    for (const part of listParts) part.hidden = isOpen;
    skipLink.hash = isOpen ? "#chosen" : "#results";
  }

  /** Focus the link of the product that was closed, or else the heading. */
  focus() {
    const code = this.#closedCode;
    const place = this.isOpen ? this.#elements.panel : this.#elements.list;
    const link = code && place.querySelector(`[data-code="${code}"] a`);
    const target = link || place.querySelector("h2") || place;
    target.focus({ preventScroll: !code });
  }

  #children(product, spot) {
    if (product) return [this.#createProduct(product)];
    return spot.length > 0 ? [this.#createSpot(spot)] : [];
  }
}
