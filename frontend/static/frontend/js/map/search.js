// Full-text search with the rule of RecordQuerySet.search() in the database.

import { fold } from "#geodata/js/fold.js";

// Default of pg_trgm.word_similarity_threshold.
const THRESHOLD = 0.6;

// How a word matches; Relevance in geodata/text.py has the whole rule.
const [WORD, BEGINNING, PART, TYPO] = [1_000, 2_000, 3_000, 4_000];

/**
 * Return what search() needs of an entry, from the texts in which it is searched: the most important
 * first, such as name, producer, place; null for a text that the entry does not have.
 */
export function searched(texts) {
  return { searchedTexts: texts };
}

/** Return the texts of an entry in the forms that are compared; made by the first search. */
export function formsOf(entry) {
  if (!entry.forms) {
    const lines = entry.searchedTexts.map((text) => fold(text ?? ""));
    entry.forms = {
      searchText: lines.join("\n"),
      lines: lines.map((line) => ` ${line} `),
      written: entry.searchedTexts.map((text) => (text ?? "").normalize("NFC").toLowerCase()),
    };
  }
  return entry.forms;
}

/**
 * Return the entries that contain every word of the query, the most relevant first, equally relevant
 * ones in their order; if there are none, those that contain it with small typos.
 * entries: with the properties that searched() returns.
 */
export function search(entries, query) {
  return ranked(entries, query).map(([entry]) => entry);
}

/** Return [entry, relevance] of what search() finds; the relevance as in geodata/text.py. */
export function ranked(entries, query) {
  if (last.entries !== entries || last.query !== query) {
    last = { entries, query, found: rank(entries, query) };
  }
  return last.found;
}

// The list searches for the same text as the suggestions, and again when a filter changes.
let last = {};

function rank(entries, query) {
  const words = queryWords(query);
  const found = find(entries, query);
  if (words.length === 0) return found.map((entry) => [entry, 0]);
  return found.map((entry) => [entry, relevance(entry, words)]).sort(([, a], [, b]) => a - b);
}

function find(entries, query) {
  const wanted = fold(query);
  // Folding "!!!" leaves nothing, which every text contains.
  if (!wanted) return query.trim() ? [] : entries;
  const words = wanted.split(" ");
  const exact = entries.filter((entry) => {
    const { searchText } = formsOf(entry);
    return words.every((word) => searchText.includes(word));
  });
  if (exact.length > 0) return exact;
  const trigrams = new Set(trigramsOf(wanted));
  return entries.filter((entry) => {
    const text = formsOf(entry).searchText;
    return mayBeSimilar(trigrams, text) && similarity(trigrams, trigramsOf(text)) >= THRESHOLD;
  });
}

/** Return the words of the query as [folded, as typed in lower case]. */
function queryWords(query) {
  const typed = query.normalize("NFC").toLowerCase();
  const words = typed.match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.flatMap((word) => {
    const folded = fold(word).split(" ").filter(Boolean);
    return folded.map((part) => [part, word]);
  });
}

/** How well an entry matches, 0 best; words: as queryWords() returns them. */
function relevance(entry, words) {
  const { lines, written } = formsOf(entry);
  const wanted = words.map(([word]) => word).join(" ");
  const whole = lines.indexOf(` ${wanted} `);
  if (whole >= 0) {
    const isWritten = words.every(([, typed]) => written[whole].includes(typed));
    return 10 * whole + (isWritten ? 0 : 1);
  }
  let worst = 0;
  for (const [word, typed] of words) {
    let best = Number.POSITIVE_INFINITY;
    for (const [number, line] of lines.entries()) {
      const how = howItMatches(word, line);
      if (how) best = Math.min(best, how + 10 * number + (written[number].includes(typed) ? 0 : 1));
    }
    if (best === Number.POSITIVE_INFINITY) return TYPO + 10 * mostSimilar(wanted, lines) + 1;
    worst = Math.max(worst, best);
  }
  return worst;
}

/** line: folded, with a space before and after it. */
function howItMatches(word, line) {
  if (!line.includes(word)) return 0;
  if (line.includes(` ${word} `)) return WORD;
  return line.includes(` ${word}`) ? BEGINNING : PART;
}

/** Return the number of the line that is most similar to the folded text. */
function mostSimilar(wanted, lines) {
  const trigrams = new Set(trigramsOf(wanted));
  const similarities = lines.map((line) => similarity(trigrams, trigramsOf(line)));
  return similarities.indexOf(Math.max(...similarities));
}

/** Return word_similarity(wanted, text) of pg_trgm for two folded texts. */
export function wordSimilarity(wanted, text) {
  return similarity(new Set(trigramsOf(wanted)), trigramsOf(text));
}

/** Return the trigrams of a folded text in order; a word has two spaces before it and one after. */
function trigramsOf(text) {
  const trigrams = [];
  for (const word of text.split(/[ \n]/)) {
    const padded = `  ${word} `;
    for (let i = 0; word && i + 3 <= padded.length; i++) trigrams.push(padded.slice(i, i + 3));
  }
  return trigrams;
}

/** A fast test that is true for every similar text: most texts contain too few of the trigrams. */
function mayBeSimilar(trigrams, text) {
  const padded = ` ${text.replaceAll("\n", " ")} `;
  let missing = 0;
  for (const trigram of trigrams) {
    // Before a word there may be one space only.
    if (!padded.includes(trigram.replace("  ", " "))) missing += 1;
    if (missing > (1 - THRESHOLD) * trigrams.size) return false;
  }
  return true;
}

/**
 * Return the largest similarity of the wanted trigrams with a continuous extent of the others: the
 * number of common trigrams over the number of all. As in PostgreSQL an extent is only enlarged from
 * the best start found so far, so that both return the same.
 */
function similarity(wanted, trigrams) {
  const lastIndex = new Map();
  let [best, start, size, common] = [0, -1, 0, 0];
  for (const [end, trigram] of trigrams.entries()) {
    const isWanted = wanted.has(trigram);
    if (start < 0 && !isWanted) continue;
    if (!lastIndex.has(trigram)) {
      size += 1;
      if (isWanted) common += 1;
    }
    lastIndex.set(trigram, end);
    if (!isWanted) continue;
    if (start < 0) start = end;
    let current = common / (wanted.size + size - common);
    const first = start;
    for (let [from, left, shared] = [first, size, common]; from <= end; from++) {
      const value = shared / (wanted.size + left - shared);
      if (value > current) [current, start, size, common] = [value, from, left, shared];
      if (lastIndex.get(trigrams[from]) === from) {
        left -= 1;
        if (wanted.has(trigrams[from])) shared -= 1;
      }
    }
    best = Math.max(best, current);
    for (let from = first; from < start; from++) {
      if (lastIndex.get(trigrams[from]) === from) lastIndex.delete(trigrams[from]);
    }
  }
  return best;
}
