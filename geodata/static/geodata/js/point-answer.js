// The answer of the server to a position that is being typed.

/**
 * Return the parts that describe an answer, in their order: {kind, lead, content, use}.
 * kind: "place", "finding", "suggestion" or "numbers". use: the level of a finding, or what a
 * suggestion enters. texts: {error, warning, use, outside, offline}.
 */
export function answerParts(answer, texts) {
  if (answer.failed) {
    const content = answer.error ?? texts.offline;
    return [{ kind: "finding", lead: texts.warning, content, use: "warning" }];
  }
  const parts = [];
  if (answer.point) parts.push({ kind: "place", content: answer.place || texts.outside });
  for (const { level, text } of answer.findings) {
    parts.push({ kind: "finding", lead: texts[level], content: text, use: level });
  }
  if (answer.suggestion) {
    const { label, text, epsg } = answer.suggestion;
    parts.push({ kind: "suggestion", content: `${texts.use}: ${label}`, use: { text, epsg } });
  }
  if (answer.point) {
    const { label, x, y } = answer.vn2000;
    const grid = `${label}: X ${x.toFixed(2)}, Y ${y.toFixed(2)}`;
    parts.push({ kind: "numbers", content: `WGS 84: ${answer.text} · ${grid}` });
  }
  return parts;
}

/** Sends one query after the other; only the answer to the latest is used. */
export class LatestRequest {
  #fetch;
  #number = 0;

  /** fetch: query → Promise of a Response. */
  constructor(fetch) {
    this.#fetch = fetch;
  }

  cancel() {
    this.#number += 1;
  }

  /** Return the JSON of the response, {failed, error?} without one, null if it is outdated. */
  async send(query) {
    this.#number += 1;
    const number = this.#number;
    let answer;
    try {
      const response = await this.#fetch(query);
      answer = await response.json();
      if (!response.ok) answer = { failed: true, error: answer.error };
    } catch {
      answer = { failed: true };
    }
    return number === this.#number ? answer : null;
  }
}
