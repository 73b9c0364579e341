// Buttons of a record's page that need JavaScript: directions in the map of the phone, printing.

import { directionsUrl } from "./directions.js";

for (const link of document.querySelectorAll("[data-directions]")) {
  link.href = directionsUrl(link.dataset, navigator.userAgent) ?? link.href;
}
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
