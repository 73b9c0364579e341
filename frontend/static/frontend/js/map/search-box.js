// The search box: its text, its clear button and its suggestions.

// Milliseconds between the last letter and the search.
const TYPING_PAUSE = 120;

/** The search box. onSearch(text): called after a pause in typing, and on Enter. */
export class SearchBox {
  #input;
  #clearButton;
  #combobox;
  #timers;
  #onSearch;
  // The query of the state that the box contains.
  #query = "";

  /** timers: Timers; combobox: see makeCombobox(). */
  constructor({ input, clearButton, combobox, timers, onSearch }) {
    this.#input = input;
    this.#clearButton = clearButton;
    this.#combobox = combobox;
    this.#timers = timers;
    this.#onSearch = onSearch;
    clearButton.addEventListener("click", () => this.clear());
  }

  get text() {
    return this.#input.value;
  }

  set text(text) {
    this.#input.value = text;
  }

  /** Show the query of a state; only a new one, so that letters typed meanwhile are not lost. */
  write(query) {
    if (query !== this.#query) {
      this.#query = query;
      this.text = query;
    }
    this.#clearButton.hidden = this.text === "";
  }

  /** To be called after each letter. */
  onInput() {
    this.#clearButton.hidden = this.text === "";
    this.#timers.start("typing", TYPING_PAUSE, () => {
      if (document.activeElement === this.#input) this.#combobox.show();
      // In a task of its own: the next letter must not wait for the list.
      this.#timers.start("search", 0, () => this.#search());
    });
  }

  /** Search without waiting for a pause in typing. */
  submit() {
    this.#timers.cancel("typing");
    this.#search();
    this.#input.blur();
  }

  clear() {
    this.text = "";
    this.#combobox.close();
    this.#search();
    this.#clearButton.hidden = true;
    this.focus();
  }

  focus(options) {
    this.#input.focus(options);
  }

  refreshSuggestions() {
    this.#combobox.refresh();
  }

  #search() {
    this.#query = this.text.trim();
    this.#onSearch(this.#query);
  }
}
