// The map of an import: where its records would be, and where they are now.

import { loadOptional } from "#geodata/js/loader.js";
import { createMapView } from "#geodata/js/mapview/view.js";

// The closest zoom at which the map opens.
const MAX_ZOOM = 12;

function dot() {
  const element = document.createElement("span");
  element.className = "dot";
  return element;
}

async function drawMoves() {
  const box = document.querySelector(".import-map");
  const moves = JSON.parse(document.getElementById("import-moves").textContent);
  const view = createMapView(box.firstElementChild, box.dataset);
  view.letPageScroll();
  const [base, outlines] = await Promise.all(
    [box.dataset.basemap, box.dataset.outlines].map((url) => loadOptional(url)),
  );
  if (base) view.drawBase(base);
  if (outlines) view.showOutlines(outlines);
  view.addTiles();
  const moved = moves.filter(({ was }) => was);
  view.showFills(
    "moves",
    moved.map(({ was, at }) => ({
      geometry: { type: "LineString", coordinates: [was, at] },
      className: "import-move",
    })),
  );
  view.showPlaces(
    moves.map(({ line, name, was, at }) => ({
      key: `${line}`,
      at,
      element: dot(),
      label: `${name}: ${was ? box.dataset.moved : box.dataset.new}`,
    })),
  );
  const positions = moves.flatMap(({ was, at }) => (was ? [was, at] : [at]));
  const [xs, ys] = [0, 1].map((axis) => positions.map((position) => position[axis]));
  view.fit([Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)], {
    maxZoom: MAX_ZOOM,
  });
}

drawMoves();
