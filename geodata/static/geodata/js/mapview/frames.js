// Drawing in slices, one per animation frame.

// Milliseconds of drawing per frame. Layout and paint of what was drawn take several times as long.
const SLICE = 2;

/**
 * Two lists of steps (functions) that run in slices, so that the browser answers input in between:
 * first the urgent ones, then the others in their order. When no step is left, onIdle() is called
 * once for each request.
 */
export class FrameQueue {
  #urgent = [];
  #steps = [];
  #frame = 0;
  #onIdle;
  #requestFrame;
  #cancelFrame;
  #now;

  constructor(
    onIdle,
    {
      requestFrame = (callback) => requestAnimationFrame(callback),
      cancelFrame = (frame) => cancelAnimationFrame(frame),
      now = () => performance.now(),
    } = {},
  ) {
    this.#onIdle = onIdle;
    this.#requestFrame = requestFrame;
    this.#cancelFrame = cancelFrame;
    this.#now = now;
  }

  /** Replace the urgent steps that have not run yet. */
  setUrgent(steps) {
    this.#urgent = [...steps];
  }

  /** Run the first slice of the urgent steps without waiting for a frame. */
  runUrgent() {
    this.#runSlice(this.#urgent);
  }

  /** Append steps that are not urgent. */
  add(...steps) {
    this.#steps.push(...steps);
  }

  /** Continue in the next frame. */
  request() {
    this.#cancelFrame(this.#frame);
    this.#frame = this.#requestFrame(() => {
      if (this.#urgent.length) this.#runSlice(this.#urgent);
      else if (this.#steps.length) this.#runSlice(this.#steps);
      else return this.#onIdle();
      this.request();
    });
  }

  /** Run as many steps as fit into a slice, at least one. */
  #runSlice(steps) {
    const end = this.#now() + SLICE;
    do steps.shift()?.();
    while (steps.length && this.#now() < end);
  }
}
