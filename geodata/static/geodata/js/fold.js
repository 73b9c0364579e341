// The same rule as fold() in geodata/text.py and geodata_fold() in the database.

/** Return the text as lower-case ASCII words separated by single spaces. */
export function fold(text) {
  return (
    text
      .normalize("NFD")
      .replace(/[\u0300-\u036f]/g, "")
      // NFD does not decompose đ; old keyboards type ð (eth) instead of it.
      .replace(/[đĐðÐ]/g, "d")
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, " ")
      .trim()
  );
}
