"""GDAL reads the files that the page of the trip writes in the browser."""

import json
import subprocess
from pathlib import Path

import pyogrio
import pytest

NAME = "Nước mắm <Mẫu Xa> & \"tỏi\" 'Ví Dụ' \x00\x0b😀"
READ = "Nước mắm <Mẫu Xa> & \"tỏi\" 'Ví Dụ' 😀"

URL = "https://a.example/?b&c"
TRIP = {
    "title": "Chuyến đi & về",
    "notes": ["Chưa rõ địa điểm: Cừu <Ví Dụ Nam>.", "Không phải đường đi."],
    "stops": [
        {
            "name": NAME,
            "description": "4 sao",
            "url": "https://a.example/?b&c",
            "at": [109.1, 11.5],
        },
        {"name": "Cừu", "description": "chưa rõ", "url": "https://a.example/", "at": None},
        {
            "name": "Gốm",
            "description": "làng",
            "url": "https://a.example/",
            "at": [108.95, 11.75, 3],
        },
    ],
}
POINTS, LINES = {"gpx": "waypoints", "kml": TRIP["title"]}, {"gpx": "routes", "kml": TRIP["title"]}


@pytest.fixture(scope="module")
def write(tmp_path_factory):
    """write(format, trip): the path of the file."""

    def write_file(form, trip):
        path = tmp_path_factory.mktemp("trip") / f"trip.{form}"
        script = Path(__file__).with_name("trip.js")
        command = ["node", str(script), json.dumps(trip), form]
        path.write_bytes(subprocess.run(command, check=True, capture_output=True).stdout)
        return path

    return write_file


@pytest.mark.parametrize("form", ["gpx", "kml"])
def test_gdal_reads_names_points_and_the_line_of_a_trip(write, form):
    file = write(form, TRIP)

    points = pyogrio.read_dataframe(file, layer=POINTS[form])
    lines = pyogrio.read_dataframe(file, layer=LINES[form])
    name, url = ("name", "link1_href") if form == "gpx" else ("Name", "description")

    points = points[points.geometry.geom_type == "Point"]
    assert points.crs.to_epsg() == 4326
    assert list(points[name]) == [READ, "Gốm"]
    assert URL in points[url][0]
    assert [(point.x, point.y) for point in points.geometry] == [(109.1, 11.5), (108.95, 11.75)]
    (line,) = lines.geometry[lines.geometry.geom_type == "LineString"]
    assert list(line.coords) == [(109.1, 11.5), (108.95, 11.75)]
    # A place without a point is named in the notes.
    assert "Chưa rõ địa điểm: Cừu &lt;Ví Dụ Nam&gt;." in file.read_text()


def test_files_without_any_point_are_valid(write):
    trip = TRIP | {"stops": TRIP["stops"][1:2]}

    assert len(pyogrio.read_dataframe(write("gpx", trip), layer="waypoints")) == 0
    assert pyogrio.list_layers(write("kml", trip)) is not None
