// The layers of the map: units then and now, protected areas, shades by number of products, ground.

import { covers } from "#geodata/js/geometry.js";
import { loadFeatures } from "#geodata/js/loader.js";
import { pageOf } from "./list.js";
import { classesOf, classFor, countByUnit } from "./shades.js";
import { cluster, marker } from "./signs.js";
import { fill } from "./words.js";

const LAYERS = ["huyen", "xa-cu", "xa", "bao-ho"];
// What of a product names the unit.
const CODE = { huyen: "district_code", "xa-cu": "old_commune_code", xa: "commune_code" };
const OUTLINES = {
  huyen: { mayCoverMarkers: true },
  "xa-cu": { mayCoverMarkers: false, className: "outline-then" },
  xa: { mayCoverMarkers: false, className: "outline-now" },
};
const SIGNS = {
  exact: () => marker({ group: "I" }),
  inexact: () => marker({ group: "I", inexact: true }),
  protected: () => marker({ group: "I", inexact: true, isProtected: true }),
  selected: () => marker({ group: "I" }),
  cluster: () => cluster(5, { I: 3, II: 2 }),
};

/** The layers that the state of the page names; without a word the districts alone. */
export function readLayers({ lop = "", "to-mau": shades = "", nen = "" }) {
  const names = lop === "" ? ["huyen"] : lop.split(".");
  return {
    on: LAYERS.filter((layer) => names.includes(layer)),
    shades: Object.hasOwn(CODE, shades) ? shades : "",
    ground: nen === "trang" ? nen : "",
  };
}

/** The state's words for the layers, "" for what is so without a word. */
export function writeLayers({ on, shades, ground }) {
  const names = on.join(".") || "khong";
  return { lop: names === "huyen" ? "" : names, "to-mau": shades, nen: ground };
}

/**
 * The layers of a view and their controls in the page.
 * onChange(state): people chose others. onProblem(part, text, retry): a layer did not come; without
 * a text, it has come after all.
 */
export function makeLayers(view, { onChange, onProblem }) {
  const $ = (id) => document.getElementById(id);
  const [toggle, panel, key] = ["layers-toggle", "layers-panel", "shades-key"].map($);
  const texts = JSON.parse($("layer-texts").textContent);
  const loads = new Map();
  const drawn = new Set();
  let chosen = { ...readLayers({}), ground: null };
  let products = [];
  let shaded = "";

  /** The features of a layer, asked for once; null, and a word about it, when they do not come. */
  async function load(layer) {
    if (!loads.has(layer)) loads.set(layer, loadFeatures(panel.getAttribute(`data-${layer}`)));
    const name = texts.names[layer];
    const loading = fill(texts.loading, { name });
    $("layers-note").textContent = loading;
    try {
      const features = await loads.get(layer);
      onProblem(`layer ${layer}`);
      return features;
    } catch {
      loads.delete(layer);
      onProblem(`layer ${layer}`, fill(texts.failed, { name }), draw);
      return null;
    } finally {
      if ($("layers-note").textContent === loading) $("layers-note").textContent = "";
    }
  }

  function draw() {
    for (const layer of LAYERS) drawLayer(layer);
    drawShades();
    $("layers-here").hidden = !chosen.on.includes("bao-ho") && !chosen.shades;
  }

  function drawGround() {
    $("layers-note").textContent = "";
    view.showTiles(chosen.ground === "", () => {
      $("layers-note").textContent = texts.tiles_refused;
      // What is seen is what is chosen, and the other can be tried again.
      check("nen", "trang");
    });
  }

  function check(name, value) {
    for (const input of panel.querySelectorAll(`[name="${name}"]`)) {
      input.checked = input.type === "radio" ? input.value === value : value.includes(input.value);
    }
  }

  async function drawLayer(layer) {
    const isOn = () => chosen.on.includes(layer);
    if (!isOn() && drawn.delete(layer)) hide(layer);
    if (!isOn() || drawn.has(layer)) return;
    const features = await load(layer);
    // Meanwhile people may have changed their mind, or asked twice.
    if (!features || !isOn() || drawn.has(layer)) return;
    drawn.add(layer);
    if (layer === "bao-ho") {
      const areas = features.filter(({ geometry }) => geometry);
      view.showFills(
        layer,
        areas.map(({ geometry }) => ({ geometry, className: "protected" })),
      );
    } else {
      view.showOutlines({ features }, { id: layer, ...OUTLINES[layer] });
    }
  }

  function hide(layer) {
    if (layer === "bao-ho") view.showFills(layer, []);
    else view.hideOutlines(layer);
  }

  async function drawShades() {
    const by = chosen.shades;
    // Without its units no other's colours stay.
    const units = (by && (await load(by))) || [];
    if (by !== chosen.shades) return;
    const counts = countByUnit(products, CODE[by]);
    const count = ({ properties: { code } }) => counts.get(code)?.count ?? 0;
    const classes = classesOf(units.map(count));
    const classNames = units.map((unit) => `shade shade-${classFor(count(unit), classes)}`);
    // Typing changes few of them, and mostly none.
    const now = [by, ...classNames].join();
    if (now !== shaded) {
      const surfaces = units.map(({ geometry }, i) => ({ geometry, className: classNames[i] }));
      view.showFills(
        "shades",
        surfaces.filter(({ geometry }) => geometry),
        { below: true },
      );
    }
    shaded = now;
    key.hidden = $("shades-numbers").hidden = units.length === 0;
    writeKey(by, classes, counts.get(null)?.count ?? 0);
    const sorted = [...units].sort((a, b) => count(b) - count(a));
    $("shades-numbers")
      .querySelector("ul")
      .replaceChildren(
        ...sorted.map((unit) => element("li", { textContent: words(unit, counts) })),
      );
  }

  function writeKey(by, classes, unplaced) {
    key.querySelector("h2").textContent = texts.shades[by] ?? "";
    const steps = [[0, 0], ...classes].map(([from, to]) => {
      const item = element("li", { textContent: from === to ? from : `${from}–${to}` });
      item.prepend(element("span", { className: `swatch shade-${classFor(from, classes)}` }));
      return item;
    });
    key.querySelector("ul").replaceChildren(...steps);
    key.querySelector("p").hidden = unplaced === 0;
    key.querySelector("p").textContent = fill(texts.unplaced, { count: unplaced });
  }

  /** "Xã Vĩnh Hải: 3 sản phẩm khớp, trong đó 1 chưa có toạ độ" */
  function words({ properties }, counts) {
    const { count, pointless } = counts.get(properties.code) ?? { count: 0, pointless: 0 };
    const sentence = { 0: texts.unit_none, 1: texts.unit_one }[count] ?? texts.unit_some;
    const text = fill(sentence, { name: unitName(properties), count });
    return pointless ? fill(texts.pointless, { text, count: pointless }) : text;
  }

  /** Tell what the layers say of a position: its unit's number, and the rights that cover it. */
  async function tell(at) {
    const by = chosen.shades;
    const [units, rights] = await Promise.all([
      by ? load(by) : null,
      chosen.on.includes("bao-ho") ? load("bao-ho") : null,
    ]);
    const box = element("div", { className: "here-all" });
    if (units) {
      const [unit] = covering(units, at);
      const counts = countByUnit(products, CODE[by]);
      const textContent = unit ? words(unit, counts) : texts.no_unit_here;
      box.append(element("p", { className: "here-unit", textContent }));
    }
    if (rights) box.append(rightsHere(rights, at));
    if (box.childElementCount) view.openPopup(at, box, 0);
  }

  function rightsHere(rights, at) {
    const root = $("here-rights").content.cloneNode(true).firstElementChild;
    const field = (name) => root.querySelector(`[data-field="${name}"]`);
    const here = covering(rights, at);
    field("none").hidden = here.length > 0;
    field("meaning").hidden = here.length === 0;
    const withoutArea = rights.filter(({ geometry }) => !geometry).length;
    field("without-area").hidden = withoutArea === 0;
    field("without-area").textContent = fill(texts.without_area, { count: withoutArea });
    for (const { properties } of here) {
      const [kind, status] = [texts.kinds[properties.kind], texts.statuses[properties.status]];
      const link = element("a", {
        href: pageOf(properties),
        textContent: properties.name,
        lang: "vi",
      });
      const item = element("li");
      item.append(link, element("small", { textContent: `${kind}, ${status}` }));
      root.querySelector("ul").append(item);
    }
    return root;
  }

  function open(isOpen) {
    panel.hidden = !isOpen;
    toggle.setAttribute("aria-expanded", String(isOpen));
  }

  toggle.addEventListener("click", () => open(panel.hidden));
  $("layers-close").addEventListener("click", () => {
    open(false);
    toggle.focus();
  });
  panel.parentElement.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || panel.hidden) return;
    // One press closes one thing.
    event.stopPropagation();
    open(false);
    toggle.focus();
  });
  panel.addEventListener("submit", (event) => event.preventDefault());
  panel.addEventListener("input", ({ target }) => {
    const data = new FormData(panel);
    const on = LAYERS.filter((layer) => data.getAll("lop").includes(layer));
    const ground = target.name === "nen" ? target.value : chosen.ground;
    chosen = { on, shades: data.get("to-mau"), ground };
    if (target.name === "nen") drawGround();
    draw();
    onChange(writeLayers(chosen));
  });
  $("layers-here")
    .querySelector("button")
    .addEventListener("click", () => {
      // On a phone the panel lies where the answer will be.
      open(false);
      tell(view.visibleCentre);
    });
  view.onTap(tell);
  for (const place of panel.querySelectorAll("[data-layer-sign]")) {
    const { layerSign: sign } = place.dataset;
    place.append(SIGNS[sign]?.() ?? marker({ group: sign }));
    place.classList.toggle("selected", sign === "selected");
  }

  return {
    /** Draw what the state says. */
    restore(state) {
      const { ground } = chosen;
      chosen = readLayers(state);
      check("lop", chosen.on);
      check("to-mau", chosen.shades);
      if (ground !== chosen.ground) {
        check("nen", chosen.ground);
        drawGround();
      }
      draw();
    },
    /** Count these products in the shades. */
    show(matching) {
      products = matching;
      drawShades();
    },
  };
}

/** The features whose area covers the position. */
export function covering(features, at) {
  return features.filter(({ geometry }) => geometry && covers(geometry, at));
}

/** "Xã Vĩnh Hải", or in English its English name. */
function unitName({ name, name_en, kind }) {
  if (document.documentElement.lang === "en" && name_en) return name_en;
  const full = `${kind} ${name}`;
  return full[0].toUpperCase() + full.slice(1);
}

function element(name, properties = {}) {
  return Object.assign(document.createElement(name), properties);
}
