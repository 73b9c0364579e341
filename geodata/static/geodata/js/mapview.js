// The one module that knows the map engine (Leaflet, loaded by a <script> as window.L).
// Positions are [lng, lat] and boxes [west, south, east, north], as in GeoJSON.

import { fold } from "./fold.js";
import { bounds, labelPoint, linesOnce, placeLabels } from "./geometry.js";

const PANES = { base: 150, area: 340, outlines: 350, labels: 450 };
// So many tiles fail, and none comes, before the layer is taken off.
const TILE_PATIENCE = 4;
const TOUCH = 44;
// From this zoom on communes are drawn and named.
const NEAR = 11;
// Pixels by which the name of an outline may step aside, nearest first: farther off it would
// name its neighbour.
const ASIDE = [0, -12, 12, -24, 24, -36, 36]
  .flatMap((dx) => [0, -8, 8, -16, 16, -24, 24, -32, 32].map((dy) => [dx, dy]))
  .sort((a, b) => Math.hypot(...a) - Math.hypot(...b));
const STAY = [[0, 0]];
const reducedMotion = matchMedia("(prefers-reduced-motion: reduce)");

/** The view of the map that {% leaflet_map %} makes; settings: see map_attributes.html. */
export function whenMapReady(settings) {
  return new Promise((resolve) => {
    addEventListener("map:init", ({ detail }) => resolve(new MapView(detail.map, settings)), {
      once: true,
    });
  });
}

/** A view in an element of its own, for pages without {% leaflet_map %}. */
export function createMapView(element, settings) {
  const options = { minZoom: 8, maxZoom: 18, center: [11.6, 108.9], zoom: 9 };
  // The wheel belongs to the page around the map.
  const map = window.L.map(element, { ...options, scrollWheelZoom: false });
  return new MapView(map, settings);
}

export class MapView {
  #map;
  #settings;
  #padding = { top: 12, right: 12, bottom: 12, left: 12 };
  #home;
  #places = new Map();
  #labels = [];
  #area;
  #popup;
  #tilesShown = false;

  constructor(map, settings) {
    this.#map = map;
    this.#settings = settings;
    const extent = map.options.djoptions?.extent;
    this.#home = extent ? [extent[0][1], extent[0][0], extent[1][1], extent[1][0]] : null;
    map.options.zoomSnap = 0.5;
    for (const [name, zIndex] of Object.entries(PANES)) {
      const pane = map.createPane(name);
      pane.style.zIndex = zIndex;
      pane.style.pointerEvents = "none";
    }
    this.#addControls();
    map.on("moveend resize", () => {
      map.getContainer().classList.toggle("is-near", this.zoom >= NEAR);
      this.#arrangeLabels();
    });
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.closePopup();
    });
    new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(map.getContainer());
  }

  get zoom() {
    return this.#map.getZoom();
  }

  get maxZoom() {
    return this.#map.getMaxZoom();
  }

  get bounds() {
    const box = this.#map.getBounds();
    return [box.getWest(), box.getSouth(), box.getEast(), box.getNorth()];
  }

  /** {zoom, at}: how near, and the middle of the map. */
  get position() {
    const { lat, lng } = this.#map.getCenter();
    return { zoom: this.zoom, at: [lng, lat] };
  }

  setPosition({ zoom, at: [lng, lat] }) {
    this.#map.setView([lat, lng], zoom, { animate: false });
  }

  /** Room at the sides that something else covers: {top, right, bottom, left} in pixels. */
  setPadding(padding) {
    this.#padding = padding;
  }

  /** Let wheel and one finger scroll the page around the map; two fingers move the map. */
  letPageScroll() {
    this.#map.scrollWheelZoom.disable();
    if (matchMedia("(pointer: coarse)").matches) this.#map.dragging.disable();
  }

  onMove(callback) {
    this.#map.on("moveend", callback);
  }

  goHome() {
    if (this.#home) this.fit(this.#home);
  }

  fit([west, south, east, north], { maxZoom = this.maxZoom } = {}) {
    const { top, right, bottom, left } = this.#padding;
    const box = [
      [south, west],
      [north, east],
    ];
    this.#map.fitBounds(box, {
      paddingTopLeft: [left, top],
      paddingBottomRight: [right, bottom],
      maxZoom,
      animate: !reducedMotion.matches,
    });
  }

  /** Bring a position into view, at least that near. */
  goTo([lng, lat], zoom) {
    this.fit([lng, lat, lng, lat], { maxZoom: Math.max(zoom, this.zoom) });
  }

  /** Move only as far as brings the position out from under what covers the map. */
  reveal([lng, lat]) {
    const { top, right, bottom, left } = this.#padding;
    this.#map.panInside([lat, lng], {
      paddingTopLeft: [left + TOUCH, top + TOUCH],
      paddingBottomRight: [right + TOUCH, bottom + TOUCH],
      animate: !reducedMotion.matches,
    });
  }

  /** Land, province and names, from the file that `build_basemap` makes. */
  drawBase({ frame, land, home, borders, communes, neighbours, towns }) {
    const [west, south, east, north] = frame;
    const corners = [
      [south, west],
      [north, east],
    ];
    this.#home = bounds(home);
    this.#map.setMaxBounds(window.L.latLngBounds(corners).pad(0.5));
    window.L.rectangle(corners, this.#style("base", "base-sea")).addTo(this.#map);
    for (const part of land) this.#draw(part, "base", "base-land");
    this.#draw(home, "base", "base-home");
    this.#draw(borders, "base", "base-border");
    for (const { name, at, population } of towns) {
      this.#addLabel({ at, text: name, className: "label-town", from: population > 1e5 ? 8 : 10 });
    }
    for (const { name, at } of [...communes, ...neighbours]) {
      this.#addLabel({ at, text: name, className: "label-commune", from: NEAR });
    }
    this.#arrangeLabels();
  }

  /** Street tiles on top of the base; they go again when their host cannot be reached. */
  addTiles() {
    const layer = window.L.tileLayer(this.#settings.tiles, {
      attribution: this.#settings.tileCredit,
      maxNativeZoom: 19,
      className: "tiles",
    });
    let failed = 0;
    const show = (shown) => {
      this.#tilesShown = shown;
      this.#map.getContainer().classList.toggle("has-tiles", shown);
      this.#arrangeLabels();
    };
    layer.on("add", () => {
      failed = 0;
    });
    layer.on("tileload", () => {
      if (!this.#tilesShown) show(true);
    });
    layer.on("tileerror", () => {
      failed += 1;
      if (!this.#tilesShown && failed >= TILE_PATIENCE) layer.remove();
    });
    layer.on("remove", () => show(false));
    layer.addTo(this.#map);
    const choice = window.L.control.layers(null, { [this.#settings.tileName]: layer });
    choice.addTo(this.#map);
    choice.getContainer().querySelector("a").title = this.#settings.layers;
  }

  /** Outlines with their names, from a GeoJSON FeatureCollection. */
  showOutlines({ features }) {
    const drawn = features.filter(({ geometry }) => geometry);
    // The smallest is named last, which is first: it has the least room to step aside.
    drawn.sort((a, b) => spread(b.geometry) - spread(a.geometry));
    this.#draw(linesOnce(drawn.map(({ geometry }) => geometry)), "outlines", "outline");
    for (const { geometry, properties } of drawn) {
      this.#addLabel({
        at: labelPoint(geometry),
        text: properties.name,
        className: "label-outline",
        from: 0,
        first: true,
      });
    }
    this.#arrangeLabels();
  }

  /** One area in the accent colour; null takes it away. */
  showArea(geometry) {
    this.#area?.remove();
    this.#area = geometry ? this.#draw(geometry, "area", "area") : null;
  }

  /** Add areas that people may choose: {geometry, onSelect?}; onSelect is told where. */
  showShapes(shapes) {
    for (const { geometry, onSelect } of shapes) {
      const style = { ...this.#style("area", "shape"), interactive: Boolean(onSelect) };
      const layer = window.L.geoJSON(geometry, style).addTo(this.#map);
      if (onSelect) layer.on("click", ({ latlng }) => onSelect([latlng.lng, latlng.lat]));
    }
  }

  /**
   * Show exactly these places: {key, at, element, label, onSelect?, front?}.
   * What has the same key stays as it is, and with it the keyboard's focus.
   */
  showPlaces(places) {
    const wanted = new Map(places.map((place) => [place.key, place]));
    for (const [key, marker] of this.#places) {
      if (wanted.has(key)) continue;
      marker.remove();
      this.#places.delete(key);
    }
    for (const [key, place] of wanted) {
      if (!this.#places.has(key)) this.#places.set(key, this.#addPlace(place));
    }
    this.#arrangeLabels();
  }

  /** Open an element at a position; the focus comes back when it closes. */
  openPopup([lng, lat], element) {
    const { top, right, bottom, left } = this.#padding;
    const before = document.activeElement;
    const size = this.#map.getSize();
    const popup = window.L.popup({
      minWidth: 220,
      maxWidth: Math.min(320, size.x - 48),
      maxHeight: Math.max(160, Math.min(340, size.y - top - bottom - 110)),
      offset: [0, -10],
      autoPanPaddingTopLeft: [left, top],
      autoPanPaddingBottomRight: [right, bottom],
    });
    popup.setLatLng([lat, lng]).setContent(element).openOn(this.#map);
    this.#popup = popup;
    popup.getElement().querySelector(".leaflet-popup-close-button").ariaLabel =
      this.#settings.close;
    element.tabIndex = -1;
    element.focus({ preventScroll: true });
    popup.once("remove", () => {
      const inside = popup.getElement().contains(document.activeElement);
      if (inside && before?.isConnected) before.focus({ preventScroll: true });
    });
  }

  closePopup() {
    this.#popup?.close();
  }

  /** Let people choose one position; gives a function that shows one (null: none). */
  editPosition(label, onChange) {
    let marker = null;
    const changed = ({ lat, lng }) => onChange([lng, lat]);
    const show = (at) => {
      if (!at) {
        marker?.remove();
        marker = null;
        return;
      }
      if (!marker) {
        const icon = window.L.divIcon({ className: "pin", iconSize: [TOUCH, TOUCH] });
        marker = window.L.marker([at[1], at[0]], { icon, draggable: true, title: label });
        marker.on("dragend", () => changed(marker.getLatLng().wrap()));
        marker.addTo(this.#map);
      }
      marker.setLatLng([at[1], at[0]]);
    };
    this.#map.on("click", ({ latlng }) => changed(latlng.wrap()));
    return show;
  }

  #addControls() {
    const { L } = window;
    const { zoomIn, zoomOut, home, credit, creditTitle } = this.#settings;
    this.#map.zoomControl?.remove();
    const [zoomInTitle, zoomOutTitle] = [zoomIn, zoomOut];
    L.control.zoom({ position: "topright", zoomInTitle, zoomOutTitle }).addTo(this.#map);
    const button = document.createElement("button");
    Object.assign(button, { type: "button", title: home, ariaLabel: home, className: "map-home" });
    button.addEventListener("click", () => this.goHome());
    const bar = document.createElement("div");
    bar.className = "leaflet-bar";
    bar.append(button);
    L.DomEvent.disableClickPropagation(bar);
    const homeControl = new L.Control({ position: "topright" });
    homeControl.onAdd = () => bar;
    homeControl.addTo(this.#map);
    const details = document.createElement("details");
    details.className = "map-credit";
    details.open = this.#map.getSize().x > 900;
    details.append(Object.assign(document.createElement("summary"), { textContent: creditTitle }));
    details.append(credit);
    this.#map.attributionControl.setPrefix(details.outerHTML);
  }

  #style(pane, className) {
    // Colours are CSS's business, so that dark mode needs no word here.
    return { pane, className, interactive: false, smoothFactor: 0.5 };
  }

  #draw(geometry, pane, className) {
    return window.L.geoJSON(geometry, this.#style(pane, className)).addTo(this.#map);
  }

  #addPlace({ at, element, label, onSelect, front = false }) {
    let html = element;
    if (onSelect) {
      html = Object.assign(document.createElement("button"), { type: "button", ariaLabel: label });
      html.append(element);
    }
    const icon = window.L.divIcon({ html, className: "place", iconSize: [TOUCH, TOUCH] });
    const marker = window.L.marker([at[1], at[0]], {
      icon,
      title: label,
      // The button takes the focus, not the box around it.
      keyboard: false,
      interactive: Boolean(onSelect),
      riseOnHover: true,
      zIndexOffset: front ? 1000 : 0,
    });
    if (onSelect) marker.on("click", onSelect);
    return marker.addTo(this.#map);
  }

  #addLabel({ at, text, className, from, first = false }) {
    const span = document.createElement("span");
    span.textContent = text;
    const icon = window.L.divIcon({
      html: span,
      className: `label ${className}`,
      iconSize: [0, 0],
    });
    const options = { icon, pane: "labels", interactive: false, keyboard: false };
    window.L.marker([at[1], at[0]], options).addTo(this.#map);
    const label = { at, span, from, ofBase: !first, name: fold(text) };
    if (first) this.#labels.unshift(label);
    else this.#labels.push(label);
  }

  #arrangeLabels() {
    const project = ([lng, lat]) => this.#map.latLngToContainerPoint([lat, lng]);
    const outlined = new Set(this.#labels.filter((one) => !one.ofBase).map(({ name }) => name));
    // A town is not named twice where its district bears its name, nor where the tiles name it.
    const shown = this.#labels.filter(
      ({ from, ofBase, name }) =>
        this.zoom >= from && !(ofBase && (this.#tilesShown || outlined.has(name))),
    );
    const boxes = shown.map(({ at, span, ofBase }) => {
      const [width, height] = [span.offsetWidth + 6, span.offsetHeight];
      const moves = ofBase ? STAY : ASIDE;
      return { ...project(at), width, height, moves, insists: !ofBase };
    });
    const taken = [...this.#places.values()].map((marker) => {
      const { x, y } = this.#map.latLngToContainerPoint(marker.getLatLng());
      return { x, y, width: 34, height: 34 };
    });
    const moves = placeLabels(boxes, taken);
    for (const { span } of this.#labels) span.classList.add("label-hidden");
    for (const [i, { span }] of shown.entries()) {
      if (moves[i] === null) continue;
      const [dx, dy] = moves[i];
      span.classList.remove("label-hidden");
      span.style.setProperty("--dx", `${dx}px`);
      span.style.setProperty("--dy", `${dy}px`);
    }
  }
}

function spread(geometry) {
  const [west, south, east, north] = bounds(geometry);
  return (east - west) * (north - south);
}
