/**
 * Share an address, by default that of the page, which contains its state. Returns the key of the text to show, ""
 * where the browser shows its own dialogue.
 */
export async function share(title, url = location.href) {
  try {
    if (navigator.share) {
      await navigator.share({ title, url });
      return "";
    }
    await navigator.clipboard.writeText(url);
    return "link_copied";
  } catch (error) {
    // Closing the dialogue of the device is no failure.
    return error.name === "AbortError" ? "" : "link_not_copied";
  }
}
