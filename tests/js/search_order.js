// Reads {features, types, queries} from standard input and writes the ids that the map page lists for each
// query, in order. tests/products/test_search_order.py compares them with the database.

import { readFileSync } from "node:fs";
import { WholeData } from "../../frontend/static/frontend/js/map/data.js";
import { computeResults } from "../../frontend/static/frontend/js/map/results.js";
import { readState } from "../../frontend/static/frontend/js/map/state.js";

const { features, types, queries } = JSON.parse(readFileSync(0, "utf8"));
// As the API sorts them for the map page.
const byName = new Intl.Collator("vi");
features.sort((a, b) => byName.compare(a.properties.name, b.properties.name));
const data = new WholeData({ urls: {}, types, load: async () => features });
await data.loadProducts();
const found = queries.map((query) => {
  const { sorted } = computeResults(data.products, { ...readState(""), query });
  return sorted.map(({ id }) => id);
});
process.stdout.write(JSON.stringify(found));
