// Passing on what people see: its address holds all of it.

/** Share this address; gives what to say about it, a key of the page's texts, or nothing. */
export async function share(title) {
  const url = location.href;
  if (navigator.share) {
    // Who closes the dialogue has changed their mind.
    return navigator.share({ title, url }).catch(() => "");
  }
  try {
    await navigator.clipboard.writeText(url);
    return "link_copied";
  } catch {
    return "link_not_copied";
  }
}
