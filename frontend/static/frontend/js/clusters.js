// Products gathered where they would cover one another.

import Supercluster from "supercluster";

/**
 * An index of products for all zooms. Up to the map's last zoom, so that what stands on one spot
 * is never a pile of which only the topmost can be reached.
 */
export function buildIndex(products, maxZoom) {
  const index = new Supercluster({
    // Pixels of the map: its tiles have 256.
    extent: 256,
    radius: 48,
    // No map of ours shows more than a province and its neighbours.
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

/** What is to be seen: {at, product} or {at, id, count, groups}. */
export function inView(index, bounds, zoom) {
  return index.getClusters(bounds, Math.floor(zoom)).map(({ geometry, properties }) => {
    const at = geometry.coordinates;
    if (!properties.cluster) return { at, product: properties };
    const { cluster, cluster_id, point_count, point_count_abbreviated, ...groups } = properties;
    return { at, id: cluster_id, count: point_count, groups };
  });
}

/** The products of a cluster. */
export function members(index, id) {
  return index.getLeaves(id, Number.POSITIVE_INFINITY).map(({ properties }) => properties);
}

/** The zoom at which a cluster comes apart; beyond the map's last it never does. */
export function zoomToSplit(index, id) {
  return index.getClusterExpansionZoom(id);
}
