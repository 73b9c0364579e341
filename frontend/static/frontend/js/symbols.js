// Symbols of product groups and clusters, made from the <symbol> elements of
// templates/frontend/symbols.svg.

import { loadText } from "#geodata/js/loader.js";

const SVG = "http://www.w3.org/2000/svg";
const NO_GROUP = "none";
// The 24 units of a pictogram become 18 of 44 pixels, centred.
const PICTOGRAM_PLACE = "translate(13 13) scale(.75)";
// At the lower right of the disc.
const SHIELD = "M35 24.500l6 2.200v5c0 4-2.600 6.800-6 8.300-3.400-1.500-6-4.300-6-8.300v-5z";
// Id of a pictogram → its elements.
const shapes = new Map();

/** Return the symbol of a product group for the list. */
export function groupSymbol(group) {
  const name = group || NO_GROUP;
  const use = svgElement("use", { href: `#${symbolId(name)}` });
  return svg({ class: `sign group-${name}`, viewBox: "0 0 24 24" }, [use]);
}

/**
 * Return the marker of a product: a disc in the colour of its group with the pictogram of its type,
 * hollow if the position is inexact; its rim shows the status of the rating by line and colour, a
 * shield beside it that it is protected.
 * pictogram: see pictogramOf(); by default the shape of the group. The shapes are copied: each <use>
 * makes moving the map slower.
 */
export function marker({ group, pictogram, inexact, isProtected, status = "none" }) {
  const name = group || NO_GROUP;
  const className = `marker group-${name}${inexact ? " inexact" : ""}`;
  const shape = svgElement("g", { class: "shape-of-type", transform: PICTOGRAM_PLACE });
  shape.append(...copyShapes(pictogram, name));
  const rim = circle(`rim rim-${status}`, 16);
  const parts = [circle("paper", 18), rim, circle("disc", inexact ? 11.75 : 13), shape];
  if (isProtected) parts.push(svgElement("path", { class: "shield", d: SHIELD }));
  return svg({ class: className, viewBox: "0 0 44 44" }, parts);
}

/**
 * Return the id of a product's pictogram: that of its type, else the shape of its group.
 * types: see views/map.py.
 */
export function pictogramOf({ type, category_code }, types = {}) {
  return types[type]?.[2] ?? `group-${category_code || NO_GROUP}`;
}

/** Load the shapes of pictograms for marker(); without them it draws the shapes of groups. */
export async function loadPictogramShapes() {
  try {
    // The name of the file changes with its content.
    const text = await loadText(document.body.dataset.pictograms, { cache: "default" });
    const sprite = new DOMParser().parseFromString(text, "image/svg+xml");
    for (const { id, children } of sprite.querySelectorAll("symbol")) shapes.set(id, [...children]);
  } catch {
    // Without a network.
  }
}

/**
 * Return the symbol of a cluster: a number in a ring that shows the share of each group.
 * groups: number of products by group. No SVG: moving a map full of them would take ten times as long.
 */
export function cluster(count, groups) {
  let sum = 0;
  const parts = Object.entries(groups).map(([group, size]) => {
    const [from, to] = [sum, sum + size].map((part) => `${(100 * part) / count}%`);
    sum += size;
    return `var(--group-${group}) ${from} ${to}`;
  });
  const disc = document.createElement("span");
  Object.assign(disc, { className: "cluster", textContent: count });
  disc.setAttribute("aria-hidden", "true");
  // Four digits need a smaller font.
  disc.classList.toggle("cluster-wide", count > 999);
  disc.style.setProperty("--ring", `conic-gradient(${parts})`);
  return disc;
}

/** Return the badge with the number of products that are known only to a unit. */
export function unitBadge(count) {
  const badge = document.createElement("span");
  Object.assign(badge, { className: "unit-badge", textContent: count });
  badge.setAttribute("aria-hidden", "true");
  return badge;
}

/**
 * Return the marker of a layer of points: its symbol in a disc, hollow if the position is inexact.
 * path: path data in a box of 24 × 24 units.
 */
export function pointSymbol(path, inexact = false) {
  const className = `point-symbol${inexact ? " inexact" : ""}`;
  // A disc of 30 of 44 pixels, and the symbol in it, of 19 pixels.
  return svg({ class: className, viewBox: "-10 -10 44 44" }, [
    svgElement("circle", { cx: 12, cy: 12, r: 15 }),
    svgElement("path", { d: path, transform: "translate(2.4 2.4) scale(.8)" }),
  ]);
}

/** Return the symbol of the user's position. */
export function userSymbol() {
  return Object.assign(document.createElement("span"), { className: "me" });
}

function symbolId(name) {
  return `sign-${name}`;
}

function copyShapes(pictogram, group) {
  const { children } = document.getElementById(symbolId(group));
  return Array.from(shapes.get(pictogram) ?? children, (shape) => shape.cloneNode());
}

function circle(className, r) {
  return svgElement("circle", { class: className, cx: 22, cy: 22, r });
}

function svg(attributes, children) {
  const element = svgElement("svg", { ...attributes, "aria-hidden": "true" });
  element.append(...children);
  return element;
}

function svgElement(name, attributes) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}
