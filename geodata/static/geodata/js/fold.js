// The same rule as fold() in geodata/text.py and geodata_fold() in the database.

/** The text as lower-case ASCII words with one blank between them. */
export function fold(text) {
  return (
    text
      .normalize("NFD")
      // U+034F is the one sign of this block that Unicode does not call combining.
      .replace(/[\u0300-\u034e\u0350-\u036f]/g, "")
      // NFD leaves đ, which is a letter of its own.
      .replace(/[đĐ]/g, "d")
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, " ")
      .trim()
  );
}
