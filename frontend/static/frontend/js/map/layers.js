// The layers of the map, their controls, and the legend: outlines of units then and now, areas of
// rights, units coloured by their number of products, street tiles.

import { loadFeatures } from "#geodata/js/loader.js";
import { cluster, marker, pointSymbol, unitBadge } from "../symbols.js";
import { colourOf, countByUnit, makeClasses } from "./choropleth.js";
import { LAYERS, layerOf, PLAIN, readLayers, UNIT_CODES, writeLayers } from "./layer-state.js";
import { featuresAt, rightsSection, unitCountLabel, unitParagraph } from "./point-info.js";
import { placePopup, pointPopup, spotsOf } from "./point-popup.js";
import { fillIn } from "./product-labels.js";
import { PARAMETERS } from "./state.js";

const OUTLINES = {
  district: { mayCoverMarkers: true },
  oldCommune: { mayCoverMarkers: false, className: "outline-then" },
  commune: { mayCoverMarkers: false, className: "outline-now" },
};
// Pixels between a point and its popup.
const POINT_RADIUS = 14;
const LEGEND_SYMBOLS = {
  exact: () => marker({ group: "I" }),
  inexact: () => marker({ group: "I", inexact: true }),
  valid: () => marker({ group: "I", status: "valid" }),
  expiring: () => marker({ group: "I", status: "expiring" }),
  expired: () => marker({ group: "I", status: "expired" }),
  unknown: () => marker({ group: "I", status: "unknown" }),
  protected: () => marker({ group: "I", isProtected: true }),
  selected: () => marker({ group: "I" }),
  cluster: () => cluster(5, { I: 3, II: 2 }),
  unit: () => unitBadge(5),
};

/**
 * Make the layers of a view and their controls on the page. unitTexts: see unitLabel().
 * onChange(state): users chose other layers. onProblem(part, text, retry): a layer was not loaded;
 * without a text it was.
 */
export function makeLayers(view, { unitTexts, onChange, onProblem }) {
  const byId = (id) => document.getElementById(id);
  const [toggle, panel, key] = ["layers-toggle", "layers-panel", "shades-key"].map(byId);
  const texts = { ...JSON.parse(byId("layer-texts").textContent), ...unitTexts };
  // Layers of points have the same name in the code and in the address: that of their collection.
  const points = texts.points ?? {};
  const layers = { ...LAYERS, ...Object.fromEntries(Object.keys(points).map((id) => [id, id])) };
  const requests = new Map();
  const drawn = new Set();
  // The basemap is drawn by the first call of restore().
  let chosen = { ...readLayers({}), basemap: null };
  let products = [];
  let drawnFills = "";
  let openedPlace = null;

  /** Return the features of a layer, loaded once; null, and a message, when loading fails. */
  async function load(layer) {
    if (!requests.has(layer)) {
      requests.set(layer, loadFeatures(panel.getAttribute(`data-${layers[layer]}`)));
    }
    const name = texts.names[layers[layer]];
    const loading = fillIn(texts.loading, { name });
    byId("layers-note").textContent = loading;
    try {
      const features = await requests.get(layer);
      onProblem(`layer ${layer}`);
      return features;
    } catch {
      requests.delete(layer);
      onProblem(`layer ${layer}`, fillIn(texts.failed, { name }), draw);
      return null;
    } finally {
      const note = byId("layers-note");
      if (note.textContent === loading) note.textContent = "";
    }
  }

  function draw() {
    for (const layer of Object.keys(layers)) drawLayer(layer);
    drawChoropleth();
    byId("layers-here").hidden = !chosen.visible.includes("right") && !chosen.choropleth;
  }

  function drawBasemap() {
    byId("layers-note").textContent = "";
    view.showTiles(chosen.basemap === "", () => {
      byId("layers-note").textContent = texts.tiles_refused;
      // The control shows what is visible; street tiles can be chosen again.
      setControls("basemap", PLAIN);
    });
  }

  /** Check the controls of a key of the state that have one of these values. */
  function setControls(stateKey, ...values) {
    for (const input of panel.querySelectorAll(`[name="${PARAMETERS[stateKey]}"]`)) {
      input.checked = values.includes(input.value);
    }
  }

  async function drawLayer(layer) {
    const isVisible = () => chosen.visible.includes(layer);
    if (!isVisible() && drawn.delete(layer)) hideLayer(layer);
    if (!isVisible() || drawn.has(layer)) return;
    const features = await load(layer);
    // While loading, users may have hidden it, or another call may have drawn it.
    if (!features || !isVisible() || drawn.has(layer)) return;
    drawn.add(layer);
    if (layer in points) {
      view.showPoints(layer, pointsOf(layer, features));
    } else if (layer === "right") {
      const areas = features.filter(({ geometry }) => geometry);
      view.showFills(
        layer,
        areas.map(({ geometry }) => ({ geometry, className: "protected" })),
      );
    } else {
      view.showOutlines({ features }, { id: layer, ...OUTLINES[layer] });
    }
  }

  function hideLayer(layer) {
    if (layer in points) view.showPoints(layer, []);
    else if (layer === "right") view.showFills(layer, []);
    else view.hideOutlines(layer);
  }

  function pointsOf(layer, features) {
    return spotsOf(features).map((atSpot) => ({
      at: atSpot[0].geometry.coordinates,
      element: pointSymbol(
        points[layer].symbol,
        atSpot.every(({ properties }) => properties.position === "commune"),
      ),
      label: atSpot.map(({ properties }) => properties.name).join(", "),
      onSelect: () => openPoints(layer, atSpot),
    }));
  }

  function openPoints(layer, features) {
    const box = makeElement("div", { className: "here-all" });
    const template = byId("point-popup");
    const { popup } = points[layer];
    // Of several only their first property, so that all are visible.
    const fields = features.length > 1 ? popup.slice(0, 1) : popup;
    box.append(...features.map(({ properties }) => pointPopup(template, properties, fields)));
    view.openPopup(features[0].geometry.coordinates, box, POINT_RADIUS);
  }

  async function drawChoropleth() {
    const layer = chosen.choropleth;
    // When its units cannot be loaded, the colours of another layer are removed.
    const units = (layer && (await load(layer))) || [];
    if (layer !== chosen.choropleth) return;
    const counts = countByUnit(products, UNIT_CODES[layer]);
    const count = ({ properties: { code } }) => counts.get(code)?.count ?? 0;
    const classes = makeClasses(units.map(count));
    const classNames = units.map((unit) => `shade shade-${colourOf(count(unit), classes)}`);
    // Most letters of a search change no colour.
    const fills = [layer, ...classNames].join();
    if (fills !== drawnFills) {
      const shapes = units.map(({ geometry }, i) => ({ geometry, className: classNames[i] }));
      view.showFills(
        "choropleth",
        shapes.filter(({ geometry }) => geometry),
        { below: true },
      );
    }
    drawnFills = fills;
    key.hidden = byId("shades-numbers").hidden = units.length === 0;
    writeLegend(layer, classes, counts.get(null)?.count ?? 0);
    const sorted = [...units].sort((a, b) => count(b) - count(a));
    const items = sorted.map((unit) =>
      makeElement("li", { textContent: unitCountLabel(unit, counts, texts) }),
    );
    byId("shades-numbers")
      .querySelector("ul")
      .replaceChildren(...items);
  }

  function writeLegend(layer, classes, withoutUnit) {
    key.querySelector("h2").textContent = texts.shades[LAYERS[layer]] ?? "";
    const items = [[0, 0], ...classes].map(([from, to]) => {
      const item = makeElement("li", { textContent: from === to ? from : `${from}–${to}` });
      item.prepend(makeElement("span", { className: `swatch shade-${colourOf(from, classes)}` }));
      return item;
    });
    key.querySelector("ul").replaceChildren(...items);
    key.querySelector("p").hidden = withoutUnit === 0;
    key.querySelector("p").textContent = fillIn(texts.unplaced, { count: withoutUnit });
  }

  /** Open a popup with what the visible layers contain at a position. */
  async function showInfo(at) {
    const layer = chosen.choropleth;
    const [units, rights] = await Promise.all([
      layer ? load(layer) : null,
      chosen.visible.includes("right") ? load("right") : null,
    ]);
    const box = makeElement("div", { className: "here-all" });
    if (units) {
      const counts = countByUnit(products, UNIT_CODES[layer]);
      box.append(unitParagraph(featuresAt(units, at)[0], counts, texts));
    }
    if (rights) box.append(rightsSection(byId("here-rights"), rights, at, texts));
    if (box.childElementCount) view.openPopup(at, box, 0);
  }

  function setOpen(isOpen) {
    panel.hidden = !isOpen;
    toggle.setAttribute("aria-expanded", String(isOpen));
  }

  toggle.addEventListener("click", () => setOpen(panel.hidden));
  byId("layers-close").addEventListener("click", () => {
    setOpen(false);
    toggle.focus();
  });
  panel.parentElement.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || panel.hidden) return;
    // Escape closes one thing at a time.
    event.stopPropagation();
    setOpen(false);
    toggle.focus();
  });
  panel.addEventListener("submit", (event) => event.preventDefault());
  panel.addEventListener("input", ({ target }) => {
    const data = new FormData(panel);
    const names = data.getAll(PARAMETERS.layers);
    const isBasemap = target.name === PARAMETERS.basemap;
    chosen = {
      visible: Object.keys(layers).filter((layer) => names.includes(layers[layer])),
      choropleth: layerOf(data.get(PARAMETERS.choropleth)) ?? "",
      basemap: isBasemap ? target.value : chosen.basemap,
    };
    if (isBasemap) drawBasemap();
    draw();
    onChange(writeLayers(chosen, layers));
  });
  byId("layers-here")
    .querySelector("button")
    .addEventListener("click", () => {
      // On a phone the panel covers the place of the popup.
      setOpen(false);
      showInfo(view.visibleCentre);
    });
  view.onTap(showInfo);
  for (const place of panel.querySelectorAll("[data-layer-sign]")) {
    const { layerSign: name } = place.dataset;
    place.append(LEGEND_SYMBOLS[name]?.() ?? marker({ group: name }));
    place.classList.toggle("selected", name === "selected");
  }

  return {
    /** Draw the layers of a state. */
    restore(state) {
      openedPlace = null;
      const { basemap } = chosen;
      chosen = readLayers(state, layers);
      setControls("layers", ...chosen.visible.map((layer) => layers[layer]));
      setControls("choropleth", LAYERS[chosen.choropleth] ?? "");
      if (basemap !== chosen.basemap) {
        setControls("basemap", chosen.basemap);
        drawBasemap();
      }
      draw();
    },
    /** Return the state in which a layer is visible as well. */
    withLayer(layer) {
      const visible = Object.keys(layers).filter(
        (one) => one === layer || chosen.visible.includes(one),
      );
      return writeLayers({ ...chosen, visible }, layers);
    },
    /** Open the popup of a feature of a layer of points. */
    async openPoint(layer, id) {
      const feature = (await load(layer))?.find((one) => one.id === id);
      if (feature?.geometry) openPoints(layer, [feature]);
    },
    /** Open the popup of a named place; of one known only to a unit, draw the unit. */
    async openPlace(place) {
      openedPlace = place;
      const [west, south, east, north] = place.box ?? [];
      const at = place.at ?? [(west + east) / 2, (south + north) / 2];
      view.openPopup(at, placePopup(byId("place-popup"), place), 0);
      if (!place.unit) return;
      const [layer, code] = place.unit;
      const found = (await load(layer))?.find(({ properties }) => properties.code === code);
      // Users may have chosen something else while it was loading.
      if (found && openedPlace === place) view.showArea(found.geometry);
    },
    /** Count these products in the coloured units. */
    setProducts(matching) {
      products = matching;
      drawChoropleth();
    },
  };
}

function makeElement(name, properties = {}) {
  return Object.assign(document.createElement(name), properties);
}
