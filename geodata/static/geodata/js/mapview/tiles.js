// Street tiles on top of the base map.

// So many tiles fail, and none loads, before the layer is removed.
const MAX_ERRORS = 4;

/** The layer of street tiles; `visible` once a tile has loaded. */
export class TileLayer {
  #L;
  #map;
  #settings;
  #onVisible;
  #layer;
  #visible = false;

  /**
   * settings: {tiles, tileCredit, tileName, layers}, see map_attributes.html; without an address in
   * `tiles`, show() and showWithControl() do nothing.
   * onVisible(visible): called when the first tile has loaded and when the layer is removed.
   */
  constructor({ L, map, settings, onVisible }) {
    this.#L = L;
    this.#map = map;
    this.#settings = settings;
    this.#onVisible = onVisible;
  }

  get visible() {
    return this.#visible;
  }

  /**
   * Add the layer to the map or remove it. When its host does not answer, it is removed again and
   * the onRefused of the first call is called.
   */
  show(wanted, onRefused = () => {}) {
    if (!this.#settings.tiles) return;
    this.#layer ??= this.#makeLayer(onRefused);
    if (wanted) this.#layer.addTo(this.#map);
    else this.#layer.remove();
  }

  /** Show the tiles, with a check box on the map that removes them. */
  showWithControl() {
    if (!this.#settings.tiles) return;
    this.show(true);
    const control = this.#L.control.layers(null, { [this.#settings.tileName]: this.#layer });
    control.addTo(this.#map);
    control.getContainer().querySelector("a").title = this.#settings.layers;
  }

  #makeLayer(onRefused) {
    const layer = this.#L.tileLayer(this.#settings.tiles, {
      attribution: this.#settings.tileCredit,
      maxNativeZoom: 19,
      className: "tiles",
    });
    let errors = 0;
    layer.on("add", () => {
      errors = 0;
    });
    layer.on("tileload", () => {
      if (!this.#visible) this.#setVisible(true);
    });
    layer.on("tileerror", () => {
      errors += 1;
      if (this.#visible || errors !== MAX_ERRORS) return;
      layer.remove();
      onRefused();
    });
    layer.on("remove", () => this.#setVisible(false));
    return layer;
  }

  #setVisible(visible) {
    this.#visible = visible;
    this.#onVisible(visible);
  }
}
