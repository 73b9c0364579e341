// Places on the map: markers of products and clusters, and the ring that spreads those of one spot.

import { ringOffsets } from "../geometry.js";
import { addMarker, iconOf, TOUCH } from "./markers.js";
import { pathOptions } from "./shapes.js";

// Above this number, places do not move during the zoom animation (each would be an animation of
// its own): they are hidden, and removed in the meantime, as most are not visible afterwards.
const CROWD = 60;

/**
 * Compare the keys of the places on the map with the places wanted: {removed, added, unchanged};
 * keys in `removed`, places in the others.
 */
export function comparePlaces(existingKeys, places) {
  const existing = new Set(existingKeys);
  const wanted = new Set(places.map(({ key }) => key));
  return {
    removed: [...existing].filter((key) => !wanted.has(key)),
    added: places.filter(({ key }) => !existing.has(key)),
    unchanged: places.filter(({ key }) => existing.has(key)),
  };
}

/** The places of a map, see MapView.showPlaces(). */
export class PlaceLayer {
  #L;
  #map;
  #queue;
  #panInside;
  #wanted = [];
  #markers = new Map();
  #ring = null;

  /** L: Leaflet; map: its map; queue: a FrameQueue; panInside(latLng, margin): moves the map. */
  constructor({ L, map, queue, panInside }) {
    this.#L = L;
    this.#map = map;
    this.#queue = queue;
    this.#panInside = panInside;
  }

  /** Positions {lat, lng} of all markers. */
  get positions() {
    const markers = [...this.#markers.values(), ...(this.#ring?.markers ?? [])];
    return markers.map((marker) => marker.getLatLng());
  }

  get hasRing() {
    return this.#ring !== null;
  }

  show(places) {
    this.#wanted = places;
    const crowded = places.length > CROWD;
    this.#map.getContainer().classList.toggle("is-crowded", crowded);
    const { removed, added, unchanged } = comparePlaces(this.#markers.keys(), places);
    if (this.#ring && !places.some(({ key }) => key === this.#ring.key)) this.closeRing();
    for (const { key, selected = false, highlighted = false } of unchanged) {
      setSelected(this.#markers.get(key), selected);
      setHighlighted(this.#markers.get(key), highlighted);
    }
    this.#queue.setUrgent([
      ...removed.map((key) => () => this.#remove(key)),
      ...added.map((place) => () => {
        this.#markers.set(place.key, this.#add(place, { animated: !crowded }));
      }),
    ]);
    if (!crowded) this.#queue.runUrgent();
    this.#queue.request();
  }

  /** Show the same places again if a zoom has removed some. */
  restore() {
    if (this.#markers.size < this.#wanted.length) this.show(this.#wanted);
  }

  /** Remove a crowd during the zoom animation, except the place with the keyboard's focus. */
  removeCrowd() {
    if (this.#markers.size <= CROWD) return;
    const removed = [...this.#markers]
      .filter(([, marker]) => !marker.getElement().contains(document.activeElement))
      .map(([key]) => key);
    this.#queue.setUrgent(removed.map((key) => () => this.#remove(key)));
    this.#queue.request();
  }

  /** See MapView.openRing(). */
  openRing([lng, lat], key, places) {
    this.closeRing();
    const focusedBefore = document.activeElement;
    const spot = this.#L.latLng(lat, lng);
    const centre = this.#map.project(spot);
    const offsets = ringOffsets(places.length, TOUCH + 4);
    const ends = offsets.map((offset) => this.#map.unproject(centre.add(offset)));
    const legs = ends.map((end) => this.#L.polyline([spot, end], pathOptions("legs", "leg")));
    for (const leg of legs) leg.addTo(this.#map);
    const markers = places.map((place, i) => {
      const at = [ends[i].lng, ends[i].lat];
      return this.#add({ ...place, at, front: true }, { animated: true, className: "fanned" });
    });
    this.#ring = { key, focusedBefore, legs, markers };
    this.#map.getContainer().classList.add("has-fan");
    this.#panInside(spot, Math.hypot(...offsets[0]) + TOUCH / 2);
    buttonOf(markers[0]).focus({ preventScroll: true });
    this.#queue.request();
  }

  closeRing() {
    if (!this.#ring) return;
    const { focusedBefore, legs, markers } = this.#ring;
    this.#ring = null;
    const hasFocus = document.activeElement?.closest(".fanned");
    for (const layer of [...legs, ...markers]) layer.remove();
    this.#map.getContainer().classList.remove("has-fan");
    if (hasFocus && focusedBefore?.isConnected) focusedBefore.focus({ preventScroll: true });
    this.#queue.request();
  }

  #remove(key) {
    this.#markers.get(key).remove();
    this.#markers.delete(key);
  }

  #add(
    { at, element, label, onSelect, front, selected, highlighted },
    { animated, className = "" },
  ) {
    const content = typeof element === "function" ? element() : element;
    const icon = iconOf(this.#L, { content, label, isButton: Boolean(onSelect), className });
    const baseZIndex = front ? 1000 : 0;
    const marker = this.#L.marker([at[1], at[0]], {
      icon,
      title: label,
      // The button takes the focus, not the element around it.
      keyboard: false,
      interactive: Boolean(onSelect),
      // Stored for setSelected(), which restores it.
      baseZIndex,
      zIndexOffset: baseZIndex,
    });
    if (onSelect) marker.on("click", onSelect);
    addMarker(this.#map, marker, { animated });
    setSelected(marker, Boolean(selected));
    setHighlighted(marker, Boolean(highlighted));
    return marker;
  }
}

/** Emphasise the place that is open and bring it to the front. */
function setSelected(marker, selected) {
  const { classList } = marker.getElement();
  if (classList.contains("selected") === selected) return;
  classList.toggle("selected", selected);
  marker.setZIndexOffset(selected ? 2000 : marker.options.baseZIndex);
  if (selected) buttonOf(marker)?.setAttribute("aria-current", "true");
  else buttonOf(marker)?.removeAttribute("aria-current");
}

/** Emphasise the place whose item in the list has the pointer or the focus. */
function setHighlighted(marker, highlighted) {
  const { classList } = marker.getElement();
  if (classList.contains("highlighted") === highlighted) return;
  classList.toggle("highlighted", highlighted);
  if (!classList.contains("selected")) {
    marker.setZIndexOffset(highlighted ? 1500 : marker.options.baseZIndex);
  }
}

function buttonOf(marker) {
  return marker.getElement().querySelector("button");
}
