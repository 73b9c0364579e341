// Products on the map: markers and clusters, the selected product, the position of the user.

import { boundsOf } from "#geodata/js/geometry.js";
import { cluster, marker, pictogramOf, unitBadge, userSymbol } from "../symbols.js";
import { buildIndex, clustersInView, expansionZoom, productsOf } from "./clusters.js";
import { freePlace } from "./free-place.js";
import { partition } from "./partition.js";
import { fillIn, markerLabel, unitLabel } from "./product-labels.js";
import { writePlace } from "./state.js";

// The zoom that shows the villages around a product.
const PLACE_ZOOM = 12;
// Up to this number, the products of one spot are spread in a ring on the map.
const MAX_RING = 12;

/** The products on a MapView. Until attach() is called, all methods do nothing. */
export class ProductMap {
  #view = null;
  #clusters = null;
  #units = [];
  #knownUnits;
  #onUnplaced;
  #texts;
  #getSelection;
  #onOpenProduct;
  #onOpenSpot;
  #highlighted = null;

  /**
   * getSelection(): {product, userPosition}, each may be undefined or null.
   * knownUnits: see partition(). onUnplaced(products): those that are not on the map.
   * onOpenProduct(product). onOpenSpot(product, {isRing}): a cluster that no zoom splits, or the
   * products of a unit; isRing: they are in a ring on the map, which has the focus.
   */
  constructor({
    texts,
    getSelection,
    onOpenProduct,
    onOpenSpot,
    onUnplaced = () => {},
    knownUnits = new Map(),
  }) {
    this.#knownUnits = knownUnits;
    this.#onUnplaced = onUnplaced;
    this.#texts = texts;
    this.#getSelection = getSelection;
    this.#onOpenProduct = onOpenProduct;
    this.#onOpenSpot = onOpenSpot;
  }

  attach(view) {
    this.#view = view;
    view.onMove(() => this.draw());
  }

  /** Show these products. */
  setProducts(products) {
    if (!this.#view) return;
    // The item of a product that is filtered out is removed under the pointer, without an event.
    if (!products.includes(this.#highlighted)) this.#highlighted = null;
    const { located, units, unplaced } = partition(products, this.#knownUnits);
    this.#clusters = buildIndex(located, this.#view.maxZoom);
    this.#units = units;
    this.#onUnplaced(unplaced);
    this.draw();
  }

  /** Draw what is in view now. */
  draw() {
    if (!this.#clusters) return;
    const { product: selected, userPosition } = this.#getSelection();
    const places = clustersInView(this.#clusters, this.#view.bounds, this.#view.zoom)
      .filter(({ product }) => !product || (product !== selected && product !== this.#highlighted))
      .map((found) => (found.product ? this.#productPlace(found) : this.#clusterPlace(found)));
    const taken = places.map(({ at }) => at);
    for (const group of this.#units) {
      const place = this.#unitPlace(group, selected, taken);
      taken.push(place.at);
      places.push(place);
    }
    // The selected product is drawn by itself, also if it is in a cluster or filtered out.
    if (selected?.geometry) {
      const place = this.#productPlace({ at: selected.geometry.coordinates, product: selected });
      places.push({ ...place, front: true, selected: true });
    }
    // So is the one whose item in the list is pointed at.
    const highlighted = this.#highlighted;
    if (highlighted?.geometry && highlighted !== selected) {
      const at = highlighted.geometry.coordinates;
      const place = this.#productPlace({ at, product: highlighted });
      places.push({ ...place, front: true, highlighted: true });
    }
    if (userPosition) {
      const key = `user ${writePlace(userPosition)}`;
      places.push({ key, at: userPosition, element: userSymbol, label: this.#texts.near_me });
    }
    this.#view.showPlaces(places);
  }

  /** Highlight the marker of a product, or the badge of its unit; null for none. */
  highlight(product) {
    if (product === this.#highlighted) return;
    this.#highlighted = product;
    this.draw();
  }

  goTo(product) {
    this.#view?.goTo(product.geometry.coordinates, PLACE_ZOOM);
  }

  /** Move the map as little as possible so that nothing covers the product. */
  reveal(product) {
    const at = product?.geometry?.coordinates;
    if (at) this.#view?.reveal(at);
  }

  /** Show a box; limitZoom: not closer than PLACE_ZOOM. */
  fit(box, { limitZoom = true } = {}) {
    this.#view?.fit(box, limitZoom ? { maxZoom: PLACE_ZOOM } : {});
  }

  /** Show all positions. */
  fitPositions(positions) {
    if (positions.length > 0) this.fit(boundsOf(positions));
  }

  /** Draw the area of a right; null removes it. */
  showArea(geometry) {
    this.#view?.showArea(geometry);
  }

  closePopup() {
    this.#view?.closePopup();
  }

  closeRing() {
    this.#view?.closeRing();
  }

  #productPlace({ at, product }) {
    const { properties } = product;
    const isProtected = Boolean(properties.protections);
    const inexact = properties.position === "commune";
    return {
      key: `${product.id} ${isProtected}`,
      at,
      element: () =>
        marker({
          group: properties.category_code,
          pictogram: pictogramOf(properties, this.#texts.types),
          status: properties.ocop_status,
          inexact,
          isProtected,
        }),
      label: markerLabel(properties, this.#texts),
      onSelect: () => this.#onOpenProduct(product),
    };
  }

  #clusterPlace({ at, id, count, groups }) {
    const key = `${id} ${count} ${Object.entries(groups)}`;
    return {
      key,
      at,
      element: () => cluster(count, groups),
      label: fillIn(this.#texts.cluster, { count }),
      front: true,
      onSelect: () => this.#openCluster({ id, at, key }),
    };
  }

  #unitPlace({ unit, products }, selected, taken) {
    const count = products.length;
    const name = unitLabel(products[0].properties.district, this.#texts);
    const at = freePlace(unit.points, taken, this.#view.zoom);
    return {
      key: `unit ${unit.code} ${count} ${at}`,
      at,
      front: true,
      element: () => unitBadge(count),
      label: fillIn(this.#texts.unit_badge, { count, unit: name }),
      selected: products.includes(selected),
      highlighted: products.includes(this.#highlighted),
      onSelect: () => this.#onOpenSpot(products[0], { isRing: false }),
    };
  }

  #openCluster({ id, at, key }) {
    const zoom = expansionZoom(this.#clusters, id);
    if (zoom <= this.#view.maxZoom) return this.#view.goTo(at, zoom);
    const products = productsOf(this.#clusters, id);
    const isRing = products.length <= MAX_RING;
    if (isRing) {
      const places = products.map((product) => this.#productPlace({ at, product }));
      this.#view.openRing(at, key, places);
    }
    this.#onOpenSpot(products[0], { isRing });
  }
}
