import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import {
  LoadError,
  loadFeatures,
  loadJson,
  loadOptional,
} from "../../geodata/static/geodata/js/loader.js";

const BODIES = { "/json": '{"a":1}', "/text": "<html>", "/slow-body": '{"a":' };
let server;
let site;

before(async () => {
  server = createServer((request, response) => {
    if (request.url === "/no-answer") return;
    response.writeHead(request.url === "/error" ? 503 : 200);
    response.write(BODIES[request.url] ?? "{}");
    if (request.url !== "/slow-body") response.end();
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  site = `http://127.0.0.1:${server.address().port}`;
});

after(() => {
  server.closeAllConnections();
  server.close();
});

function failsWith(reason) {
  return (error) => error instanceof LoadError && error.reason === reason;
}

test("JSON is returned", async () => {
  assert.deepEqual(await loadJson(`${site}/json`), { a: 1 });
});

test("an HTTP error and a body that is not JSON are failures of the server", async () => {
  await assert.rejects(loadJson(`${site}/error`), failsWith("failed"));
  await assert.rejects(loadJson(`${site}/text`), failsWith("failed"));
});

for (const path of ["/no-answer", "/slow-body"]) {
  test(`the timeout ends ${path}`, { timeout: 10_000 }, async () => {
    await assert.rejects(loadJson(site + path, { timeout: 100 }), failsWith("timeout"));
  });
}

test("a server that refuses the connection is reported as offline", async () => {
  const closed = createServer();
  await new Promise((resolve) => closed.listen(0, "127.0.0.1", resolve));
  const { port } = closed.address();
  await new Promise((resolve) => closed.close(resolve));
  await assert.rejects(loadJson(`http://127.0.0.1:${port}/`), failsWith("offline"));
});

test("an optional file that fails, or has no URL, is null", async () => {
  assert.deepEqual(await loadOptional(`${site}/json`), { a: 1 });
  assert.equal(await loadOptional(`${site}/error`), null);
  assert.equal(await loadOptional(""), null);
  assert.equal(await loadOptional(undefined), null);
});

test("the features of all pages are returned, requested from the host of this page", async () => {
  const pages = {
    "/items": {
      features: ["a", "b"],
      links: [
        { rel: "self", href: "https://public.example/items" },
        { rel: "next", href: "https://public.example/items?cursor=2" },
      ],
    },
    "/items?cursor=2": { features: ["c"], links: [] },
  };
  const requested = [];
  const load = async (url) => {
    requested.push(url);
    return pages[url];
  };
  assert.deepEqual(await loadFeatures("/items", { load }), ["a", "b", "c"]);
  assert.deepEqual(requested, ["/items", "/items?cursor=2"]);
});

test("a document without features is a failure of the server", async () => {
  const load = async () => ({ type: "Feature" });
  await assert.rejects(loadFeatures("/items", { load }), failsWith("failed"));
});
