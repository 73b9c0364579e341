// The view in which one capture is filled in. Every change is stored at once.

import { shrink, thumbnail } from "./photos.js";
import { betterFix, GOOD_M } from "./places.js";

// By code of GeolocationPositionError.
const REASONS = { 1: "near_denied", 2: "near_unavailable", 3: "near_timeout" };
const OPTIONS = { enableHighAccuracy: true, maximumAge: 0, timeout: 60_000 };
// Metres beyond which the position is probably that of a mast.
const POOR_M = 50;

export class CaptureView {
  #element;
  #dataset;
  #store;
  #capture = null;
  #watch = null;
  #saves = 0;
  // Ends when the photos taken so far are stored.
  #adding = Promise.resolve();

  /**
   * element: the section. dataset: of the page, with texts and limits. onFinish, onDiscard: get the
   * capture.
   */
  constructor(element, dataset, store, { onFinish, onDiscard }) {
    this.#element = element;
    this.#dataset = dataset;
    this.#store = store;
    this.#find("#measure").addEventListener("click", () =>
      this.#watch === null ? this.#measure() : this.#stop(),
    );
    this.#find("#take").addEventListener("change", ({ target }) => {
      const [capture, files] = [this.#capture, [...target.files]];
      target.value = "";
      this.#adding = this.#adding.then(() => this.#addPhotos(capture, files));
    });
    for (const name of ["note", "credit"]) {
      this.#find(`#${name}`).addEventListener("input", ({ target }) => {
        this.#capture[name] = target.value;
        this.#save();
      });
    }
    this.#find("#finish").addEventListener("click", () => this.#end(onFinish));
    this.#find("#discard").addEventListener("click", () => {
      if (confirm(dataset.confirmDiscard)) this.#end(onDiscard);
    });
  }

  /** Hand the capture over, with all photos that were taken of it. */
  async #end(handOver) {
    const capture = this.#capture;
    this.#stop();
    await this.#adding;
    // Not if a second click came meanwhile, or the official has gone back.
    if (capture && capture === this.#capture) handOver(capture);
  }

  show(capture) {
    this.#capture = capture;
    this.#element.hidden = false;
    this.#find("h2").textContent = capture.name;
    this.#find("#problem").textContent = capture.problem;
    this.#find("#problem").hidden = !capture.problem;
    this.#find("#saved-note").textContent = "";
    this.#find("#note").value = capture.note;
    this.#find("#credit").value = capture.credit;
    // Only products have photos.
    this.#find("#shots").hidden = capture.kind !== "products";
    this.#showFix();
    this.#showPhotos();
    this.#find("h2").focus();
  }

  hide() {
    this.#stop();
    this.#element.hidden = true;
    this.#capture = null;
  }

  #find(selector) {
    return this.#element.querySelector(selector);
  }

  /** Store the capture, and state when the latest change is on the disk. */
  async #save() {
    this.#saves += 1;
    const number = this.#saves;
    const note = this.#find("#saved-note");
    note.textContent = "";
    await this.#store.save(this.#capture);
    if (number === this.#saves) note.textContent = this.#dataset.saved;
  }

  // --- position ------------------------------------------------------------------------------

  #measure() {
    const capture = this.#capture;
    if (!navigator.geolocation) {
      this.#find("#fix").textContent = this.#dataset.near_unavailable;
      return;
    }
    // A new measurement replaces an earlier one, however good that was.
    let best = null;
    this.#watch = navigator.geolocation.watchPosition(
      ({ coords }) => {
        const { latitude: lat, longitude: lng, accuracy } = coords;
        best = betterFix(best, { lat, lng, accuracy: Math.max(accuracy, 0.1), at: Date.now() });
        capture.fix = best;
        this.#save();
        if (best.accuracy <= GOOD_M) this.#stop();
        this.#showFix();
      },
      ({ code }) => {
        this.#stop();
        this.#find("#fix").textContent = this.#dataset[REASONS[code] ?? REASONS[2]];
      },
      OPTIONS,
    );
    this.#showFix();
  }

  #stop() {
    if (this.#watch === null) return;
    navigator.geolocation.clearWatch(this.#watch);
    this.#watch = null;
    if (this.#capture) this.#showFix();
  }

  #showFix() {
    const { fix } = this.#capture;
    const dataset = this.#dataset;
    const isMeasuring = this.#watch !== null;
    this.#find("#measure").textContent = isMeasuring
      ? dataset.stop
      : fix
        ? dataset.again
        : dataset.measure;
    this.#find("#accuracy").textContent = fix ? `± ${metres(fix.accuracy)} m` : "";
    let text = isMeasuring ? dataset.measuring : "";
    if (fix && !isMeasuring) text = `${fix.lat.toFixed(6)}, ${fix.lng.toFixed(6)}`;
    if (fix && !isMeasuring && fix.accuracy > POOR_M) text += `. ${dataset.poor}`;
    this.#find("#fix").textContent = text;
  }

  // --- photos --------------------------------------------------------------------------------

  async #addPhotos(capture, files) {
    const room = Number(this.#dataset.maxPhotos) - capture.photos.length;
    for (const file of files.slice(0, room)) {
      const id = crypto.randomUUID();
      await this.#store.savePhoto(id, await shrink(file));
      capture.photos.push({ id, alt: "" });
      await this.#store.save(capture);
    }
    if (capture === this.#capture) await this.#showPhotos();
  }

  async #showPhotos() {
    const capture = this.#capture;
    const { photos } = capture;
    const rows = await Promise.all(
      photos.map(async (photo, index) => {
        const row = this.#find("#shot").content.firstElementChild.cloneNode(true);
        const canvas = await thumbnail(await this.#store.photo(photo.id));
        if (canvas) row.querySelector(".thumbnail").append(canvas);
        const input = row.querySelector("input");
        input.value = photo.alt;
        input.setAttribute("aria-label", `${input.placeholder} (${index + 1})`);
        input.addEventListener("input", () => {
          photo.alt = input.value;
          this.#save();
        });
        row.querySelector("button").addEventListener("click", async () => {
          capture.photos = capture.photos.filter(({ id }) => id !== photo.id);
          await this.#store.save(capture);
          await this.#store.removePhoto(photo.id);
          await this.#showPhotos();
        });
        return row;
      }),
    );
    if (capture !== this.#capture) return;
    this.#find("#photos").replaceChildren(...rows);
    this.#find("#take").disabled = photos.length >= Number(this.#dataset.maxPhotos);
  }
}

/** Accuracy as text: whole metres from 10 m on, never 0. */
function metres(accuracy) {
  const rounded = accuracy < 10 ? Math.ceil(accuracy * 10) / 10 : Math.ceil(accuracy);
  return String(rounded).replace(".", ",");
}
