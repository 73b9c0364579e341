// The signs of groups and clusters, made of the symbols in templates/frontend/signs.svg.

const SVG = "http://www.w3.org/2000/svg";
const NO_GROUP = "none";

/** The sign of a product group, as in the list. */
export function sign(group) {
  const name = group || NO_GROUP;
  return svg({ class: `sign group-${name}`, viewBox: "0 0 24 24" }, [symbol(name)]);
}

/** The sign on the map: hollow where the position is not exact, in a ring where protected. */
export function marker({ group, inexact, isProtected }) {
  const name = group || NO_GROUP;
  const box = { x: -13, y: -13, width: 26, height: 26 };
  const ring = isProtected ? [node("circle", { class: "ring", r: 18.5 })] : [];
  return svg(
    { class: `marker group-${name}${inexact ? " inexact" : ""}`, viewBox: "-22 -22 44 44" },
    [...ring, symbol(name, { ...box, class: "halo" }), symbol(name, { ...box, class: "body" })],
  );
}

/** A disc with a number, its ring divided by group; groups: how many of each. */
export function cluster(count, groups) {
  const arcs = [];
  let done = 0;
  for (const [group, size] of Object.entries(groups)) {
    const share = (100 * size) / count;
    arcs.push(
      node("circle", {
        class: `arc group-${group}`,
        r: 17.5,
        pathLength: 100,
        "stroke-dasharray": `${share} ${100 - share}`,
        "stroke-dashoffset": -done,
        transform: "rotate(-90)",
      }),
    );
    done += share;
  }
  const number = node("text", { class: "count", y: 0.5, "text-anchor": "middle" });
  number.textContent = count;
  return svg({ class: "cluster", viewBox: "-22 -22 44 44" }, [
    node("circle", { class: "disc", r: 20.5 }),
    ...arcs,
    number,
  ]);
}

function symbol(name, attributes = {}) {
  return node("use", { href: `#sign-${name}`, ...attributes });
}

function svg(attributes, children) {
  const element = node("svg", { ...attributes, "aria-hidden": "true" });
  element.append(...children);
  return element;
}

function node(name, attributes) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}
