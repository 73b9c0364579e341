// The order of lists of products without a search; the same rule as in products/ocop.

const STATUSES = ["valid", "expiring", "unknown", "expired", "none", "revoked"];
// Names that no producer uses.
const DERIVED = ["generic", "back_translated"];

/**
 * Return a number for a product of the API, the lowest for what lists show first; products with
 * the same number are sorted by name. See ProductQuerySet.with_prominence().
 */
export function prominence({ geometry, properties: { name_basis, ocop_status, rated_from } }) {
  return (
    (DERIVED.includes(name_basis) ? 120_000 : 0) +
    (geometry ? 0 : 60_000) +
    10_000 * STATUSES.indexOf(ocop_status) +
    (9_999 - Number(rated_from?.slice(0, 4) ?? 0))
  );
}
