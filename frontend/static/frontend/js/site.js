// What every public page does.

// The link to this page in the other language was written for the address that was asked for; on
// the map people have chosen more since.
for (const link of document.querySelectorAll("a.language[href]")) {
  link.addEventListener("click", () => {
    if (document.querySelector("link[rel=canonical]")) link.search = location.search;
  });
}
