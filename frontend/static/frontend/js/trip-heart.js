// The heart of a card: <trip-heart item="products:MAU-SP-001" label="Mật nho"></trip-heart>. It saves
// the record in the trip, and removes it. The link to the trip in the header has the texts; where it
// is not, as on the map embedded in another site, the hearts are empty.

import { MAX_STOPS } from "./trip/fragment.js";
import { TripStore } from "./trip-store.js";

const HEART = "M12 20.5 4.3 12.9a5 5 0 0 1 7.1-7.1l.6.6.6-.6a5 5 0 0 1 7.1 7.1z";
const MESSAGE_TIME = 8_000;
const store = new TripStore();
const hearts = new Set();
const link = document.getElementById("trip-link");
const message = document.getElementById("trip-message");
let timer = 0;

class TripHeart extends HTMLElement {
  static observedAttributes = ["item", "label"];
  #button = null;

  connectedCallback() {
    hearts.add(this);
    this.show();
  }

  disconnectedCallback() {
    hearts.delete(this);
  }

  attributeChangedCallback() {
    if (this.isConnected) this.show();
  }

  /** Show whether the record is in the trip. */
  show() {
    const item = this.getAttribute("item");
    if (!link || !item) return;
    this.#button ??= this.#makeButton();
    const isSaved = store.has(item);
    const { save, remove } = link.dataset;
    const name = this.getAttribute("label");
    const text = isSaved ? remove : save;
    this.#button.title = text;
    this.#button.setAttribute("aria-pressed", String(isSaved));
    this.#button.setAttribute("aria-label", name ? `${text}: ${name}` : text);
  }

  #makeButton() {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "icon-button heart" });
    const icon = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    icon.setAttribute("viewBox", "0 0 24 24");
    icon.setAttribute("aria-hidden", "true");
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    path.setAttribute("d", HEART);
    icon.append(path);
    button.append(icon);
    button.addEventListener("click", (event) => {
      event.stopPropagation();
      this.#toggle();
    });
    this.append(button);
    return button;
  }

  #toggle() {
    const item = this.getAttribute("item");
    const problem = store.has(item) ? store.remove(item) : store.add(item);
    showMessage(problem ? link.dataset[problem].replace("{count}", MAX_STOPS) : "");
  }
}

function showMessage(text) {
  message.textContent = text;
  clearTimeout(timer);
  timer = setTimeout(() => {
    message.textContent = "";
  }, MESSAGE_TIME);
}

function showCount() {
  const count = link.querySelector("[data-count]");
  const { length } = store.keys;
  count.textContent = length || "";
  count.hidden = length === 0;
}

/** Make the hearts of the page, and show the number of stops beside the link to the trip. */
export function showHearts() {
  if (!link) return;
  customElements.define("trip-heart", TripHeart);
  store.onChange(() => {
    showCount();
    for (const heart of hearts) heart.show();
  });
  showCount();
}
