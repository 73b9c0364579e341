/**
 * Share an address, by default that of the page, which contains its state. Returns the key of the text to show, ""
 * where the browser shows its own dialogue.
 */
export async function share(title, url = location.href) {
  if (navigator.share) {
    // It rejects when users close the dialogue.
    await navigator.share({ title, url }).catch(() => {});
    return "";
  }
  try {
    await navigator.clipboard.writeText(url);
    return "link_copied";
  } catch {
    return "link_not_copied";
  }
}
