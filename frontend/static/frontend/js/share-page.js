// The button that shares the address of the page.

import { share } from "./map/share.js";

// Milliseconds for which the button displays what happened.
const SHOWN = 3000;

/** Show a button, whose data contains its texts, and share the page when it is pressed. */
export function offerSharing(button) {
  const label = button.querySelector("[role=status]");
  const normal = label.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const canonical = document.querySelector("link[rel=canonical]")?.href;
    const outcome = await share(button.dataset.share, canonical);
    if (!outcome) return;
    const { copied, failed } = button.dataset;
    label.textContent = outcome === "link_copied" ? copied : failed;
    setTimeout(() => {
      label.textContent = normal;
    }, SHOWN);
  });
}
