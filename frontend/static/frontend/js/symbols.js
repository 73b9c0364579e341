// Symbols of product groups and clusters, made from the <symbol> elements of
// templates/frontend/symbols.svg.

const SVG = "http://www.w3.org/2000/svg";
const NO_GROUP = "none";

/** Return the symbol of a product group for the list. */
export function groupSymbol(group) {
  const name = group || NO_GROUP;
  const use = svgElement("use", { href: `#${symbolId(name)}` });
  return svg({ class: `sign group-${name}`, viewBox: "0 0 24 24" }, [use]);
}

/**
 * Return the symbol of a product on the map: hollow if the position is inexact, with a ring if it is
 * protected. The shapes are copied: each <use> makes moving the map slower.
 */
export function marker({ group, inexact, isProtected }) {
  const name = group || NO_GROUP;
  const attributes = {
    class: `marker group-${name}${inexact ? " inexact" : ""}`,
    // The 24 units of the symbol become 26 of 44 pixels, centred.
    viewBox: "-8.308 -8.308 40.616 40.616",
  };
  const element = svg(attributes, [...copyShapes(name, "halo"), ...copyShapes(name, "body")]);
  if (isProtected) {
    element.prepend(svgElement("circle", { class: "ring", cx: 12, cy: 12, r: 17 }));
  }
  return element;
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

function copyShapes(name, className) {
  return Array.from(document.getElementById(symbolId(name)).children, (shape) => {
    const copy = shape.cloneNode();
    copy.setAttribute("class", className);
    return copy;
  });
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
