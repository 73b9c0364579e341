import assert from "node:assert/strict";
import { test } from "node:test";
import { Controller } from "../../../frontend/static/frontend/js/map/controller.js";
import { WholeData } from "../../../frontend/static/frontend/js/map/data.js";
import { Store } from "../../../frontend/static/frontend/js/map/store.js";
import { LoadError } from "../../../geodata/static/geodata/js/loader.js";

const TEXTS = {
  count_all: "{count}",
  count_some: "{count} of {all}",
  loading: "loading",
  empty: "no products",
  nothing: "nothing",
  loosen: "without {names}",
  failed: "failed",
  offline: "offline",
  area_failed: "no areas",
  product_gone: "gone",
  near_asking: "locating",
  near_denied: "denied",
};
const SQUARE = [
  [109, 11],
  [110, 11],
  [110, 12],
  [109, 12],
  [109, 11],
];
const AREA = {
  id: "R-1",
  geometry: { type: "Polygon", coordinates: [SQUARE] },
  properties: { kind: "patent" },
};

function product(id, coordinates, properties = {}) {
  const geometry = coordinates && { type: "Point", coordinates };
  return { id, geometry, properties: { name: id, category_code: "I", ...properties } };
}
const PRODUCTS = [
  product("P-1", [109, 11.5]),
  product("P-2", [109, 11.5]),
  product("P-3", [109.5, 11.5], { category_code: "II", producer_id: "C-1" }),
];

/** A page whose parts record what they show. */
function makePage(search = "", { load, locate } = {}) {
  const page = { calls: [], notice: "", problem: {}, steps: [], opened: [] };
  const record =
    (name) =>
    (...args) => {
      page.calls.push([name, ...args]);
    };
  const location = { search, pathname: "/" };
  const history = {
    pushState: (_data, _title, address) => page.steps.push(address),
    replaceState: (_data, _title, address) => page.steps.splice(-1, 1, address),
  };
  page.store = new Store({ location, history });
  const answers = { "/p": PRODUCTS, "/a": [AREA] };
  page.data = new WholeData({
    urls: { products: "/p", areas: "/a" },
    rights: new Map(),
    load: load ?? (async (url) => answers[url]),
  });
  const parts = {
    controls: { write: () => {}, count: () => {}, nameOf: (key, value) => `${key} ${value}` },
    list: {
      setCount: (text) => {
        page.count = text;
      },
      resetCount: () => {
        page.count = "initial";
      },
      show: (products, createEmptyText) => {
        page.list = products.map(({ id }) => id);
        page.emptyText = products.length ? "" : createEmptyText();
      },
    },
    panel: {
      isOpen: false,
      show({ product: shown, spot }) {
        page.panel = shown?.id ?? spot.map(({ id }) => id);
        this.isOpen = Boolean(shown) || spot.length > 0;
      },
      focus: record("focus panel"),
    },
    searchBox: { text: "", write: () => {}, refreshSuggestions: () => {} },
    sheet: { stopIfNarrow: record("sheet") },
    map: Object.fromEntries(
      [
        "attach",
        "setProducts",
        "draw",
        "goTo",
        "reveal",
        "fit",
        "fitPositions",
        "showArea",
        "closePopup",
        "closeRing",
      ].map((name) => [name, record(name)]),
    ),
    problems: {
      set: (part, text, retry) => {
        page.problem[part] = { text, retry };
      },
    },
    // Timers whose actions run at once.
    timers: { start: (_name, _milliseconds, action) => action(), cancel: () => {} },
    notify: (text) => {
      page.notice = text;
    },
    showChips: () => {},
    setNear: () => {},
    showRight: record("right"),
    showOrder: (order) => {
      page.order = order;
    },
    showDefaultView: () => page.calls.push(["default view", page.controller.defaultBox]),
    scrollToResults: () => {},
    locate: locate ?? (async () => [109, 11.5]),
    openPage: (address) => page.opened.push(address),
  };
  page.controller = new Controller({
    store: page.store,
    data: page.data,
    texts: TEXTS,
    pages: { right: "/bao-ho/A-0-x/", producer: "/chu-the/A-0-x/" },
    parts,
  });
  page.called = (name) =>
    page.calls.filter(([called]) => called === name).map(([, ...args]) => args);
  return page;
}

async function loadedPage(search, options) {
  const page = makePage(search, options);
  await page.controller.loadProducts();
  page.controller.attachMap({}, { restore: () => {}, setProducts: () => {} });
  page.calls.length = 0;
  return page;
}

test("the loaded products are shown with the choices of the address", async () => {
  const page = makePage("?nhom=I");
  const loaded = page.controller.loadProducts();
  assert.equal(page.count, "loading");
  await loaded;
  assert.equal(page.count, "2 of 3");
  assert.deepEqual(page.list, ["P-1", "P-2"]);
});

test("products that are not loaded can be loaded again", async () => {
  let isOffline = true;
  const load = async () => {
    if (isOffline) throw new LoadError("offline");
    return PRODUCTS;
  };
  const page = makePage("?nhom=I", { load });
  await page.controller.loadProducts();
  assert.equal(page.problem.products.text, "offline");
  assert.equal(page.count, "initial");
  isOffline = false;
  await page.problem.products.retry();
  assert.equal(page.count, "2 of 3");
});

test("a filter is a step in the history and closes an open product", async () => {
  const page = await loadedPage("?chon=P-1");
  assert.equal(page.panel, "P-1");
  page.controller.setFilter("category", "II", true);
  assert.deepEqual(page.list, ["P-3"]);
  assert.deepEqual(page.panel, []);
  assert.deepEqual(page.steps, ["?nhom=II"]);
  page.controller.setFilter("category", "II", false);
  assert.equal(page.count, "3");
  page.controller.setFilter("category", "I", true);
  page.controller.removeChoice();
  assert.equal(page.count, "3");
});

test("an empty list names the choices to remove", async () => {
  const page = await loadedPage("?nhom=II&sao=5");
  assert.deepEqual(page.list, []);
  assert.equal(page.emptyText, "nothing without stars 5");
});

test("a product of a spot leads back to the spot, and from there to the list", async () => {
  const page = await loadedPage();
  page.controller.openSpot(page.data.product("P-1"), { isRing: false });
  assert.deepEqual(page.panel, ["P-1", "P-2"]);
  page.controller.openProduct(page.data.product("P-2"));
  assert.equal(page.panel, "P-2");
  page.controller.goBack();
  assert.deepEqual(page.panel, ["P-1", "P-2"]);
  page.controller.goBack();
  assert.deepEqual(page.panel, []);
  page.controller.openProduct(page.data.product("P-3"));
  page.controller.goBack();
  assert.deepEqual(page.panel, []);
});

test("a ring on the map keeps the focus that the panel takes otherwise", async () => {
  const page = await loadedPage();
  page.controller.openSpot(page.data.product("P-1"), { isRing: true });
  assert.equal(page.called("focus panel").length, 0);
  page.controller.openProduct(page.data.product("P-1"));
  assert.equal(page.called("focus panel").length, 1);
});

test("an opened product is revealed on the map, a restored one is not", async () => {
  const page = await loadedPage();
  page.controller.openProduct(page.data.product("P-3"));
  assert.equal(page.called("reveal").at(-1)[0].id, "P-3");
  page.calls.length = 0;
  page.controller.change({ ...page.store.state, product: "P-1" }, "none");
  assert.equal(page.panel, "P-1");
  assert.equal(page.called("reveal").length, 0);
});

test("a product of the address that does not exist is reported", async () => {
  const page = await loadedPage("?chon=P-9");
  assert.equal(page.notice, "gone");
});

test("a suggestion replaces the typed text in the history", async () => {
  const page = await loadedPage();
  page.controller.search("nin");
  page.controller.search("minh");
  page.controller.chooseSuggestion({ filter: "district", value: "996", box: [1, 2, 3, 4] });
  assert.deepEqual(page.steps, ["?huyen=996"]);
  assert.deepEqual(page.called("fit"), [[[1, 2, 3, 4]]]);
});

test("a suggested unit replaces other units, a producer does not", async () => {
  const page = await loadedPage("?huyen=996&nhom=I");
  page.controller.chooseSuggestion({ filter: "commune", value: "82870" });
  assert.equal(page.steps.at(-1), "?xa=82870&nhom=I");
  page.controller.chooseSuggestion({ filter: "producer", value: "C-1", count: 1 });
  assert.equal(page.steps.at(-1), "?xa=82870&nhom=I&chu-the=C-1");
});

test("suggestions that the map cannot show lead to their page", async () => {
  const page = await loadedPage();
  page.controller.chooseSuggestion({ filter: "right", value: "R-2", label: "Tỏi", isOnMap: false });
  page.controller.chooseSuggestion({ filter: "producer", value: "C-2", label: "An", count: 0 });
  assert.deepEqual(page.opened, ["/bao-ho/R-2-toi/", "/chu-the/C-2-an/"]);
  assert.deepEqual(page.steps, []);
});

test("a named place moves the map and changes no choice; one of a record opens that", async () => {
  const page = await loadedPage("?nhom=I");
  const opened = [];
  const layers = {
    restore() {},
    setProducts() {},
    withLayer: (layer) => ({ layers: layer }),
    openPoint: (...of) => opened.push(of),
    openPlace: ({ label }) => opened.push(label),
  };
  page.controller.attachMap({ onMove() {} }, layers);
  const place = { filter: "place", value: "DD-1", at: null, box: null, record: null };
  page.controller.chooseSuggestion({ ...place, label: "Bến Thử", at: [109, 11.5] });
  page.controller.chooseSuggestion({ ...place, label: "Vịnh Giả", box: [1, 2, 3, 4] });
  assert.deepEqual(page.called("fit").slice(-2), [[[109, 11.5, 109, 11.5]], [[1, 2, 3, 4]]]);
  const record = ["sales-points", "DB-1"];
  page.controller.chooseSuggestion({ ...place, label: "Hang Ví Dụ", at: [109, 11.6], record });
  assert.deepEqual(opened, ["Bến Thử", "Vịnh Giả", record]);
  assert.equal(page.steps.at(-1), "?nhom=I&lop=sales-points");
});

test("the areas of rights are loaded when a filter needs them, and the map fits once", async () => {
  const page = await loadedPage();
  assert.equal(page.data.areasRequested, false);
  page.controller.setFilter("right", "R-1", true);
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(page.called("fit"), [[[109, 11, 110, 12], { limitZoom: false }]]);
  assert.deepEqual(page.called("right").at(-1), [{ code: "R-1", ofGoods: true }]);
  page.controller.setFilter("category", "II", true);
  assert.equal(page.called("fit").length, 1);
});

test("areas that are not loaded leave the other filters and can be loaded again", async () => {
  let isOffline = true;
  const load = async (url) => {
    if (url === "/p") return PRODUCTS;
    if (isOffline) throw new LoadError("offline");
    return [AREA];
  };
  const page = await loadedPage("", { load });
  await page.controller.loadAreas();
  assert.equal(page.problem.areas.text, "no areas");
  assert.equal(page.count, "3");
  isOffline = false;
  await page.problem.areas.retry();
  assert.equal(page.problem.areas.text, undefined);
  assert.equal(page.data.area("R-1").id, "R-1");
});

test("near: the nearest are first and on the map, and the second press ends it", async () => {
  const page = await loadedPage("", { locate: async () => [109.4, 11.5] });
  await page.controller.toggleNear();
  assert.deepEqual(page.list, ["P-3", "P-1", "P-2"]);
  assert.deepEqual(page.called("fitPositions")[0][0][0], [109.4, 11.5]);
  assert.equal(page.notice, "");
  await page.controller.toggleNear();
  assert.deepEqual(page.list, ["P-1", "P-2", "P-3"]);
});

test("near: the map does not move to users far from all products", async () => {
  const page = await loadedPage("", { locate: async () => [105.8, 21] });
  await page.controller.toggleNear();
  assert.equal(page.store.state.near, "21,105.8");
  assert.equal(page.called("fitPositions").length, 0);
});

test("near: the map does not move to the user if nothing was found", async () => {
  const page = await loadedPage("?q=zzz", { locate: async () => [109.4, 11.5] });
  assert.deepEqual(page.list, []);
  await page.controller.toggleNear();
  assert.equal(page.called("fitPositions").length, 0);
});

test("near: a refused position is reported", async () => {
  const locate = async () => {
    throw Object.assign(new Error(), { reason: "near_denied" });
  };
  const page = await loadedPage("", { locate });
  await page.controller.toggleNear();
  assert.equal(page.notice, "denied");
  assert.equal(page.store.state.near, "");
});

test("the map moves to the results of a filter, unless users have moved it", async () => {
  const page = await loadedPage("");
  page.controller.setFilter("category", "II", true);
  assert.deepEqual(page.called("default view"), [[[109.5, 11.5, 109.5, 11.5]]]);
  page.controller.sortBy("name");
  assert.equal(page.order, "name");
  page.controller.removeChoice();
  // Without choices the whole province.
  assert.deepEqual(page.called("default view").at(-1), [null]);
  assert.equal(page.called("default view").length, 2);

  const moved = await loadedPage("?ban-do=12/11.5/109");
  moved.controller.setFilter("category", "II", true);
  assert.deepEqual(moved.called("default view"), []);
});

test("the map waits for results that are loaded, unless the state changes before", async () => {
  const page = await loadedPage("");
  const find = page.data.find.bind(page.data);
  const answers = [];
  page.data.find = (state) => new Promise((resolve) => answers.push(() => resolve(find(state))));
  page.controller.setFilter("category", "I", true);
  page.controller.setFilter("category", "I", false);
  page.controller.setFilter("category", "II", true);
  assert.deepEqual(page.called("default view"), []);
  for (const answer of answers) answer();
  await new Promise((resolve) => setTimeout(resolve));
  assert.deepEqual(page.called("default view"), [[[109.5, 11.5, 109.5, 11.5]]]);
  assert.deepEqual(page.list, ["P-3"]);
});

test("an area limits list and numbers, and an empty one is what to remove", async () => {
  const page = await loadedPage("");
  page.controller.searchIn([108.9, 11.4, 109.1, 11.6]);
  assert.deepEqual([page.list, page.count], [["P-1", "P-2"], "2 of 3"]);
  assert.deepEqual(page.called("default view"), []);
  page.controller.setFilter("category", "II", true);
  assert.deepEqual(page.list, []);
  assert.equal(page.emptyText, "nothing without category II, area 108.9,11.4,109.1,11.6");
});

test("without the position of the user the order stays as it was", async () => {
  const locate = async () => {
    throw Object.assign(new Error(), { reason: "near_denied" });
  };
  const page = await loadedPage("?sap-xep=sao", { locate });
  await page.controller.sortBy("distance");
  assert.deepEqual([page.order, page.notice], ["stars", "denied"]);
});
