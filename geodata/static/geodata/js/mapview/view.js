// The map. Leaflet (window.L, loaded by a <script>) is used in this folder only.
// Positions are [lng, lat] and boxes [west, south, east, north], as in GeoJSON.

import { loadJson } from "../loader.js";
import { arrowStep } from "../position.js";
import { BaseLayer } from "./base.js";
import { addControls, letPageScroll } from "./controls.js";
import { DetailLayer } from "./details.js";
import { FrameQueue } from "./frames.js";
import { LabelLayer } from "./labels.js";
import { TOUCH } from "./markers.js";
import { PlaceLayer } from "./places.js";
import { PointLayers } from "./points.js";
import { ShapeLayer } from "./shapes.js";
import { TileLayer } from "./tiles.js";

// z-index of each pane, from bottom to top.
const PANES = {
  base: 150,
  details: 160,
  fills: 330,
  area: 340,
  outlines: 350,
  labels: 450,
  legs: 580,
};
// From this zoom on communes are drawn and named.
const COMMUNE_ZOOM = 11;
// Up to this zoom rivers and lakes are drawn: their files are exact to some hundred metres.
const OVERVIEW_ZOOM = 9;
const reducedMotion = matchMedia("(prefers-reduced-motion: reduce)");

// Leaflet moves each marker with translate3d(), which gives each a compositing layer of its own in
// the browser; compositing hundreds of layers took longer than a frame. With this, Leaflet writes
// translate(), and only the map as a whole has a layer (mapview.css).
window.L.Browser.ie3d = true;

/**
 * Return a Promise of the MapView of {% leaflet_map %}; settings: see map_attributes.html.
 *
 * The map is created in a task of its own, after the scripts of the page have run.
 */
export function whenMapReady(settings) {
  return new Promise((resolve) => {
    const create = () => {
      const element = document.querySelector("[data-leaflet-options]");
      const djoptions = JSON.parse(element.dataset.leafletOptions);
      resolve(new MapView(window.L.Map.djangoMap(element, { djoptions }), settings));
    };
    document.addEventListener("DOMContentLoaded", create, { once: true });
  });
}

/** Return a MapView in an element, for pages without {% leaflet_map %}. */
export function createMapView(element, settings) {
  // The wheel scrolls the page around the map.
  const map = window.L.map(element, { minZoom: 8, maxZoom: 18, scrollWheelZoom: false });
  const view = new MapView(map, settings);
  view.goHome({ animate: false });
  return view;
}

/** A map with its view and the layers that draw on it. */
export class MapView {
  #map;
  #settings;
  #padding = { top: 12, right: 12, bottom: 12, left: 12, popupTop: 12 };
  #home;
  #queue;
  #labels;
  #shapes;
  #places;
  #points;
  #tiles;
  #details = null;
  // Elements of the page over the map.
  #controls = [];
  #popup;

  constructor(map, settings) {
    this.#map = map;
    this.#settings = settings;
    this.#home = settings.extent.split(",").map(Number);
    // A sheet may cover the lower half: the south of the province must fit above it.
    map.options.maxBounds = window.L.latLngBounds(corners(this.#home)).pad(2);
    map.options.zoomSnap = 0.5;
    for (const [name, zIndex] of Object.entries(PANES)) {
      const pane = map.createPane(name);
      pane.style.zIndex = zIndex;
      pane.style.pointerEvents = "none";
    }
    this.#makeLayers();
    addControls({ L: window.L, map, settings, onHome: () => this.goHome() });
    this.onMove(() => {
      this.#classifyZoom();
      this.#places.restore();
      this.#details?.show(this.bounds, this.zoom);
      this.#queue.request();
    });
    map.on("zoomanim", () => this.#places.removeCrowd());
    // The places of a ring have a distance in pixels, which is another distance at another zoom.
    map.on("zoomstart", () => this.closeRing());
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      if (this.#popup?.isOpen()) this.closePopup();
      else this.closeRing();
    });
    new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(map.getContainer());
  }

  /** Mark the zoom on the element of the map: mapview.css shows the lines of each scale. */
  #classifyZoom() {
    const { classList } = this.#map.getContainer();
    classList.toggle("is-near", this.zoom >= COMMUNE_ZOOM);
    classList.toggle("is-overview", this.zoom <= OVERVIEW_ZOOM);
  }

  #makeLayers() {
    const arrange = () =>
      this.#labels.arrange({
        tilesVisible: this.#tiles.visible,
        markers: this.#places.positions,
        controls: [
          ...this.#map.getContainer().querySelectorAll(".leaflet-control"),
          ...this.#controls,
        ],
      });
    this.#queue = new FrameQueue(arrange);
    const parts = { L: window.L, map: this.#map, queue: this.#queue };
    this.#labels = new LabelLayer(parts);
    this.#shapes = new ShapeLayer({
      ...parts,
      labels: this.#labels,
      needsOuterLines: () =>
        Boolean(this.#settings.tiles) || !this.#map.getContainer().classList.contains("has-base"),
    });
    this.#places = new PlaceLayer({
      ...parts,
      panInside: (position, margin) => this.#panInside(position, margin),
    });
    this.#points = new PointLayers(parts);
    this.#tiles = new TileLayer({
      ...parts,
      settings: this.#settings,
      onVisible: (visible) => {
        this.#map.getContainer().classList.toggle("has-tiles", visible);
        this.#queue.request();
      },
    });
  }

  // --- view --------------------------------------------------------------------------------

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

  /** {zoom, at}; at: the centre of the map. */
  get position() {
    const { lat, lng } = this.#map.getCenter();
    return { zoom: this.zoom, at: [lng, lat] };
  }

  setPosition({ zoom, at: [lng, lat] }) {
    this.#map.setView([lat, lng], zoom, { animate: false });
  }

  /** The position in the centre of the part that is not covered, see setPadding(). */
  get visibleCentre() {
    const { x, y } = this.#map.getSize();
    const { top, right, bottom, left } = this.#padding;
    const at = this.#map.containerPointToLatLng([(left + x - right) / 2, (top + y - bottom) / 2]);
    return [at.lng, at.lat];
  }

  /** The box of the part that is not covered, see setPadding(). */
  get visibleBounds() {
    const { x, y } = this.#map.getSize();
    const { top, right, bottom, left } = this.#padding;
    const northWest = this.#map.containerPointToLatLng([left, top]);
    const southEast = this.#map.containerPointToLatLng([x - right, y - bottom]);
    return [northWest.lng, southEast.lat, southEast.lng, northWest.lat];
  }

  /** Set how many pixels are covered by other elements: {top, right, bottom, left, popupTop}; popupTop:
   * above which no popup may extend. */
  setPadding(padding) {
    this.#padding = padding;
  }

  /** Set the elements of the page that are over the map, besides its own controls: no name is under
   * them. */
  setControls(elements) {
    this.#controls = elements;
    this.#queue.request();
  }

  /** The wheel and one finger scroll the page around the map; two fingers move the map. */
  letPageScroll() {
    letPageScroll(this.#map, this.#settings.twoFingers);
  }

  /** Call back when the map has stopped moving and Leaflet's own changes have been painted. */
  onMove(callback) {
    let frame = 0;
    let timer = 0;
    this.#map.on("moveend", () => {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
      frame = requestAnimationFrame(() => {
        timer = setTimeout(callback);
      });
    });
  }

  /** Call back with the position of a tap on the map itself, not on a place or popup. */
  onTap(callback) {
    this.#map.on("click", ({ latlng }) => {
      if (this.#places.hasRing) this.closeRing();
      else callback([latlng.wrap().lng, latlng.lat]);
    });
  }

  goHome(options) {
    this.fit(this.#home, options);
  }

  fit(box, { maxZoom = this.maxZoom, animate = true } = {}) {
    const { top, right, bottom, left } = this.#padding;
    this.#map.fitBounds(corners(box), {
      paddingTopLeft: [left, top],
      paddingBottomRight: [right, bottom],
      maxZoom,
      animate: animate && !reducedMotion.matches,
    });
  }

  /** Centre on a position, at this zoom or a closer one. */
  goTo([lng, lat], zoom) {
    this.fit([lng, lat, lng, lat], { maxZoom: Math.max(zoom, this.zoom) });
  }

  /** Move the map as little as possible so that nothing covers the position. */
  reveal([lng, lat]) {
    this.#panInside([lat, lng], TOUCH);
  }

  #panInside(position, margin) {
    const { top, right, bottom, left } = this.#padding;
    this.#map.panInside(position, {
      paddingTopLeft: [left + margin, top + margin],
      paddingBottomRight: [right + margin, bottom + margin],
      animate: !reducedMotion.matches,
    });
  }

  // --- base map and tiles ------------------------------------------------------------------

  /** Draw land, water, province and names from the file of `build_basemap`, in slices. */
  drawBase({ frame, size, land, communes, neighbours, towns, ...base }) {
    this.#map.setMaxBounds(window.L.latLngBounds(corners(frame)).pad(1));
    const lines = {
      "base-home": base.home,
      "base-river": base.rivers,
      "base-lake": base.lakes,
      "base-border": base.borders,
      "base-province-border": base.provinceBorders,
      "base-home-border": base.homeBorder,
    };
    const drawing = new BaseLayer({ L: window.L, map: this.#map, frame, size });
    this.#queue.add(
      () => this.#map.getContainer().classList.add("has-base"),
      () => this.#classifyZoom(),
      // The lighter band along the coast is decoration: the same outline, wide, below the land. It
      // does not state a depth.
      ...land.map((part) => () => drawing.add(part, "base-shore")),
      ...land.map((part) => () => drawing.add(part, "base-land")),
      ...Object.entries(lines)
        .filter(([, data]) => data)
        .map(
          ([className, data]) =>
            () =>
              drawing.add(data, className),
        ),
    );
    const isBase = true;
    for (const { name, at, population } of towns) {
      const minZoom = population > 1e5 ? 8 : 10;
      const hasDot = true;
      this.#labels.add({ at, text: name, className: "label-town", minZoom, isBase, hasDot });
    }
    for (const { name, at } of [...communes, ...neighbours]) {
      const minZoom = COMMUNE_ZOOM;
      this.#labels.add({ at, text: name, className: "label-commune", minZoom, isBase });
    }
    this.#queue.add(() => this.#drawDetails());
    this.#queue.request();
  }

  /** Draw the squares of the OpenStreetMap extract, if one is loaded. */
  #drawDetails() {
    if (!this.#settings.baseSquares) return;
    this.#details = new DetailLayer({
      map: this.#map,
      queue: this.#queue,
      shapes: this.#shapes,
      labels: this.#labels,
      source: JSON.parse(this.#settings.baseSquares),
      load: (url) => loadJson(url, { cache: "default" }),
    });
    this.#details.show(this.bounds, this.zoom);
  }

  /** Show street tiles, if the site has any, with a check box on the map that removes them. */
  addTiles() {
    this.#tiles.showWithControl();
  }

  /** Show or remove street tiles; onRefused: called when their host does not answer. */
  showTiles(wanted, onRefused) {
    this.#tiles.show(wanted, onRefused);
  }

  // --- areas -------------------------------------------------------------------------------

  /**
   * Draw outlines with their names, from a GeoJSON FeatureCollection.
   * id: for hideOutlines(). className: of lines and names. mayCoverMarkers: a name without another
   * place covers markers instead of being hidden.
   */
  showOutlines(collection, options) {
    this.#shapes.showOutlines(collection, options);
  }

  hideOutlines(id) {
    this.#shapes.hideOutlines(id);
  }

  /**
   * Fill areas, each {geometry, className}. They replace those of the same id; [] removes them.
   * below: under the fills of all other ids.
   */
  showFills(id, fills, options) {
    this.#shapes.showFills(id, fills, options);
  }

  /** Draw one area in the accent colour; null removes it. */
  showArea(geometry) {
    this.#shapes.showArea(geometry);
  }

  /** Draw a line through these positions in the accent colour; it replaces the previous one. */
  showRoute(positions) {
    this.#shapes.showRoute(positions);
  }

  /** Add areas {geometry, onSelect?}; onSelect gets the position of the click. */
  showShapes(shapes) {
    this.#shapes.showShapes(shapes);
  }

  // --- places ------------------------------------------------------------------------------

  /**
   * Show exactly these places: {key, at, element, label, onSelect?, front?, selected?,
   * highlighted?}; element may
   * be a function, called only for a new place. A place with the same key stays unchanged, and keeps
   * the keyboard's focus. Hundreds take longer than a frame, so they are added and removed in
   * slices; a later call replaces the remaining steps.
   */
  showPlaces(places) {
    this.#places.show(places);
  }

  /**
   * Show the points of a layer, each {at, element, label, onSelect}, in addition to the places. They
   * replace those of the same id; [] removes them.
   */
  showPoints(id, points) {
    this.#points.show(id, points);
  }

  /**
   * Spread the places of one spot in a ring around it, with lines to the spot. Escape, a tap
   * elsewhere, a zoom, or the removal of the place with that key closes the ring; the keyboard's
   * focus returns to where it was.
   */
  openRing(at, key, places) {
    this.#places.openRing(at, key, places);
  }

  closeRing() {
    this.#places.closeRing();
  }

  // --- popup and position ------------------------------------------------------------------

  /** Open an element this many pixels above a position; the focus returns when it closes. */
  openPopup([lng, lat], element, pixelsAbove = 10) {
    const { popupTop, right, bottom, left } = this.#padding;
    const focusedBefore = document.activeElement;
    const size = this.#map.getSize();
    const popup = window.L.popup({
      minWidth: 220,
      maxWidth: Math.min(320, size.x - 48),
      maxHeight: Math.max(120, Math.min(340, size.y - popupTop - bottom - 60)),
      offset: [0, -pixelsAbove],
      autoPanPaddingTopLeft: [left, popupTop],
      autoPanPaddingBottomRight: [right, bottom],
    });
    popup.setLatLng([lat, lng]).setContent(element).openOn(this.#map);
    this.#popup = popup;
    const button = popup.getElement().querySelector(".leaflet-popup-close-button");
    button.setAttribute("aria-label", this.#settings.close);
    element.tabIndex = -1;
    element.focus({ preventScroll: true });
    popup.once("remove", () => {
      const hasFocus = popup.getElement().contains(document.activeElement);
      if (hasFocus && focusedBefore?.isConnected) focusedBefore.focus({ preventScroll: true });
    });
  }

  closePopup() {
    this.#popup?.close();
  }

  /**
   * Let users choose one position by click, drag or the arrow keys; onChange gets it, and onStep
   * {direction, metres} after a key. Returns {show(at), focus()}; null as a position shows none.
   */
  editPosition(label, onChange, onStep = () => {}) {
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
        marker.on("keydown", ({ originalEvent }) => step(originalEvent));
        marker.addTo(this.#map);
      }
      marker.setLatLng([at[1], at[0]]);
    };
    const step = (event) => {
      const { lat, lng } = marker.getLatLng().wrap();
      const found = arrowStep([lng, lat], event.key, this.zoom, event.shiftKey);
      if (!found) return;
      event.preventDefault();
      onChange(found.at);
      this.reveal(found.at);
      onStep(found);
    };
    this.#map.on("click", ({ latlng }) => changed(latlng.wrap()));
    return { show, focus: () => marker?.getElement().focus() };
  }
}

/** The box as Leaflet's LatLngBounds take it. */
function corners([west, south, east, north]) {
  return [
    [south, west],
    [north, east],
  ];
}
