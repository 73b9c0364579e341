// What a record's page does with JavaScript: directions in the map of the phone, printing, sharing,
// and opening the folded sources.

import { directionsUrl } from "./directions.js";
import { openForPrint, openTarget } from "./folded.js";
import { offerSharing } from "./share-page.js";

for (const link of document.querySelectorAll("[data-directions]")) {
  link.href = directionsUrl(link.dataset, navigator.userAgent) ?? link.href;
}
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
for (const button of document.querySelectorAll("[data-share]")) offerSharing(button);
openForPrint();
openTarget();
addEventListener("hashchange", openTarget);
