// Buttons that copy the text of a field.

for (const button of document.querySelectorAll("[data-copy]")) {
  const field = document.getElementById(button.dataset.copy);
  const status = button.nextElementSibling;
  button.hidden = false;
  button.addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      status.textContent = button.dataset.copied;
    } catch {
      // Refused, or without HTTPS: users can copy the selected text themselves.
      status.textContent = button.dataset.marked;
    }
  });
}
