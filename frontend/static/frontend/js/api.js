// Reading our own open-data API.

// A phone at the edge of a network gets so long before it is told.
const TIMEOUT = 15_000;

/** Why something could not be loaded; `reason` is a key of the page's texts. */
export class Failure extends Error {
  constructor(reason, options) {
    super(reason, options);
    this.reason = reason;
  }
}

/** The JSON at the address. Throws Failure: timeout, offline or failed. */
export async function loadJson(url) {
  // Not AbortSignal.timeout(), which the phones that ended with iOS 15 lack.
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), TIMEOUT);
  try {
    // Asks every time whether what is kept is still true: officials see at once what they publish.
    const answer = await fetch(url, { cache: "no-cache", signal: patience.signal });
    if (!answer.ok) throw new Failure("failed");
    return await answer.json();
  } catch (error) {
    if (error instanceof Failure) throw error;
    if (patience.signal.aborted) throw new Failure("timeout", { cause: error });
    // Not JSON is the server's fault, a network error is between us.
    throw new Failure(error instanceof SyntaxError ? "failed" : "offline", { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

/** All features of a collection, following `next` to the end. */
export async function loadFeatures(url) {
  const features = [];
  for (let next = url; next; ) {
    const page = await loadJson(next);
    if (!Array.isArray(page.features)) throw new Failure("failed");
    features.push(...page.features);
    next = onThisHost(page.links?.find(({ rel }) => rel === "next")?.href);
  }
  return features;
}

/** The same path and query. Links carry the site's public address, which is another host to a page
 * that was opened by another name of the server; its policy forbids to ask that one. */
function onThisHost(href) {
  if (!href) return href;
  const { pathname, search } = new URL(href);
  return pathname + search;
}
