// Writes the trip in the first argument (JSON) as the format in the second, "gpx" or "kml".

import { gpx, kml } from "../../frontend/static/frontend/js/trip/files.js";

const [, , trip, format] = process.argv;
process.stdout.write({ gpx, kml }[format](JSON.parse(trip)));
