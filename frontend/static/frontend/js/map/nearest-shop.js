// How far the nearest place to buy is.

import { distanceInMetres, formatDistance } from "./distance.js";
import { fillIn } from "./product-labels.js";

/**
 * Return {shop, metres, isOwn} of the nearest sales point of a product, or null: one of its own
 * producer if a source names one that sells and has a point, else the nearest of all that do.
 * at: [lng, lat] of the product, or null; metres is null then. shops: features of sales-points.
 */
export function nearestShop({ at, producerId }, shops) {
  const selling = shops.filter(({ geometry, properties }) => geometry && properties.sells);
  const own = selling.filter(
    ({ properties }) => producerId && properties.producer_id === producerId,
  );
  if (!at) return own.length > 0 ? { shop: own[0], metres: null, isOwn: true } : null;
  let best = null;
  for (const shop of own.length > 0 ? own : selling) {
    const metres = distanceInMetres(at, shop.geometry.coordinates);
    if (!best || metres < best.metres) best = { shop, metres, isOwn: own.length > 0 };
  }
  return best;
}

/**
 * Return "Nơi bán gần nhất: 3,2 km"; "khoảng" if one of the two positions is that of a commune.
 * product, shop: features.
 */
export function shopLabel(product, { shop, metres, isOwn }, texts) {
  if (metres === null) return "";
  const isRough = [product, shop].some(({ properties }) => properties.position === "commune");
  // Between the points of two communes anything below a kilometre is noise.
  const distance = formatDistance(isRough ? Math.max(metres, 1000) : metres, texts.language);
  const key = isOwn ? "own_shop" : "nearest_shop";
  return fillIn(texts[isRough ? `${key}_rough` : key], { distance });
}
