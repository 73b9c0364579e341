// Layers of points: markers that stay on the map until their layer is hidden.

import { addMarker, iconOf } from "./markers.js";

/** Layers of points by id, see MapView.showPoints(). */
export class PointLayers {
  #L;
  #map;
  #queue;
  #layers = new Map();

  /** L: Leaflet; map: its map; queue: a FrameQueue. */
  constructor({ L, map, queue }) {
    this.#L = L;
    this.#map = map;
    this.#queue = queue;
  }

  show(id, points) {
    for (const marker of this.#layers.get(id) ?? []) marker.remove();
    const markers = [];
    this.#layers.set(id, markers);
    this.#queue.add(
      ...points.map((point) => () => {
        // In the meantime the layer may have been hidden or shown again.
        if (this.#layers.get(id) === markers) markers.push(this.#add(point));
      }),
    );
    this.#queue.request();
  }

  #add({ at: [lng, lat], element, label, onSelect }) {
    const icon = iconOf(this.#L, { content: element, label, isButton: true, className: "point" });
    // The button takes the focus, not the element around it.
    const marker = this.#L.marker([lat, lng], { icon, title: label, keyboard: false });
    marker.on("click", onSelect);
    addMarker(this.#map, marker, { animated: false });
    return marker;
  }
}
