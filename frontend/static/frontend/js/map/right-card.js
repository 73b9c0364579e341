// The card of the chosen right: name, kind, status, owner, with a link to its page.

import { fillIn } from "./product-labels.js";
import { pageFor } from "./suggest.js";

/**
 * Show a right in the card; without a right hide it. row: of the index of the page (map_page.py);
 * kinds: kind → its name; page: pattern of the page of a right.
 */
export function showRightCard(card, row, { texts, kinds, page }) {
  card.hidden = !row;
  if (!row) return;
  const [code, name, kind, , , status, owner] = row;
  const field = (key) => card.querySelector(`[data-field=${key}]`);
  const link = document.createElement("a");
  field("name").replaceChildren(
    Object.assign(link, { textContent: name, href: pageFor(page, code, name) }),
  );
  field("about").textContent = `${kinds[kind]} · ${status}`;
  field("owner").textContent = owner && fillIn(texts.right_owner, { owner });
  field("owner").hidden = !owner;
}
