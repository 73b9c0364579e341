// Pictograms of product types and shapes of product groups, from build/pictograms.svg, whose URL is
// the attribute data-pictograms of <body>.

const SVG = "http://www.w3.org/2000/svg";

/**
 * Return a pictogram in the colour of the text around it.
 * symbol: an id of the sprite, as frontend.drawings.pictogram_id() returns it: "grape", "group-II".
 */
export function pictogram(symbol) {
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${document.body.dataset.pictograms}#${symbol}`);
  const element = document.createElementNS(SVG, "svg");
  element.setAttribute("class", "pictogram");
  element.setAttribute("aria-hidden", "true");
  element.append(use);
  return element;
}
