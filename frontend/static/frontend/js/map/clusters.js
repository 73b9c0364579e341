// Clusters of products whose markers would overlap.

import Supercluster from "supercluster";

// Pixels within which products are one cluster; with thousands of products a larger radius, or so
// many markers are in view that drawing them delays every gesture.
const [RADIUS, RADIUS_OF_MANY] = [48, 72];
const MANY = 2_000;

/**
 * Return an index of the products that have a point, for all zooms up to the last one of the map:
 * there too, products at the same spot are a cluster and not a pile of markers.
 */
export function buildIndex(products, maxZoom) {
  const index = new Supercluster({
    // Tiles of the map have 256 pixels, so the radius is in pixels.
    extent: 256,
    radius: products.length > MANY ? RADIUS_OF_MANY : RADIUS,
    // The zoom at which a province and its neighbours fill the map.
    minZoom: 8,
    maxZoom,
    map: ({ properties }) => ({ [properties.category_code ?? "none"]: 1 }),
    reduce: (sums, more) => {
      for (const [group, count] of Object.entries(more)) sums[group] = (sums[group] ?? 0) + count;
    },
  });
  const points = products
    .filter(({ geometry }) => geometry)
    .map((product) => ({ type: "Feature", geometry: product.geometry, properties: product }));
  return index.load(points);
}

/** Return products {at, product} and clusters {at, id, count, groups} in a box of the map. */
export function clustersInView(index, bounds, zoom) {
  return index.getClusters(bounds, Math.floor(zoom)).map(({ geometry, properties }) => {
    const at = geometry.coordinates;
    if (!properties.cluster) return { at, product: properties };
    const { cluster, cluster_id, point_count, point_count_abbreviated, ...groups } = properties;
    return { at, id: cluster_id, count: point_count, groups };
  });
}

/** Return the products of a cluster. */
export function productsOf(index, id) {
  return index.getLeaves(id, Number.POSITIVE_INFINITY).map(({ properties }) => properties);
}

/** Return the zoom at which a cluster is split; beyond the last zoom of the map it never is. */
export function expansionZoom(index, id) {
  return index.getClusterExpansionZoom(id);
}
