// Photos of the phone's camera, made smaller before they are stored and sent.

// Pixels of the longer side: the server makes photos of 1600 pixels.
const LONGEST = 2400;
const QUALITY = 0.85;
const THUMBNAIL = 96;

/** Return the image as a JPEG of at most LONGEST pixels; the file itself if that fails. */
export async function shrink(file) {
  try {
    const bitmap = await createImageBitmap(file);
    const scale = LONGEST / Math.max(bitmap.width, bitmap.height);
    if (scale >= 1) return file;
    const canvas = drawn(bitmap, bitmap.width * scale, bitmap.height * scale);
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
    return blob ?? file;
  } catch {
    return file;
  }
}

/** Return a canvas with the image, or null. (The policy of the site refuses blob: as image.) */
export async function thumbnail(blob) {
  try {
    const bitmap = await createImageBitmap(blob);
    const scale = THUMBNAIL / Math.min(bitmap.width, bitmap.height);
    return drawn(bitmap, bitmap.width * scale, bitmap.height * scale);
  } catch {
    return null;
  }
}

function drawn(bitmap, width, height) {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [Math.round(width), Math.round(height)];
  canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  return canvas;
}
