// The orders of the list.
//
// Prominence, relevance and name are also orders of the API (`sortby` with the same word), from which
// PagedData has them. The API does not sort by distance: it does not get the position of the user.

/** The orders that users can choose → their values in the address. */
export const ORDERS = {
  relevance: "lien-quan",
  distance: "khoang-cach",
  stars: "sao",
  expiry: "han",
  name: "ten",
};
const IN_FORCE = ["valid", "expiring"];

/**
 * Return the order of the list for a state: a key of ORDERS, or "prominence". A position in `near`
 * means by distance, unless another order was chosen since.
 */
export function orderOf({ sort, near, query }) {
  const isSearch = query.trim() !== "";
  const chosen = Object.keys(ORDERS).find((key) => ORDERS[key] === sort);
  const isPossible = { relevance: isSearch, distance: near !== "" }[chosen] ?? Boolean(chosen);
  if (isPossible) return chosen;
  if (near) return "distance";
  return isSearch ? "relevance" : "prominence";
}

/**
 * Return the products in an order; those that are equal in it remain in the one that they have.
 * matching: by relevance in a search, else by prominence. byName: all products by name. distances:
 * metres by product.
 */
export function inOrder(order, { matching, byName, distances }) {
  const by = (value) => [...matching].sort((a, b) => value(a) - value(b));
  switch (order) {
    case "distance":
      return by((product) => Math.min(distances.get(product), Number.MAX_VALUE));
    case "stars":
      return by(({ properties }) => -(properties.stars ?? 0));
    case "expiry":
      return by(expiry);
    case "name": {
      const wanted = new Set(matching);
      return byName.filter((product) => wanted.has(product));
    }
    default:
      return matching;
  }
}

/** The last day of a rating in force as a number, the first to end first; then all others. */
function expiry({ properties: { ocop_status, rated_to } }) {
  return IN_FORCE.includes(ocop_status) && rated_to ? Date.parse(rated_to) : Number.MAX_VALUE;
}
