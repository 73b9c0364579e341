import assert from "node:assert/strict";
import { test } from "node:test";
import { pathData } from "../../../geodata/static/geodata/js/mapview/base.js";

// At the equator a degree is 2912.7 pixels of zoom 12, in both directions.
const FRAME = [108, -1, 110, 0];

test("areas are closed and lines are not, from the corner of the frame", () => {
  const ring = [
    [108, 0],
    [109, 0],
    [109, -1],
    [108, 0],
  ];
  const area = "M0 0L2912.7 0L2912.7 2912.9L0 0Z";
  assert.equal(pathData({ type: "Polygon", coordinates: [ring] }, FRAME), area);
  assert.equal(
    pathData({ type: "MultiPolygon", coordinates: [[ring], [ring]] }, FRAME),
    area + area,
  );
  const line = "M0 0L2912.7 0";
  const coordinates = ring.slice(0, 2);
  assert.equal(pathData({ type: "LineString", coordinates }, FRAME), line);
  const lines = [coordinates, coordinates];
  assert.equal(pathData({ type: "MultiLineString", coordinates: lines }, FRAME), line + line);
});
