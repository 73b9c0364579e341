import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

const ROOT = new URL("../../", import.meta.url);
const FOLDERS = ["frontend/static/frontend/js", "geodata/static/geodata/js"];
const USES_LEAFLET = /\bL\.[a-zA-Z]|window\.L\b/;

function modules(folder) {
  return readdirSync(new URL(`${folder}/`, ROOT), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    return entry.isDirectory() ? modules(path) : [path];
  });
}

test("only the modules of mapview/ use Leaflet", () => {
  const using = FOLDERS.flatMap(modules).filter((path) =>
    USES_LEAFLET.test(readFileSync(new URL(path, ROOT), "utf8")),
  );
  assert.ok(using.includes("geodata/static/geodata/js/mapview/view.js"));
  assert.deepEqual(
    using.filter((path) => !path.startsWith("geodata/static/geodata/js/mapview/")),
    [],
  );
});
