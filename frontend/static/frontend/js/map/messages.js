// Short notices and failures of loading.

// Milliseconds after which a notice is removed.
const NOTICE = 8_000;

/** Return a function that shows a text for a while. */
export function makeNotice(element, timers) {
  return (text) => {
    element.textContent = text;
    timers.start("notice", NOTICE, () => {
      element.textContent = "";
    });
  };
}

/** The parts of the page that could not be loaded; one button retries all of them. */
export class Problems {
  #element;
  #problems = new Map();

  constructor(element) {
    this.#element = element;
    element.querySelector("button").addEventListener("click", () => this.#retryAll());
  }

  /** Show that a part failed, and what the button does; without a text the part has loaded. */
  set(part, text, retry) {
    this.#problems.delete(part);
    if (text) this.#problems.set(part, { text, retry });
    const problem = mainProblem(this.#problems);
    this.#element.querySelector("p").textContent = problem?.text ?? "";
    this.#element.hidden = !problem;
  }

  #retryAll() {
    const problems = [...this.#problems.values()];
    this.#problems.clear();
    this.#element.hidden = true;
    for (const { retry } of problems) retry();
  }
}

/** Return the problem to show: products are more important than all other parts, else the last. */
function mainProblem(problems) {
  return problems.get("products") ?? [...problems.values()].at(-1);
}
