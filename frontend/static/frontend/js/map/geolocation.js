// The position of the device.

const TIMEOUT = 10_000;
const MAXIMUM_AGE = 60_000;
// By code of GeolocationPositionError.
const REASONS = { 1: "near_denied", 2: "near_unavailable", 3: "near_timeout" };

/** Why the position is not known; `reason` is a key of the page's texts. */
class PositionError extends Error {
  constructor(reason) {
    super(reason);
    this.reason = reason;
  }
}

/** Return [lng, lat] of the device. Throws PositionError. */
export function currentPosition(geolocation = navigator.geolocation) {
  return new Promise((resolve, reject) => {
    if (!geolocation) return reject(new PositionError("near_unavailable"));
    geolocation.getCurrentPosition(
      ({ coords }) => resolve([coords.longitude, coords.latitude]),
      ({ code }) => reject(new PositionError(REASONS[code] ?? "near_unavailable")),
      { timeout: TIMEOUT, maximumAge: MAXIMUM_AGE },
    );
  });
}
