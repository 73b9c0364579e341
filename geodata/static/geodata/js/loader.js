// Loading JSON from this site. Every module loads through here: there is one timeout.

// Milliseconds. A phone at the edge of a network may otherwise wait for ever.
const TIMEOUT = 15_000;

/** Why something was not loaded; `reason` is "timeout", "offline" or "failed". */
export class LoadError extends Error {
  constructor(reason, options) {
    super(reason, options);
    this.reason = reason;
  }
}

/**
 * Return the JSON at the URL. Throws LoadError. timeout: milliseconds for headers and body. cache:
 * of fetch(); "default" for an address whose content never changes.
 */
export function loadJson(url, options) {
  return load(url, (response) => response.json(), options);
}

/** Return the text at the URL; see loadJson(). */
export function loadText(url, options) {
  return load(url, (response) => response.text(), options);
}

// "no-cache" revalidates cached responses: officials see at once what they published.
async function load(url, read, { timeout = TIMEOUT, cache = "no-cache" } = {}) {
  // AbortSignal.timeout() does not exist in Safari 15.4.
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), timeout);
  try {
    const response = await fetch(url, { cache, signal: controller.signal });
    if (!response.ok) throw new LoadError("failed");
    return await read(response);
  } catch (error) {
    if (error instanceof LoadError) throw error;
    if (controller.signal.aborted) throw new LoadError("timeout", { cause: error });
    // Invalid JSON is an error of the server; any other error is one of the network.
    throw new LoadError(error instanceof SyntaxError ? "failed" : "offline", { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

/** Return the JSON at the URL, or null without a URL or when loading fails. */
export async function loadOptional(url, options) {
  if (!url) return null;
  return loadJson(url, options).catch(() => null);
}

/** Return all features of a collection, following the links to the next page. Throws LoadError. */
export async function loadFeatures(url, { load = loadJson } = {}) {
  const features = [];
  for (let next = url; next; ) {
    const page = await load(next);
    if (!Array.isArray(page.features)) throw new LoadError("failed");
    features.push(...page.features);
    next = withoutHost(page.links?.find(({ rel }) => rel === "next")?.href);
  }
  return features;
}

/**
 * Return path and query of a link. Links contain the public host of the site; a page that was opened
 * under another host name may not connect to it (Content-Security-Policy).
 */
function withoutHost(href) {
  if (!href) return href;
  const { pathname, search } = new URL(href);
  return pathname + search;
}
