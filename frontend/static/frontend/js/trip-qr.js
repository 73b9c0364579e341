// Draws a QR code; loaded when it is needed.

import qrcode from "qrcode-generator";

const SVG = "http://www.w3.org/2000/svg";
// Modules of white around the code, as ISO/IEC 18004 requires.
const MARGIN = 4;

/** Return an <svg> with the QR code of a text (low error correction: it is long), named by the label. */
export function qrImage(text, label) {
  const code = qrcode(0, "L");
  code.addData(text, "Byte");
  code.make();
  const size = code.getModuleCount();
  let path = "";
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      if (code.isDark(row, column)) path += `M${column + MARGIN} ${row + MARGIN}h1v1h-1z`;
    }
  }
  const image = document.createElementNS(SVG, "svg");
  const side = size + 2 * MARGIN;
  image.setAttribute("viewBox", `0 0 ${side} ${side}`);
  image.setAttribute("role", "img");
  image.setAttribute("aria-label", label);
  image.setAttribute("shape-rendering", "crispEdges");
  for (const [tag, attributes] of [
    ["rect", { width: side, height: side, fill: "#fff" }],
    ["path", { d: path, fill: "#000" }],
  ]) {
    const shape = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) shape.setAttribute(name, value);
    image.append(shape);
  }
  return image;
}
