import assert from "node:assert/strict";
import { test } from "node:test";
import { Store } from "../../../frontend/static/frontend/js/map/store.js";

/** A store with a fake window; `steps` are the addresses in the browser's history. */
function makeStore(search = "") {
  const steps = [`/${search}`];
  const location = { pathname: "/", search };
  const go = (address) => {
    location.search = address.startsWith("?") ? address : "";
    return address;
  };
  const history = {
    pushState: (_data, _title, address) => steps.push(go(address)),
    replaceState: (_data, _title, address) => {
      steps[steps.length - 1] = go(address);
    },
  };
  const store = new Store({ location, history });
  const set = (values, mode) => store.set({ ...store.state, ...values }, mode);
  const type = (query) => store.setWhileTyping({ ...store.state, query });
  return { store, steps, location, set, type };
}

test("the first state is that of the address", () => {
  const { store } = makeStore("?huyen=996&q=nho");
  assert.deepEqual(store.state.district, ["996"]);
  assert.equal(store.state.query, "nho");
});

test("a change is a step in the history, and returns the previous state", () => {
  const { store, steps, set } = makeStore();
  const previous = set({ stars: ["4"] });
  assert.deepEqual(previous.stars, []);
  assert.deepEqual(store.state.stars, ["4"]);
  set({ stars: [] });
  assert.deepEqual(steps, ["/", "?sao=4", "/"]);
});

test("a change can replace the last step, or be in the address already", () => {
  const { steps, set, location, store } = makeStore();
  set({ view: "10/11.5/109" }, "replace");
  assert.deepEqual(steps, ["?ban-do=10/11.5/109"]);
  location.search = "?sao=3";
  store.set(store.readAddress(), "none");
  assert.deepEqual(store.state.stars, ["3"]);
  assert.deepEqual(steps, ["?ban-do=10/11.5/109"]);
});

test("a state with the same address is no step", () => {
  const { steps, set } = makeStore("?sao=4");
  set({ stars: ["4"] });
  assert.deepEqual(steps, ["/?sao=4"]);
});

test("all letters of one word are one step", () => {
  const { steps, type } = makeStore();
  for (const query of ["n", "nh", "nho"]) type(query);
  assert.deepEqual(steps, ["/", "?q=nho"]);
});

test("what ends typing begins a new step", () => {
  for (const end of [
    ({ store }) => store.endTyping(),
    ({ set }) => set({ stars: ["4"] }),
    ({ set }) => set({}, "none"),
  ]) {
    const parts = makeStore();
    parts.type("nho");
    end(parts);
    assert.equal(parts.store.typingMode, "push");
    const { length } = parts.steps;
    parts.type("nho do");
    assert.equal(parts.steps.length, length + 1);
  }
});

test("a move of the map does not end typing", () => {
  const { store, set, type } = makeStore();
  type("nho");
  set({ view: "10/11.5/109" }, "replace");
  assert.equal(store.typingMode, "replace");
});
