// The same rule as fold() in geodata/text.py and geodata_fold() in the database.

/** The text as lower-case ASCII words with one blank between them. */
export function fold(text) {
  return (
    text
      .normalize("NFD")
      .replace(/[\u0300-\u036f]/g, "")
      // NFD leaves đ, which is a letter of its own; old keyboards write ð (eth) for it.
      .replace(/[đĐðÐ]/g, "d")
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, " ")
      .trim()
  );
}
