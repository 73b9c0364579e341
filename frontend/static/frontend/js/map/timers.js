/** Timers by name; starting one again replaces it. */
export class Timers {
  #timers = new Map();

  /** Call the action after this many milliseconds, unless the name is started again or cancelled. */
  start(name, milliseconds, action) {
    this.cancel(name);
    this.#timers.set(name, setTimeout(action, milliseconds));
  }

  cancel(name) {
    clearTimeout(this.#timers.get(name));
  }
}

/**
 * Return what the action returns for a value that may be a Promise: at once if it is none, so that
 * what is there is displayed without a delay.
 */
export function whenKnown(value, action) {
  return value instanceof Promise ? value.then(action) : action(value);
}

/** Return a Promise that is fulfilled in a later task, after the browser has handled input. */
export function yieldToBrowser() {
  return new Promise((resolve) => setTimeout(resolve));
}
