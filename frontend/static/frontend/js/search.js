// Search as the database does it; the rule is that of RecordQuerySet.search().

import { fold } from "#geodata/js/fold.js";

// pg_trgm.word_similarity_threshold, as PostgreSQL has it unless told otherwise.
const SIMILAR = 0.6;

/**
 * Of the entries {text: folded} those that hold every word; where there are none, those within
 * small typos.
 */
export function search(entries, asked) {
  if (last.entries !== entries || last.asked !== asked) {
    last = { entries, asked, found: find(entries, asked) };
  }
  return last.found;
}

// The list asks as the suggestions did, and again when a filter changes.
let last = {};

function find(entries, asked) {
  const wanted = fold(asked);
  // "!!!" folds to nothing, which every text contains; nobody means that.
  if (!wanted) return asked.trim() ? [] : entries;
  const words = wanted.split(" ");
  const exact = entries.filter(({ text }) => words.every((word) => text.includes(word)));
  if (exact.length > 0) return exact;
  const trigrams = new Set(trigramsOf(wanted));
  return entries.filter(({ text }) => {
    return mayBeSimilar(trigrams, text) && similarity(trigrams, trigramsOf(text)) >= SIMILAR;
  });
}

/** Whether the folded texts are within small typos. */
export function isSimilar(wanted, text) {
  return wordSimilarity(wanted, text) >= SIMILAR;
}

/** word_similarity(wanted, text) of pg_trgm, both folded. */
export function wordSimilarity(wanted, text) {
  return similarity(new Set(trigramsOf(wanted)), trigramsOf(text));
}

/** The trigrams of a folded text in their order: two blanks before each word, one behind it. */
function trigramsOf(text) {
  const trigrams = [];
  for (const word of text.split(" ")) {
    const padded = `  ${word} `;
    for (let i = 0; word && i + 3 <= padded.length; i++) trigrams.push(padded.slice(i, i + 3));
  }
  return trigrams;
}

/** Cheap, and true for all that is similar: too few of the trigrams stand in most texts. */
function mayBeSimilar(trigrams, text) {
  const padded = ` ${text} `;
  let missing = 0;
  for (const trigram of trigrams) {
    // Words of the text have but one blank between them.
    if (!padded.includes(trigram.replace("  ", " "))) missing += 1;
    if (missing > (1 - SIMILAR) * trigrams.size) return false;
  }
  return true;
}

/**
 * The most that the wanted trigrams have in common with a run of the others: common ones over all
 * that are in either. As in PostgreSQL a run grows from the best beginning found so far, so that
 * both find the same.
 */
function similarity(wanted, trigrams) {
  const last = new Map();
  let [best, start, size, common] = [0, -1, 0, 0];
  for (const [end, trigram] of trigrams.entries()) {
    const isWanted = wanted.has(trigram);
    if (start < 0 && !isWanted) continue;
    if (!last.has(trigram)) {
      size += 1;
      if (isWanted) common += 1;
    }
    last.set(trigram, end);
    if (!isWanted) continue;
    if (start < 0) start = end;
    let found = common / (wanted.size + size - common);
    const first = start;
    for (let [from, left, shared] = [first, size, common]; from <= end; from++) {
      const value = shared / (wanted.size + left - shared);
      if (value > found) [found, start, size, common] = [value, from, left, shared];
      if (last.get(trigrams[from]) === from) {
        left -= 1;
        if (wanted.has(trigrams[from])) shared -= 1;
      }
    }
    best = Math.max(best, found);
    for (let from = first; from < start; from++) {
      if (last.get(trigrams[from]) === from) last.delete(trigrams[from]);
    }
  }
  return best;
}
