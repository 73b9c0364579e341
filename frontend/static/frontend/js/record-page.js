// What a record's page has only with JavaScript: directions in the phone's own map, and printing.

import { mapAddress } from "./directions.js";

for (const link of document.querySelectorAll("[data-directions]")) {
  link.href = mapAddress(link.dataset, navigator.userAgent) ?? link.href;
}
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
