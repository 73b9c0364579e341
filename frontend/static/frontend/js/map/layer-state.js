// The layers in the state of the map page.

/** Layer → its name in the address, in attributes and in texts; in drawing order. */
export const LAYERS = {
  district: "huyen",
  oldCommune: "xa-cu",
  commune: "xa",
  right: "bao-ho",
};
/** Layer of units → the property of a product that contains the code of its unit. */
export const UNIT_CODES = {
  district: "district_code",
  oldCommune: "old_commune_code",
  commune: "commune_code",
};
const DEFAULT_LAYERS = LAYERS.district;
const NO_LAYERS = "khong";
/** The value of `basemap` without street tiles. */
export const PLAIN = "trang";

/** Return the layer with this name in the address; layers: as LAYERS, with those of points. */
export function layerOf(name, layers = LAYERS) {
  return Object.keys(layers).find((layer) => layers[layer] === name);
}

/**
 * Return {visible, choropleth, basemap}; visible: layers; choropleth: the layer of units that are
 * coloured, or ""; basemap: "" for street tiles or PLAIN. Without parameters, districts are visible.
 */
export function readLayers({ layers = "", choropleth = "", basemap = "" }, known = LAYERS) {
  const names = (layers || DEFAULT_LAYERS).split(".");
  const units = layerOf(choropleth);
  return {
    visible: Object.keys(known).filter((layer) => names.includes(known[layer])),
    choropleth: units in UNIT_CODES ? units : "",
    basemap: basemap === PLAIN ? PLAIN : "",
  };
}

/** Return the part of the state for these layers, with "" for defaults. */
export function writeLayers({ visible, choropleth, basemap }, known = LAYERS) {
  const names = visible.map((layer) => known[layer]).join(".") || NO_LAYERS;
  return {
    layers: names === DEFAULT_LAYERS ? "" : names,
    choropleth: LAYERS[choropleth] ?? "",
    basemap,
  };
}
