// The page on which the code of an embedded map is made: preview and code follow the form. The
// server makes both, so that the page is the same without this script after a press of the button.

const form = document.getElementById("embed-form");
const result = () => document.getElementById("embed-result");
let latest = 0;

/** The query string of the form, without empty fields. */
function query() {
  const filled = [...new FormData(form)].filter(([, value]) => value !== "");
  return `?${new URLSearchParams(filled)}`;
}

/** Replace preview, code and errors by those for the present choices. */
async function update() {
  latest += 1;
  const mine = latest;
  let text;
  try {
    text = await (await fetch(location.pathname + query())).text();
  } catch (error) {
    if (mine === latest) throw error;
  }
  // A newer request replaces this one.
  if (mine !== latest) return;
  const page = new DOMParser().parseFromString(text, "text/html");
  const next = page.getElementById("embed-result");
  // A page of an error has no result; one for a wrong option, with status 400, has.
  if (!next) throw new Error("no result");
  history.replaceState(null, "", query());
  result().replaceWith(next);
  for (const error of form.querySelectorAll(".builder-error")) error.remove();
  result().prepend(...page.querySelectorAll("#embed-form .builder-error"));
  prepare();
}

function onFailure() {
  result().textContent = form.dataset.failed;
}

/** Start the buttons of the result. */
function prepare() {
  for (const button of result().querySelectorAll("[data-copy]")) button.hidden = false;
  const button = result().querySelector("[data-take-view]");
  if (!button) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    const { search } = result().querySelector(".preview").contentWindow.location;
    const view = new URLSearchParams(search).get("ban-do") ?? "";
    let field = form.querySelector("[name=ban-do]");
    if (!field) {
      field = Object.assign(document.createElement("input"), { type: "hidden", name: "ban-do" });
      form.append(field);
    }
    field.value = view;
    update().catch(onFailure);
  });
}

form.addEventListener("change", () => update().catch(onFailure));
form.addEventListener("submit", (event) => {
  event.preventDefault();
  update()
    .then(() => result().focus())
    .catch(onFailure);
});
prepare();
