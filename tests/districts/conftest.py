"""Small boundary files, written with GDAL as by the programs of officials."""

import json

import geopandas
import pytest
import shapely

SOURCE = "Bản đồ thử"


def box(lng, lat, width=0.1, height=0.1):
    return shapely.box(lng, lat, lng + width, lat + height)


@pytest.fixture
def layer(tmp_path):
    """`layer({"82738": shape, …})` writes a file of communes and returns its path.

    name: its extension determines the format; crs: the CRS declared in the file; further values
    become properties of every feature.
    """

    def write(shapes, name="xa.geojson", crs=4326, **properties):
        rows = [
            {"code": code, "name_vi": f"Xã {code}", "kind": "xã", "source": SOURCE, **properties}
            for code in shapes
        ]
        frame = geopandas.GeoDataFrame(rows, geometry=list(shapes.values()), crs=crs)
        frame.to_file(tmp_path / name)
        return tmp_path / name

    return write


@pytest.fixture
def geojson(tmp_path):
    """`geojson([properties, …])` writes features without geometry and returns the path."""

    def write(rows, name="units.geojson"):
        features = [{"type": "Feature", "properties": row, "geometry": None} for row in rows]
        path = tmp_path / name
        path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
        return path

    return write
