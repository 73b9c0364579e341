// Buttons that download a chart as PNG, drawn by the browser from its SVG file.

// Pixels per unit of the SVG: sharp in a document on paper.
const SCALE = 3;

/** Return the SVG at this URL as a PNG blob. */
async function toPng(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`status ${response.status}`);
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(await response.text())}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = image.naturalWidth * SCALE;
  canvas.height = image.naturalHeight * SCALE;
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no image"))), "image/png");
  });
}

function download(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // Later: the browser reads the blob after the click.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

for (const button of document.querySelectorAll("[data-png]")) {
  const { png: url, failed } = button.dataset;
  const status = button.nextElementSibling;
  button.hidden = false;
  button.addEventListener("click", async () => {
    status.textContent = "";
    try {
      download(await toPng(url), url.replace(/^.*\/|\.svg$/g, "").concat(".png"));
    } catch {
      status.textContent = failed;
    }
  });
}
