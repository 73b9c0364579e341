// Buttons that copy the text of a field. They may be added to the page later.

for (const button of document.querySelectorAll("[data-copy]")) button.hidden = false;

document.addEventListener("click", async ({ target }) => {
  const button = target.closest("[data-copy]");
  if (!button) return;
  const field = document.getElementById(button.dataset.copy);
  const status = button.nextElementSibling;
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    status.textContent = button.dataset.copied;
  } catch {
    // Refused, or without HTTPS: users can copy the selected text themselves.
    status.textContent = button.dataset.marked;
  }
});
