"""The requests that a real QGIS has sent, as bin/clients recorded them, and their answers."""

import json
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.test import Client

from tests.clients.qgis.scenario import JOBS, rows

RECORDED = json.loads(Path(__file__).with_name("qgis").joinpath("recorded.json").read_text())


def test_the_record_is_of_a_qgis_that_can_edit():
    name, version = RECORDED["client"].split()
    major, minor = version.split("-")[0].split(".")[:2]
    assert (name, (int(major), int(minor)) >= (3, 40)) == ("QGIS", True)
    assert RECORDED["sessions"].keys() == JOBS.keys()
    methods = {one["method"] for session in RECORDED["sessions"].values() for one in session}
    assert methods == {"GET", "OPTIONS", "POST", "PATCH", "DELETE"}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", JOBS)
def test_the_answers_to_qgis_are_those_that_were_recorded(name):
    role, _crs, _steps = JOBS[name]
    users = rows()
    client = Client()
    if role:
        client.force_login(users[role])

    for exchange in RECORDED["sessions"][name]:
        assert exchange["signed_in"] == bool(role)
        headers = dict(exchange["headers"])
        response = client.generic(
            exchange["method"],
            exchange["path"],
            exchange.get("body", ""),
            content_type=headers.pop("Content-Type", "application/octet-stream"),
            headers=headers,
        )
        assert compared(response) == expected(exchange), (exchange["method"], exchange["path"])


def compared(response):
    location = response.headers.get("Location")
    return {
        "status": response.status_code,
        "allow": response.headers.get("Allow"),
        "location": location and urlsplit(location).path,
        "problem": response.json()["detail"] if response.status_code >= 400 else None,
    }


def expected(exchange):
    return {name: exchange.get(name) for name in ("status", "allow", "location", "problem")}
