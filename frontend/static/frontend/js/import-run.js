// Refreshes the pages of imports while a job is running.

/** Replace an element by its new version every few seconds; reload when the run has ended. */
async function refresh(id) {
  const element = document.getElementById(id);
  const { refresh: seconds, state } = element?.dataset ?? {};
  if (!seconds) return;
  await new Promise((resolve) => setTimeout(resolve, 1000 * seconds));
  const response = document.hidden ? null : await fetch(location.href).catch(() => null);
  if (response?.ok) {
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const next = page.getElementById(id);
    if (!next || next.dataset.state !== state) {
      location.reload();
      return;
    }
    // The focus of the keyboard stays where it is unless something is new.
    if (next.innerHTML !== element.innerHTML) element.replaceWith(document.adoptNode(next));
  }
  refresh(id);
}

refresh("import-state");
refresh("import-runs");
