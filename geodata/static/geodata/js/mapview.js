// The one module that knows the map engine (Leaflet, loaded by a <script> as window.L).
// Positions are [lng, lat] and boxes [west, south, east, north], as in GeoJSON.

import { fold } from "./fold.js";
import { bounds, labelPoint, linesOnce, placeLabels, ring } from "./geometry.js";

const PANES = { base: 150, surfaces: 330, area: 340, outlines: 350, labels: 450, legs: 580 };
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
// Communes are smaller, and so many that one whose name finds no room is better left unnamed.
const NUDGE = ASIDE.filter(([dx, dy]) => Math.hypot(dx, dy) < 17);
// Pixels between two names beside each other.
const APART = 6;
// Milliseconds in which things are drawn before the browser gets its turn: to lay them out and paint
// them takes it several times as long.
const SLICE = 2;
// Of more places none moves while the map zooms: each would be an animation of its own.
const CROWD = 60;
// Milliseconds for which a hint stays.
const HINT = 1_600;
const reducedMotion = matchMedia("(prefers-reduced-motion: reduce)");

// Leaflet moves each marker in three dimensions, which gives each a layer of its own in the browser;
// putting hundreds of layers together took longer than a frame. So only the map as a whole has one
// (mapview.css), and this makes Leaflet write translate() instead of translate3d().
window.L.Browser.ie3d = true;

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
  // The wheel belongs to the page around the map.
  const map = window.L.map(element, { minZoom: 8, maxZoom: 18, scrollWheelZoom: false });
  const view = new MapView(map, settings);
  view.goHome({ animate: false });
  return view;
}

export class MapView {
  #map;
  #settings;
  #padding = { top: 12, right: 12, bottom: 12, left: 12 };
  #home;
  #wanted = [];
  #places = new Map();
  #waiting = [];
  #ground = [];
  #frame = 0;
  #labels = [];
  #outlines = new Map();
  #surfaces = new Map();
  #fan = null;
  #area;
  #popup;
  #tiles;
  #tilesShown = false;

  constructor(map, settings) {
    this.#map = map;
    this.#settings = settings;
    this.#home = settings.extent.split(",").map(Number);
    // A sheet may cover the lower half: what lies in the south must be able to come above it.
    map.options.maxBounds = window.L.latLngBounds(corners(this.#home)).pad(2);
    map.options.zoomSnap = 0.5;
    for (const [name, zIndex] of Object.entries(PANES)) {
      const pane = map.createPane(name);
      pane.style.zIndex = zIndex;
      pane.style.pointerEvents = "none";
    }
    this.#addControls();
    this.onMove(() => {
      map.getContainer().classList.toggle("is-near", this.zoom >= NEAR);
      // A page that shows the same places at every zoom need not ask for them again.
      if (this.#places.size < this.#wanted.length) this.showPlaces(this.#wanted);
      this.#draw();
    });
    // A crowd is not seen while the map zooms, and mostly another one after: it goes meanwhile.
    map.on("zoomanim", () => {
      if (this.#places.size <= CROWD) return;
      this.#waiting = [...this.#places.keys()]
        .filter((key) => !this.#places.get(key).getElement().contains(document.activeElement))
        .map((key) => () => this.#removePlace(key));
      this.#draw();
    });
    // Its places stand so many pixels off their spot, which is another distance at another zoom.
    map.on("zoomstart", () => this.closeFan());
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      if (this.#popup?.isOpen()) this.closePopup();
      else this.closeFan();
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

  /** The position in the middle of what nothing covers. */
  get middle() {
    const { x, y } = this.#map.getSize();
    const { top, right, bottom, left } = this.#padding;
    const at = this.#map.containerPointToLatLng([(left + x - right) / 2, (top + y - bottom) / 2]);
    return [at.lng, at.lat];
  }

  /** Room at the sides that something else covers: {top, right, bottom, left} in pixels. */
  setPadding(padding) {
    this.#padding = padding;
  }

  /** Let wheel and one finger scroll the page around the map; two fingers move the map. */
  letPageScroll() {
    this.#map.scrollWheelZoom.disable();
    if (!matchMedia("(pointer: coarse)").matches) return;
    this.#map.dragging.disable();
    const box = this.#map.getContainer();
    const hint = document.createElement("p");
    Object.assign(hint, { className: "map-hint", textContent: this.#settings.twoFingers });
    box.append(hint);
    let timer;
    const show = ({ touches }) => {
      box.classList.toggle("is-hinting", touches.length === 1);
      clearTimeout(timer);
      timer = setTimeout(() => box.classList.remove("is-hinting"), HINT);
    };
    box.addEventListener("touchmove", show, { passive: true });
  }

  /** Called when the map has come to rest and Leaflet's own part of it has been painted. */
  onMove(callback) {
    let asked = 0;
    let timer = 0;
    this.#map.on("moveend", () => {
      cancelAnimationFrame(asked);
      clearTimeout(timer);
      asked = requestAnimationFrame(() => {
        timer = setTimeout(callback);
      });
    });
  }

  /** Called with the position of a tap on the map that meets neither place nor popup. */
  onTap(callback) {
    this.#map.on("click", ({ latlng }) => {
      if (this.#fan) this.closeFan();
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

  /** Land, province and names, from the file that `build_basemap` makes; drawn piece by piece. */
  drawBase({ frame, land, home, borders, communes, neighbours, towns }) {
    this.#map.setMaxBounds(window.L.latLngBounds(corners(frame)).pad(1));
    this.#ground.push(
      () => this.#map.getContainer().classList.add("has-base"),
      ...land.map((part) => () => this.#addShape(part, "base", "base-land")),
      () => this.#addShape(home, "base", "base-home"),
      () => this.#addShape(borders, "base", "base-border"),
    );
    const ofBase = true;
    for (const { name, at, population } of towns) {
      const from = population > 1e5 ? 8 : 10;
      this.#addLabel({ at, text: name, className: "label-town", from, ofBase });
    }
    for (const { name, at } of [...communes, ...neighbours]) {
      this.#addLabel({ at, text: name, className: "label-commune", from: NEAR, ofBase });
    }
    this.#draw();
  }

  /** Street tiles on top of the base, with a box to take them off. */
  addTiles() {
    this.showTiles(true);
    const choice = window.L.control.layers(null, { [this.#settings.tileName]: this.#tiles });
    choice.addTo(this.#map);
    choice.getContainer().querySelector("a").title = this.#settings.layers;
  }

  /**
   * Put street tiles on top of the base or take them off. They go again, and onRefused is called,
   * when their host cannot be reached.
   */
  showTiles(wanted, onRefused = () => {}) {
    this.#tiles ??= this.#makeTiles(onRefused);
    if (wanted) this.#tiles.addTo(this.#map);
    else this.#tiles.remove();
  }

  #makeTiles(onRefused) {
    const layer = window.L.tileLayer(this.#settings.tiles, {
      attribution: this.#settings.tileCredit,
      maxNativeZoom: 19,
      className: "tiles",
    });
    let failed = 0;
    const show = (shown) => {
      this.#tilesShown = shown;
      this.#map.getContainer().classList.toggle("has-tiles", shown);
      this.#draw();
    };
    layer.on("add", () => {
      failed = 0;
    });
    layer.on("tileload", () => {
      if (!this.#tilesShown) show(true);
    });
    layer.on("tileerror", () => {
      failed += 1;
      if (this.#tilesShown || failed !== TILE_PATIENCE) return;
      layer.remove();
      onRefused();
    });
    layer.on("remove", () => show(false));
    return layer;
  }

  /**
   * Outlines with their names, from a GeoJSON FeatureCollection.
   * id: what hideOutlines() takes away. className: of lines and names. insists: a name rather lies
   * under a marker than nowhere.
   */
  showOutlines({ features }, { id = "outlines", className = "", insists = true } = {}) {
    this.hideOutlines(id);
    const drawn = features.filter(({ geometry }) => geometry);
    // The smallest is named first: it has the least room to step aside.
    drawn.sort((a, b) => spread(a.geometry) - spread(b.geometry));
    const outlines = { line: null, labels: [] };
    this.#outlines.set(id, outlines);
    const steps = [
      () => {
        const lines = linesOnce(drawn.map(({ geometry }) => geometry));
        outlines.line = this.#addShape(lines, "outlines", `outline ${className}`);
      },
      ...drawn.map(({ geometry, properties }) => () => {
        const label = this.#addLabel({
          at: labelPoint(geometry),
          text: properties.name,
          className: `label-outline ${className}`,
          from: 0,
          moves: insists ? ASIDE : NUDGE,
          insists,
        });
        outlines.labels.push(label);
      }),
    ];
    // Until it is their turn they may have been hidden again.
    const isWanted = () => this.#outlines.get(id) === outlines;
    this.#ground.push(...steps.map((step) => () => isWanted() && step()));
    this.#draw();
  }

  hideOutlines(id) {
    const { line, labels } = this.#outlines.get(id) ?? { labels: [] };
    line?.remove();
    for (const { marker } of labels) marker?.remove();
    this.#labels = this.#labels.filter((label) => !labels.includes(label));
    this.#outlines.delete(id);
    this.#draw();
  }

  /**
   * Fill areas, each {geometry, className}; they replace those of the same id, [] takes them away.
   * below: under all others, whichever came first.
   */
  showSurfaces(id, surfaces, { below = false } = {}) {
    for (const shape of this.#surfaces.get(id) ?? []) shape.remove();
    const shapes = surfaces.map(({ geometry, className }) =>
      this.#addShape(geometry, "surfaces", className),
    );
    if (below) for (const shape of shapes) shape.bringToBack();
    this.#surfaces.set(id, shapes);
  }

  /** One area in the accent colour; null takes it away. */
  showArea(geometry) {
    this.#area?.remove();
    this.#area = geometry ? this.#addShape(geometry, "area", "area") : null;
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
   * Show exactly these places: {key, at, element, label, onSelect?, front?, selected?}; element may
   * be a function, called only for a place that is not yet there. What has the same key stays as
   * it is, and with it the keyboard's focus. Hundreds take longer than a frame may, so they come
   * and go in slices; a later call takes over.
   */
  showPlaces(places) {
    this.#wanted = places;
    const crowded = places.length > CROWD;
    this.#map.getContainer().classList.toggle("is-crowded", crowded);
    const wanted = new Map(places.map((place) => [place.key, place]));
    const gone = [...this.#places.keys()].filter((key) => !wanted.has(key));
    if (this.#fan && !wanted.has(this.#fan.key)) this.closeFan();
    for (const [key, { selected = false }] of wanted) {
      const marker = this.#places.get(key);
      if (marker) mark(marker, selected);
    }
    this.#waiting = [
      ...gone.map((key) => () => this.#removePlace(key)),
      ...places
        .filter(({ key }) => !this.#places.has(key))
        .map((place) => () => this.#places.set(place.key, this.#addPlace({ ...place, crowded }))),
    ];
    if (!crowded) doSome(this.#waiting);
    this.#draw();
  }

  /**
   * Spread places of one spot in a ring around it, with legs. Escape, a tap elsewhere, a zoom, or
   * that the place with that key goes, closes the ring; the keyboard's focus comes back.
   */
  fanOut([lng, lat], key, places) {
    this.closeFan();
    const { L } = window;
    const before = document.activeElement;
    const spot = L.latLng(lat, lng);
    const middle = this.#map.project(spot);
    const offsets = ring(places.length, TOUCH + 4);
    const ends = offsets.map((offset) => this.#map.unproject(middle.add(offset)));
    const legs = ends.map((end) => L.polyline([spot, end], this.#style("legs", "leg")));
    for (const leg of legs) leg.addTo(this.#map);
    const markers = places.map((place, i) =>
      this.#addPlace({ ...place, at: [ends[i].lng, ends[i].lat], front: true, fanned: true }),
    );
    this.#fan = { key, before, layers: [...legs, ...markers] };
    this.#map.getContainer().classList.add("has-fan");
    const room = Math.hypot(...offsets[0]) + TOUCH / 2;
    const { top, right, bottom, left } = this.#padding;
    this.#map.panInside(spot, {
      paddingTopLeft: [left + room, top + room],
      paddingBottomRight: [right + room, bottom + room],
      animate: !reducedMotion.matches,
    });
    buttonOf(markers[0]).focus({ preventScroll: true });
    this.#draw();
  }

  closeFan() {
    if (!this.#fan) return;
    const { before, layers } = this.#fan;
    this.#fan = null;
    const inside = document.activeElement?.closest(".fanned");
    for (const layer of layers) layer.remove();
    this.#map.getContainer().classList.remove("has-fan");
    if (inside && before?.isConnected) before.focus({ preventScroll: true });
    this.#draw();
  }

  /** Open an element so many pixels above a position; the focus comes back when it closes. */
  openPopup([lng, lat], element, above = 10) {
    const { top, right, bottom, left } = this.#padding;
    const before = document.activeElement;
    const size = this.#map.getSize();
    const popup = window.L.popup({
      minWidth: 220,
      maxWidth: Math.min(320, size.x - 48),
      maxHeight: Math.max(160, Math.min(340, size.y - top - bottom - 110)),
      offset: [0, -above],
      autoPanPaddingTopLeft: [left, top],
      autoPanPaddingBottomRight: [right, bottom],
    });
    popup.setLatLng([lat, lng]).setContent(element).openOn(this.#map);
    this.#popup = popup;
    const button = popup.getElement().querySelector(".leaflet-popup-close-button");
    button.setAttribute("aria-label", this.#settings.close);
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
    L.control.scale({ imperial: false, updateWhenIdle: true }).addTo(this.#map);
    const button = document.createElement("button");
    Object.assign(button, { type: "button", title: home, className: "map-home" });
    button.setAttribute("aria-label", home);
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
    const smoothFactor = pane === "base" ? 1.5 : 1;
    return { pane, className, interactive: false, smoothFactor };
  }

  #addShape(geometry, pane, className) {
    return window.L.geoJSON(geometry, this.#style(pane, className)).addTo(this.#map);
  }

  #addPlace({ at, element, label, onSelect, front, fanned, selected, crowded }) {
    const sign = typeof element === "function" ? element() : element;
    let html = sign;
    if (onSelect) {
      html = Object.assign(document.createElement("button"), { type: "button" });
      html.setAttribute("aria-label", label);
      html.append(sign);
    }
    const className = fanned ? "place fanned" : "place";
    const icon = window.L.divIcon({ html, className, iconSize: [TOUCH, TOUCH] });
    const marker = window.L.marker([at[1], at[0]], {
      icon,
      title: label,
      // The button takes the focus, not the box around it.
      keyboard: false,
      interactive: Boolean(onSelect),
      // Kept, to go back to when it is selected no longer.
      rank: front ? 1000 : 0,
      zIndexOffset: front ? 1000 : 0,
    });
    if (onSelect) marker.on("click", onSelect);
    this.#addMarker(marker, !crowded);
    mark(marker, Boolean(selected));
    return marker;
  }

  #removePlace(key) {
    this.#places.get(key).remove();
    this.#places.delete(key);
  }

  /** A name for #arrangeLabels; it gets its marker when it is to be shown for the first time. */
  #addLabel({ text, moves = STAY, insists = false, ofBase = false, ...rest }) {
    const label = { ...rest, text, moves, insists, ofBase, name: fold(text), marker: null };
    this.#labels.push(label);
    return label;
  }

  #makeLabel(label) {
    const { at, text, className } = label;
    label.span = document.createElement("span");
    Object.assign(label.span, { textContent: text, className: "unplaced" });
    const icon = window.L.divIcon({
      html: label.span,
      className: `label ${className}`,
      iconSize: [0, 0],
    });
    const options = { icon, pane: "labels", interactive: false, keyboard: false };
    label.marker = window.L.marker([at[1], at[0]], options);
    this.#addMarker(label.marker, false);
  }

  /** Leaflet reads from the map, when a marker is added, whether it moves while the map zooms. */
  #addMarker(marker, moves) {
    this.#map.options.markerZoomAnimation = moves;
    marker.addTo(this.#map);
  }

  /**
   * Draw what waits, a slice in each of the frames that follow: places, then the ground that is new,
   * and in the last one the names.
   */
  #draw() {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => {
      if (this.#waiting.length) doSome(this.#waiting);
      else if (this.#ground.length) doSome(this.#ground);
      else return this.#arrangeLabels();
      this.#draw();
    });
  }

  #arrangeLabels() {
    const outlined = new Set(this.#labels.filter((one) => !one.ofBase).map(({ name }) => name));
    const view = this.#map.getBounds().pad(0.1);
    // A town is not named twice where its district bears its name, nor where the tiles name it.
    const shown = this.#labels.filter(
      ({ at: [lng, lat], from, ofBase, name }) =>
        this.zoom >= from &&
        view.contains([lat, lng]) &&
        !(ofBase && (this.#tilesShown || outlined.has(name))),
    );
    const rank = ({ insists, ofBase }) => (insists ? 0 : 1) + (ofBase ? 1 : 0);
    shown.sort((a, b) => rank(a) - rank(b));
    const unmade = shown.filter(({ marker }) => !marker);
    if (unmade.length) {
      // A zoom may show dozens for the first time: in slices, unless they have gone by then.
      const make = (label) => () => this.#labels.includes(label) && this.#makeLabel(label);
      this.#ground.push(...unmade.map(make));
      return this.#draw();
    }
    // Measured once, and all together: reading a size makes the browser lay out the page.
    for (const label of shown) label.size ??= sizeOf(label.span);
    const boxes = shown.map(({ at: [lng, lat], size, moves, insists }) => {
      const { x, y } = this.#map.latLngToContainerPoint([lat, lng]);
      return { x, y, ...size, width: size.width + APART, moves, insists };
    });
    const markers = [...this.#places.values(), ...(this.#fan?.layers ?? [])];
    const taken = markers
      .filter((layer) => layer.getLatLng)
      .map((marker) => {
        const { x, y } = this.#map.latLngToContainerPoint(marker.getLatLng());
        return { x, y, width: 34, height: 34 };
      });
    const places = placeLabels(boxes, taken);
    const moves = new Map(shown.map((label, i) => [label, places[i]]));
    for (const label of this.#labels.filter(({ marker }) => marker)) {
      const { marker, span, size } = label;
      const move = moves.get(label);
      // One without a place costs the browser nothing, and no name needs a transform of its own.
      marker.getElement().hidden = !move;
      if (!move) continue;
      span.classList.remove("unplaced");
      span.style.left = `${Math.round(move[0] - size.width / 2)}px`;
      span.style.top = `${Math.round(move[1] - size.height / 2)}px`;
    }
  }
}

/** Take as many of the steps as fit into a slice, and at least one. */
function doSome(steps) {
  const end = performance.now() + SLICE;
  do steps.shift()?.();
  while (steps.length && performance.now() < end);
}

/** The place that people have opened stands out and in front. */
function mark(marker, selected) {
  const { classList } = marker.getElement();
  if (classList.contains("selected") === selected) return;
  classList.toggle("selected", selected);
  marker.setZIndexOffset(selected ? 2000 : marker.options.rank);
  if (selected) buttonOf(marker)?.setAttribute("aria-current", "true");
  else buttonOf(marker)?.removeAttribute("aria-current");
}

/** The box as Leaflet has it. */
function corners([west, south, east, north]) {
  return [
    [south, west],
    [north, east],
  ];
}

function buttonOf(marker) {
  return marker.getElement().querySelector("button");
}

function sizeOf({ offsetWidth, offsetHeight }) {
  return { width: offsetWidth, height: offsetHeight };
}

function spread(geometry) {
  const [west, south, east, north] = bounds(geometry);
  return (east - west) * (north - south);
}
