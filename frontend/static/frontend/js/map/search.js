// Full-text search with the rule of RecordQuerySet.search() in the database.

import { fold } from "#geodata/js/fold.js";

// Default of pg_trgm.word_similarity_threshold.
const THRESHOLD = 0.6;

/**
 * Return the entries whose `searchText` (folded) contains every word of the query; if there are none,
 * those that contain it with small typos.
 */
export function search(entries, query) {
  if (last.entries !== entries || last.query !== query) {
    last = { entries, query, found: find(entries, query) };
  }
  return last.found;
}

// The list searches for the same text as the suggestions, and again when a filter changes.
let last = {};

function find(entries, query) {
  const wanted = fold(query);
  // Folding "!!!" leaves nothing, which every text contains.
  if (!wanted) return query.trim() ? [] : entries;
  const words = wanted.split(" ");
  const exact = entries.filter(({ searchText }) =>
    words.every((word) => searchText.includes(word)),
  );
  if (exact.length > 0) return exact;
  const trigrams = new Set(trigramsOf(wanted));
  return entries.filter(({ searchText: text }) => {
    return mayBeSimilar(trigrams, text) && similarity(trigrams, trigramsOf(text)) >= THRESHOLD;
  });
}

/** Whether the folded text contains the other one with small typos. */
export function isSimilar(wanted, text) {
  return wordSimilarity(wanted, text) >= THRESHOLD;
}

/** Return word_similarity(wanted, text) of pg_trgm for two folded texts. */
export function wordSimilarity(wanted, text) {
  return similarity(new Set(trigramsOf(wanted)), trigramsOf(text));
}

/** Return the trigrams of a folded text in order; a word has two spaces before it and one after. */
function trigramsOf(text) {
  const trigrams = [];
  for (const word of text.split(" ")) {
    const padded = `  ${word} `;
    for (let i = 0; word && i + 3 <= padded.length; i++) trigrams.push(padded.slice(i, i + 3));
  }
  return trigrams;
}

/** A fast test that is true for every similar text: most texts contain too few of the trigrams. */
function mayBeSimilar(trigrams, text) {
  const padded = ` ${text} `;
  let missing = 0;
  for (const trigram of trigrams) {
    // In the text, words are separated by one space only.
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
