// The button that shares the address of the page.

// Milliseconds for which the button displays what happened.
const SHOWN = 3000;

/** Show a button, whose data contains its texts, and share the page when it is pressed. */
export function offerSharing(button) {
  const label = button.querySelector("[role=status]");
  const normal = label.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const outcome = await share(button.dataset.share);
    if (!outcome) return;
    label.textContent = button.dataset[outcome];
    setTimeout(() => {
      label.textContent = normal;
    }, SHOWN);
  });
}

/** Share by the device, or copy the address; return the key of a text to display, if any. */
async function share(title) {
  const url = document.querySelector("link[rel=canonical]")?.href ?? location.href;
  try {
    if (navigator.share) {
      await navigator.share({ title, url });
      return "";
    }
    await navigator.clipboard.writeText(url);
    return "copied";
  } catch (error) {
    // Closing the dialog of the device is no failure.
    return error.name === "AbortError" ? "" : "failed";
  }
}
