"""Edits a layer of the editing API with a real QGIS; runs inside the chroot of bin/clients.

Reads what to do as JSON from standard input and prints what QGIS reports as JSON. It
imports nothing of this project.

Input: {"url", "user", "password", "crs", "layer", "steps": [[name, arguments …], …]}.
Output: {"version", "steps": [result of each step]}.
"""

import json
import os
import sys

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from qgis.core import (
    Qgis,
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsDataSourceUri,
    QgsFeature,
    QgsFeatureRequest,
    QgsGeometry,
    QgsPointXY,
    QgsRectangle,
    QgsVectorDataProvider,
    QgsVectorLayer,
)

CAPABILITIES = {
    "add": QgsVectorDataProvider.AddFeatures,
    "delete": QgsVectorDataProvider.DeleteFeatures,
    "attributes": QgsVectorDataProvider.ChangeAttributeValues,
    "geometries": QgsVectorDataProvider.ChangeGeometries,
}


class Session:
    """A layer that is open in QGIS."""

    def __init__(self, job):
        self.job = job
        self.layer = None
        # What the message log panel shows.
        self.messages = []
        QgsApplication.messageLog().messageReceived.connect(
            lambda text, tag, level: self.messages.append(text)
        )

    def open(self):
        """Open the layer; return what QGIS reads of it."""
        uri = QgsDataSourceUri()
        uri.setParam("url", self.job["url"])
        uri.setParam("typename", self.job["layer"])
        if self.job.get("crs"):
            uri.setParam("srsname", self.job["crs"])
        if self.job.get("user"):
            uri.setUsername(self.job["user"])
            uri.setPassword(self.job["password"])
        self.layer = QgsVectorLayer(uri.uri(False), self.job["layer"], "OAPIF")
        if not self.layer.isValid():
            return {"valid": False, "error": self.layer.dataProvider().error().message()}
        provider = self.layer.dataProvider()
        return {
            "valid": True,
            "count": len(list(self.layer.getFeatures())),
            "can": [n for n, flag in CAPABILITIES.items() if provider.capabilities() & flag],
            "crs": self.layer.crs().authid(),
            "fields": {field.name(): field.typeName() for field in self.layer.fields()},
        }

    def features(self):
        """Return the names of all features, sorted."""
        return sorted(feature["name"] for feature in self.layer.getFeatures())

    def filter(self, expression):
        """Return the names of the features that a filter of the layer leaves."""
        accepted = self.layer.setSubsetString(expression)
        names = self.features()
        self.layer.setSubsetString("")
        return {"accepted": accepted, "names": names}

    def inside(self, west, south, east, north):
        """Return the names of the features in a box, in the CRS of the layer."""
        request = QgsFeatureRequest().setFilterRect(QgsRectangle(west, south, east, north))
        return sorted(feature["name"] for feature in self.layer.getFeatures(request))

    def add(self, x, y, properties):
        """Add a feature; return what commit() does."""
        self.layer.startEditing()
        feature = QgsFeature(self.layer.fields())
        feature.setGeometry(QgsGeometry.fromPointXY(QgsPointXY(x, y)))
        for name, value in properties.items():
            feature[name] = value
        self.layer.addFeature(feature)
        return self.commit()

    def edit(self, name, properties):
        """Change attributes of the feature with that name; return what commit() does."""
        feature = self.named(name)
        self.layer.startEditing()
        for field, value in properties.items():
            number = self.layer.fields().indexOf(field)
            self.layer.changeAttributeValue(feature.id(), number, value)
        return self.commit()

    def move(self, name, x, y):
        """Move the feature with that name; return what commit() does."""
        feature = self.named(name)
        self.layer.startEditing()
        self.layer.changeGeometry(feature.id(), QgsGeometry.fromPointXY(QgsPointXY(x, y)))
        return self.commit()

    def delete(self, name):
        """Delete the feature with that name; return what commit() does."""
        feature = self.named(name)
        self.layer.startEditing()
        self.layer.deleteFeature(feature.id())
        return self.commit()

    def show(self, name):
        """Return point and attributes of the feature with that name, as QGIS has them."""
        feature = self.named(name)
        point = feature.geometry().asPoint()
        values = {f.name(): feature[f.name()] for f in self.layer.fields()}
        shown = {name: value for name, value in values.items() if isinstance(value, str | int)}
        return {"point": [point.x(), point.y()], "properties": shown}

    def reload(self):
        """Read the layer again from the server; return the names."""
        self.layer.dataProvider().reloadData()
        return self.features()

    def named(self, name):
        """Return the feature with that name."""
        (feature,) = [one for one in self.layer.getFeatures() if one["name"] == name]
        return feature

    def commit(self):
        """Save; return {"saved", "errors"} and leave the layer without pending edits.

        errors: of the message bar, and what the message log panel adds.
        """
        self.messages.clear()
        saved = self.layer.commitChanges()
        # The messages of other threads arrive here.
        QgsApplication.processEvents()
        errors = [*self.layer.commitErrors(), *self.messages]
        if not saved:
            self.layer.rollBack()
        return {"saved": saved, "errors": [] if saved else errors}


def main():
    job = json.load(sys.stdin)
    application = QgsApplication([], False)
    application.initQgis()
    session = Session(job)
    results = []
    for name, *arguments in job["steps"]:
        try:
            results.append(getattr(session, name)(*arguments))
        except (KeyError, ValueError) as error:
            results.append({"error": repr(error)})
    known = QgsCoordinateReferenceSystem(job["crs"]).isValid() if job.get("crs") else True
    answer = {"version": Qgis.QGIS_VERSION, "known_crs": known, "steps": results}
    print("\n" + json.dumps(answer, ensure_ascii=False), flush=True)
    # At a regular end Python deletes the objects of Qt in an order that can crash QGIS.
    os._exit(0)


main()
