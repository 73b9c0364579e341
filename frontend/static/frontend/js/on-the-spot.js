// The page for a phone on the spot. It works without a network; see on_the_spot.py.

import { currentPosition } from "./map/geolocation.js";
import { CaptureView } from "./on-the-spot/capture-view.js";
import {
  captureOf,
  formData,
  hasContent,
  newCapture,
  OPEN,
  sendAll,
  WAITING,
} from "./on-the-spot/captures.js";
import { distanceText, recordsNear } from "./on-the-spot/places.js";
import { openStore } from "./on-the-spot/store.js";

// Milliseconds after which waiting captures are sent again.
const RETRY = 30_000;
// Records in the list; the search finds the others.
const LISTED = 60;

const page = document.querySelector("main");
const dataset = page.dataset;
const find = (selector) => document.querySelector(selector);

class OnTheSpot {
  #store;
  #session = null;
  #records = [];
  #captures = [];
  #at = null;
  #csrf = "";
  #sending = null;
  #view;

  async start() {
    this.#store = await openStore();
    this.#view = new CaptureView(find("#capture"), dataset, this.#store, {
      onFinish: (capture) => this.#finish(capture),
      onDiscard: (capture) => this.#discard(capture),
    });
    this.#session = (await this.#store.get("session")) ?? null;
    this.#records = (await this.#store.get("records")) ?? [];
    this.#captures = await this.#store.captures();
    this.#captures.sort((one, other) => one.madeAt - other.madeAt);
    // Somebody has logged in or out since.
    if (this.#session && this.#session.cookie !== csrfCookie()) await this.#forget();
    this.#listen();
    this.#render();
    page.dataset.ready = "";
    navigator.storage?.persist?.();
    await this.#refresh();
    await this.#sendAll();
  }

  #listen() {
    find("#query").addEventListener("input", () => this.#renderRecords());
    find("#near").addEventListener("click", () => this.#locate());
    find("#send").addEventListener("click", () => this.#sendNow());
    addEventListener("online", () => this.#sendNow());
    addEventListener("offline", () => this.#showMessage("offline"));
    addEventListener("popstate", () => this.#show());
    setInterval(() => {
      if (!document.hidden && this.#mine().some(({ state }) => state === WAITING)) this.#sendNow();
    }, RETRY);
  }

  // --- the server ----------------------------------------------------------------------------

  /** Read who is logged in and the records of that person's territory. */
  async #refresh() {
    const query = this.#at ? `?lng=${this.#at[0]}&lat=${this.#at[1]}` : "";
    let response;
    let data;
    try {
      response = await fetch(dataset.records + query);
      data = await response.json().catch(() => ({}));
    } catch {
      this.#showMessage("offline");
      return false;
    }
    if (response.status === 401 || response.redirected) {
      await this.#forget();
      this.#render();
      this.#showMessage("login");
      return false;
    }
    if (!response.ok || !data.records) {
      this.#showMessage("server");
      return false;
    }
    if (this.#session && this.#session.user !== data.user) await this.#forget();
    this.#csrf = data.csrf;
    this.#session = { user: data.user, name: data.name, cookie: csrfCookie() };
    this.#records = data.records;
    await this.#store.set("session", this.#session);
    await this.#store.set("records", this.#records);
    this.#showMessage("");
    this.#render();
    return true;
  }

  /** Remove what belongs to an account from the phone; captures wait for that account. */
  async #forget() {
    this.#session = null;
    this.#records = [];
    await this.#store.remove("session");
    await this.#store.remove("records");
  }

  async #sendNow() {
    // The token in the page may be that of an earlier session.
    if (await this.#refresh()) await this.#sendAll();
  }

  async #sendAll() {
    if (!this.#session || !this.#csrf || this.#sending) return;
    const done = [];
    this.#sending = sendAll(this.#captures, this.#session.user, {
      post: async (capture) => {
        const blobs = await Promise.all(capture.photos.map(({ id }) => this.#store.photo(id)));
        const body = formData(capture, blobs);
        const headers = { "X-CSRFToken": this.#csrf };
        return fetch(dataset.sendTo, { method: "POST", body, headers });
      },
      save: (capture) => this.#replace(capture),
      discard: async (capture, answer) => {
        await this.#remove(capture);
        done.push(dataset[answer.state].replace("{name}", capture.name));
      },
    });
    this.#render();
    const stopped = await this.#sending;
    this.#sending = null;
    this.#render();
    // The records have new versions.
    if (done.length && (await this.#refresh())) this.#showMessage("", done.join(" "));
    if (stopped) this.#showMessage(stopped);
  }

  // --- captures ------------------------------------------------------------------------------

  /** The captures of the person who is logged in. */
  #mine() {
    return this.#captures.filter(({ user }) => user === this.#session?.user);
  }

  async #open(record) {
    const known = captureOf(this.#captures, record, this.#session.user);
    // One that is being sent would be sent without what is added now.
    if (known && this.#sending) return;
    const capture = known ?? newCapture(record, this.#session, crypto.randomUUID());
    if (known) capture.state = OPEN;
    history.pushState({ capture: capture.id }, "");
    if (!known) this.#captures.push(capture);
    await this.#store.save(capture);
    this.#show(capture);
  }

  async #finish(capture) {
    if (!hasContent(capture)) {
      await this.#discard(capture);
      return;
    }
    await this.#replace({ ...capture, state: WAITING, problem: "" });
    history.back();
    await this.#sendNow();
  }

  async #discard(capture) {
    await this.#remove(capture);
    history.back();
  }

  /** Remove captures that were opened by a wrong tap and left again. */
  #removeEmpty() {
    for (const capture of this.#mine()) {
      if (capture.state === OPEN && !hasContent(capture)) this.#remove(capture);
    }
  }

  async #replace(capture) {
    const index = this.#captures.findIndex(({ id }) => id === capture.id);
    this.#captures[index] = capture;
    await this.#store.save(capture);
  }

  async #remove(capture) {
    this.#captures = this.#captures.filter(({ id }) => id !== capture.id);
    await this.#store.discard(capture);
  }

  // --- what is shown -------------------------------------------------------------------------

  /** Show the capture of the current history entry, else the list. */
  #show(capture = this.#captures.find(({ id }) => id === history.state?.capture)) {
    const isOpen = capture && capture.user === this.#session?.user;
    find("#list").hidden = Boolean(isOpen);
    if (isOpen) this.#view.show(capture);
    else {
      this.#view.hide();
      this.#removeEmpty();
      this.#render();
    }
  }

  #showMessage(key, text = key && dataset[key]) {
    const message = find("#message");
    message.textContent = text;
    message.hidden = !text;
    find("#login").hidden = key !== "login";
  }

  #render() {
    this.#renderCaptures();
    this.#renderRecords();
  }

  #renderCaptures() {
    const mine = this.#mine();
    const others = this.#captures.length - mine.length;
    find("#waiting").hidden = mine.length === 0;
    find("#others").hidden = others === 0;
    find("#others").textContent = dataset.others.replace("{count}", others);
    find("#send").disabled = Boolean(this.#sending);
    find("#send").hidden = !mine.some(({ state }) => state === WAITING);
    find("#captures").replaceChildren(
      ...mine.map((capture) => {
        const state = dataset[`state${capture.state}`];
        const text = capture.problem ? `${state}: ${capture.problem}` : state;
        return this.#row(capture.name, text, "", () => this.#open(capture));
      }),
    );
  }

  #renderRecords() {
    const query = find("#query").value;
    const found = recordsNear(this.#records, { at: this.#at, query });
    find("#records").replaceChildren(
      ...found.slice(0, LISTED).map(({ record, away }) => {
        const what = record.kind === "producers" ? dataset.producer : record.producer;
        const place = [what, record.commune].filter(Boolean).join(" · ");
        let where = record.exact ? record.position : dataset.unlocated;
        // A point that only represents a commune gives a rough distance.
        if (away !== null) where = `${record.exact ? "" : "~ "}${distanceText(away)}`;
        return this.#row(record.name, place, where, () => this.#open(record));
      }),
    );
    find("#none").hidden = found.length > 0 || !this.#session;
    find("#more").hidden = found.length <= LISTED;
  }

  #row(name, detail, where, onClick) {
    const row = find("#row").content.firstElementChild.cloneNode(true);
    row.querySelector(".name").textContent = name;
    row.querySelector(".detail").textContent = detail;
    row.querySelector(".where").textContent = where;
    row.querySelector("button").addEventListener("click", onClick);
    return row;
  }

  async #locate() {
    try {
      this.#at = await currentPosition();
    } catch ({ reason }) {
      this.#showMessage(reason);
      return;
    }
    this.#renderRecords();
    await this.#refresh();
  }
}

/** The cookie that changes when somebody logs in or out, also readable without a network. */
function csrfCookie() {
  const found = document.cookie.match(/(?:^|; )csrftoken=([^;]*)/);
  return found ? found[1] : "";
}

navigator.serviceWorker?.register(dataset.worker).catch(() => {
  // Without it, the page works while it is open.
});
new OnTheSpot().start();
