"""Edits with a real QGIS and records what it requests; run by bin/clients, not by bin/test.

CLIENTS_ROOT: the chroot with QGIS.
"""

import datetime
import json
import os
import shutil
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.contrib.auth import get_user_model

from geodata.app_passwords import make_app_password
from products.ocop.models import Product
from products.register import workflow
from products.register.models import Proposal
from tests.clients.qgis.proxy import recording
from tests.clients.qgis.scenario import JOBS, in_grid, rows
from tests.served import database_url, free_port, serve

RECORDED = Path(__file__).with_name("recorded.json")
ROOT = Path(os.environ.get("CLIENTS_ROOT", ""))


def qgis(job):
    """Run edit.py in the chroot; return what it prints."""
    shutil.copy(Path(__file__).with_name("edit.py"), ROOT / "tmp" / "edit.py")
    done = subprocess.run(
        [
            *("chroot", ROOT, "env", "-i", "HOME=/tmp", "LANG=C.UTF-8", "PATH=/usr/bin:/bin"),
            *("python3", "/tmp/edit.py"),
        ],
        input=json.dumps(job),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.strip().splitlines()[-1])


def recorded(exchange):
    """The parts of an exchange that tests compare."""
    answer = {name.lower(): value for name, value in exchange["answer"].items()}
    compared = {
        name: exchange[name] for name in ("method", "path", "headers", "status", "signed_in")
    }
    if exchange["body"]:
        compared["body"] = exchange["body"]
    if "allow" in answer:
        compared["allow"] = answer["allow"]
    if "location" in answer:
        compared["location"] = urlsplit(answer["location"]).path
    if exchange["status"] >= 400:
        compared["problem"] = json.loads(exchange["text"])["detail"]
    return compared


@pytest.fixture(scope="module")
def journal():
    """Collects the sessions; writes RECORDED when every job has passed."""
    found = {"client": "", "date": datetime.date.today().isoformat(), "sessions": {}}
    yield found
    if found["sessions"].keys() == JOBS.keys():
        text = json.dumps(found, ensure_ascii=False, indent=1)
        RECORDED.write_text(text + "\n", encoding="utf-8")


def run(name, tmp_path):
    """Carry out a job; return the results of its steps, QGIS's version, and the exchanges."""
    role, crs, steps = JOBS[name]
    users = rows()
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    job = {"url": f"{address}/api/v1/editing", "layer": "products", "crs": crs, "steps": steps}
    if role:
        _row, password = make_app_password(users[role], "QGIS")
        job |= {"user": users[role].username, "password": password}
    servers = []
    with (
        recording(port, lambda: servers[0]) as exchanges,
        serve(tmp_path, DATABASE_URL=database_url(), SITE_URL=address) as server,
    ):
        servers.append(server.address)
        answer = qgis(job)
    return answer, exchanges


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", JOBS)
def test_qgis_edits(name, tmp_path, journal, capsys):
    answer, exchanges = run(name, tmp_path)

    with capsys.disabled():
        print(f"\n{name}, QGIS {answer['version']}")
        for step, result in zip(JOBS[name][2], answer["steps"], strict=True):
            print(json.dumps([step, result], ensure_ascii=False))
    assert not [one for one in exchanges if 300 <= one["status"] < 400 or one["status"] >= 500]
    role, crs, _steps = JOBS[name]
    if role in ("editor", "publisher"):
        check_edits(role, crs, answer["steps"])
    else:
        CHECKS[role](answer["steps"])
    journal["client"] = f"QGIS {answer['version']}"
    journal["sessions"][name] = [recorded(exchange) for exchange in exchanges]


ALL = ["add", "delete", "attributes", "geometries"]
NEW = "Nước mắm Cà Ná – ủ chượp"
PUBLIC, RENAMED = "Nho đỏ Ninh Thuận", "Nho đỏ Phước Thuận"


def check_edits(role, crs, steps):
    """Assert what QGIS and the register show after the steps of scenario.steps()."""
    opened, by_name, by_state, inside, added, shown, nameless, outside, *others = steps
    moved, renamed, wrong_gtin, wrong_state, proposed, also_moved, names, pending, *ends = others
    place = in_grid if crs else lambda *numbers: numbers

    assert (opened["valid"], opened["count"], opened["can"]) == (True, 2, ALL)
    assert opened["crs"] == (crs or "OGC:CRS84")
    assert by_name == {"accepted": True, "names": ["Táo xanh"]}
    assert by_state == {"accepted": True, "names": [PUBLIC]}
    assert inside == ["Táo xanh"]

    assert [one["saved"] for one in (added, moved, renamed, proposed, also_moved)] == [True] * 5
    assert [one["saved"] for one in (nameless, outside, wrong_gtin, wrong_state)] == [False] * 4
    # QGIS shows the status line, without diacritics.
    assert 'server replied: Thieu "Ten".' in " ".join(nameless["errors"])
    assert "server replied: Diem nam ngoai tinh Mau" in " ".join(outside["errors"])
    assert "server replied: Ma GTIN: GTIN co 8, 12, 13" in " ".join(wrong_gtin["errors"])
    assert "server replied: Khong sua duoc o day: state." in " ".join(wrong_state["errors"])
    assert shown["point"] == pytest.approx(place(108.951, 11.551), abs=0.011)
    assert (shown["properties"]["name"], shown["properties"]["state"]) == (NEW, "draft")
    new = Product.objects.get(name=NEW)
    assert (new.state, new.position, new.sector) == ("draft", "map", "crops")
    assert (new.point.x, new.point.y) == pytest.approx((108.951, 11.551), abs=2e-7)
    contexts = [event.pgh_context for event in workflow.events_of(new)]
    assert {(one["act"], one["user"]) for one in contexts} == {
        ("api", get_user_model().objects.get(username=role).pk)
    }

    assert names == sorted([NEW, RENAMED, "Táo Phước Hậu"])
    assert pending["properties"]["pending"] is True
    assert pending["point"] == pytest.approx(place(108.93, 11.53), abs=0.011)
    deleted, withdrawn, left = ends
    assert (deleted["saved"], withdrawn["saved"]) == (True, True)
    # The public record is still there: its withdrawal is proposed.
    assert left == sorted([NEW, RENAMED])
    assert {*Product.objects.values_list("name", flat=True)} == {NEW, PUBLIC, "Tỏi"}
    public = Product.objects.get(name=PUBLIC)
    assert (public.state, public.point.coords) == ("published", (108.91, 11.51))
    kinds = Proposal.objects.filter(author__username=role).values_list("kind", "channel")
    assert sorted(kinds) == [("change", "api"), ("withdraw", "api")]


def check_elsewhere(steps):
    opened, names = steps
    assert (opened["count"], opened["can"], names) == (1, ALL, ["Tỏi"])


def check_staff(steps):
    (opened,) = steps
    assert (opened["count"], opened["can"]) == (0, [])


def check_nobody(steps):
    (opened,) = steps
    assert opened["valid"] is False


CHECKS = {
    "editor elsewhere": check_elsewhere,
    "staff without an area": check_staff,
    "": check_nobody,
}
