// The signs of groups and clusters, made of the symbols in templates/frontend/signs.svg.

const SVG = "http://www.w3.org/2000/svg";
const NO_GROUP = "none";

/** The sign of a product group, as in the list. */
export function sign(group) {
  const name = group || NO_GROUP;
  return svg({ class: `sign group-${name}`, viewBox: "0 0 24 24" }, [symbol(name)]);
}

/**
 * The sign on the map: hollow where the position is not exact, in a ring where protected. Its shapes
 * are copied, as each <use> and viewBox costs the browser a step whenever the map moves.
 */
export function marker({ group, inexact, isProtected }) {
  const name = group || NO_GROUP;
  // The symbol's 24 units are 26 pixels in the middle of 44.
  const box = svg(
    {
      class: `marker group-${name}${inexact ? " inexact" : ""}`,
      viewBox: "-8.308 -8.308 40.616 40.616",
    },
    [...shapes(name, "halo"), ...shapes(name, "body")],
  );
  if (isProtected) box.prepend(node("circle", { class: "ring", cx: 12, cy: 12, r: 17 }));
  return box;
}

/**
 * A disc with a number, its ring divided by group; groups: how many of each. No SVG, which costs
 * as much as ten of these when a map full of them moves.
 */
export function cluster(count, groups) {
  let done = 0;
  const parts = Object.entries(groups).map(([group, size]) => {
    const [from, to] = [done, done + size].map((sum) => `${(100 * sum) / count}%`);
    done += size;
    return `var(--group-${group}) ${from} ${to}`;
  });
  const disc = document.createElement("span");
  Object.assign(disc, { className: "cluster", textContent: count });
  disc.setAttribute("aria-hidden", "true");
  // Four digits are wider than the ring.
  disc.classList.toggle("cluster-wide", count > 999);
  disc.style.setProperty("--ring", `conic-gradient(${parts})`);
  return disc;
}

function shapes(name, className) {
  return Array.from(document.getElementById(`sign-${name}`).children, (shape) => {
    const copy = shape.cloneNode();
    copy.setAttribute("class", className);
    return copy;
  });
}

function symbol(name) {
  return node("use", { href: `#sign-${name}` });
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
