// The current state of the map page, in memory and in the address of the page.

import { readState, writeState } from "./state.js";

/** Holds the state and writes it to the address. location, history: those of the window. */
export class Store {
  #location;
  #history;
  #state;
  #isTyping = false;

  constructor({ location, history }) {
    this.#location = location;
    this.#history = history;
    this.#state = this.readAddress();
  }

  get state() {
    return this.#state;
  }

  /** Return the state in the address, which differs from `state` after popstate. */
  readAddress() {
    return readState(this.#location.search);
  }

  /**
   * Set the state; returns the previous one. mode: "push" for a step of its own in the browser's
   * history, "replace" for none, "none" if the address contains the state already.
   */
  set(next, mode = "push") {
    const previous = this.#state;
    this.#state = next;
    const search = writeState(next);
    if (mode !== "none" && search !== writeState(previous)) {
      this.#history[`${mode}State`](null, "", search || this.#location.pathname);
    }
    this.#isTyping &&= mode === "replace";
    return previous;
  }

  /** Set the state while users type: all letters of one word are one step in the history. */
  setWhileTyping(next) {
    const previous = this.set(next, this.typingMode);
    this.#isTyping = true;
    return previous;
  }

  /** The mode for a change that replaces what users are typing, see set(). */
  get typingMode() {
    return this.#isTyping ? "replace" : "push";
  }

  endTyping() {
    this.#isTyping = false;
  }
}
