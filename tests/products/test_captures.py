"""Captures on the spot: what phones read and send, and that the same one is written once."""

import io
import json
import threading
import uuid

import pytest
from django.conf import settings
from django.db import connection
from django.urls import reverse
from PIL import Image

from products.ocop.models import Capture, Photo, Product
from products.register.models import Position, Proposal
from products.register.states import State
from tests.factories import (
    ProducerFactory,
    ProductFactory,
    UnitFactory,
    UserFactory,
    at,
    editor_of,
    publisher_of,
    square,
)

pytestmark = pytest.mark.django_db

RECORDS, SEND, PAGE = (f"workspace:on-the-spot{name}" for name in ("-records", "-send", ""))


@pytest.fixture(autouse=True)
def photo_folder(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def commune():
    area = square(108.9, 11.5, 0.2)
    UnitFactory(code=settings.PLACE.province_code, area=area)
    return UnitFactory(code="82888", name="An Hậu", area=area)


@pytest.fixture
def product(commune):
    product = ProductFactory(declared_commune=commune, point=at(108.95, 11.55), name="Nho")
    product.refresh_from_db()
    return product


def picture(colour="red", kind="JPEG"):
    file = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(file, kind)
    file.seek(0)
    file.name = "photo.jpg"
    return file


def capture(record, **changes):
    """The form data of a phone."""
    return {
        "id": str(uuid.uuid4()),
        "kind": "products",
        "code": record.code,
        "version": record.version,
        "base": "{}",
        "lat": "11.56",
        "lng": "108.96",
        "accuracy": "4.21",
        "note": "",
        "credit": "Cán bộ xã",
    } | changes


def send(client, data):
    return client.post(reverse(SEND), data)


def read(**values):
    """What a phone states to have read, as JSON."""
    return json.dumps({"point": None, "position": "", "accuracy_m": None} | values)


def files_in(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


# --- reading -------------------------------------------------------------------------------


def test_a_phone_gets_the_records_of_the_territory_nearest_first(client, commune, product):
    near = ProductFactory(declared_commune=commune, point=at(108.961, 11.56), name="Táo")
    unlocated = ProductFactory(declared_commune=commune, name="Tỏi")
    producer = ProducerFactory(declared_commune=commune, point=at(108.96, 11.56))
    ProductFactory(declared_commune=commune, state=State.WITHDRAWN, name="Đã rút")
    ProductFactory(declared_commune=UnitFactory(), name="Nơi khác")
    user = editor_of(commune)
    client.force_login(user)

    answer = client.get(reverse(RECORDS), {"lat": "11.56", "lng": "108.96"})

    data = answer.json()
    assert (data["user"], data["name"]) == (user.pk, user.username)
    assert [(one["kind"], one["code"]) for one in data["records"]] == [
        ("products", near.code),
        ("products", product.code),
        ("products", unlocated.code),
        ("producers", producer.code),
    ]
    found = data["records"][1]
    assert found["version"] == product.version
    assert found["base"] == {"point": [108.95, 11.55], "position": "survey", "accuracy_m": None}
    assert found["exact"] is True
    assert "no-store" in answer["Cache-Control"]


def test_nobody_and_people_without_a_territory_get_401_and_no_records(client, commune, product):
    for user in (None, UserFactory()):
        if user:
            client.force_login(user)
        for answer in (client.get(reverse(RECORDS)), send(client, capture(product))):
            assert answer.status_code == 401
            assert set(answer.json()) == {"error"}
    assert client.get(reverse(PAGE)).status_code == 403


def test_the_page_is_the_same_for_every_official(client, commune):
    """Its copy on a phone must not contain anything of an account."""
    bodies = []
    for user in (editor_of(commune), publisher_of(commune)):
        client.force_login(user)
        response = client.get(reverse(PAGE))
        bodies.append(response.content)
        assert user.username not in response.content.decode()

    assert bodies[0] == bodies[1]


def test_the_worker_stores_the_files_of_the_page_and_its_scope_is_the_page(client, commune):
    client.force_login(editor_of(commune))
    page = client.get(reverse(PAGE)).content.decode()
    text = client.get(reverse("workspace:on-the-spot-worker")).content.decode()
    configuration = json.loads(text.removeprefix("self.site = ").split(";\n")[0])

    assert configuration["page"] == "/admin/tai-cho/"
    assert len(configuration["files"]) == 3
    for file in configuration["files"]:
        assert f'"{file}"' in page
    assert page.count(settings.STATIC_URL) == 3


# --- sending -------------------------------------------------------------------------------


def test_a_capture_sets_the_position_with_its_accuracy_adds_photos_and_a_note(
    client, commune, product, photo_folder
):
    product.note = "Cũ"
    product.save()
    product.refresh_from_db()
    user = editor_of(commune)
    client.force_login(user)

    data = capture(
        product,
        note="Cổng phía đông",
        photo=[picture(), picture("blue", "PNG")],
        alt=["Vườn nho", ""],
    )
    answer = send(client, data)

    assert (answer.status_code, answer.json()) == (201, {"state": "written", "repeated": False})
    product.refresh_from_db()
    assert product.point.coords == (108.96, 11.56)
    assert (product.position, str(product.accuracy_m)) == (Position.GPS, "4.30")
    old, new = product.note.split("\n")
    assert (old, new.split(", tại chỗ: ")[1]) == ("Cũ", "Cổng phía đông")
    photos = product.photos.all()
    assert [photo.alt for photo in photos] == ["Vườn nho", "Nho, ảnh chụp tại chỗ"]
    assert {(photo.credit, photo.licence) for photo in photos} == {("Cán bộ xã", "CC BY 4.0")}
    assert len(files_in(photo_folder)) == 4
    event = product.pgh_event_model.objects.filter(pgh_obj_id=product.pk).latest("pgh_id")
    assert event.pgh_context.metadata["act"] == "phone"
    assert event.pgh_context.metadata["user"] == user.pk


def test_a_repeated_capture_is_answered_as_received_and_written_once(client, commune, product):
    client.force_login(editor_of(commune))
    data = capture(product, note="Một lần")
    assert send(client, data | {"photo": picture(), "alt": "Vườn"}).status_code == 201
    product.refresh_from_db()
    version = product.version

    again = send(client, data | {"photo": picture(), "alt": "Vườn"})

    assert (again.status_code, again.json()) == (200, {"state": "written", "repeated": True})
    product.refresh_from_db()
    assert (product.version, product.note.count("Một lần")) == (version, 1)
    assert Photo.objects.count() == 1


def test_the_id_of_somebody_elses_capture_is_refused(client, commune, product):
    data = capture(product)
    client.force_login(editor_of(commune))
    send(client, data)
    client.force_login(editor_of(commune))

    assert send(client, data).status_code == 403


def read_by_phone(client):
    """What the phone stores of the only product."""
    (summary,) = client.get(reverse(RECORDS)).json()["records"]
    return {"version": summary["version"], "base": json.dumps(summary["base"])}


def test_a_capture_of_an_older_version_becomes_a_proposal(client, commune, product):
    user = editor_of(commune)
    client.force_login(user)
    read = read_by_phone(client)
    Product.objects.filter(pk=product.pk).update(point=at(108.97, 11.57), note="Người khác")

    answer = send(client, capture(product, **read, note="Cổng"))

    assert (answer.status_code, answer.json()["state"]) == (201, "proposed")
    product.refresh_from_db()
    assert (product.point.coords, product.note) == ((108.97, 11.57), "Người khác")
    proposal = Proposal.objects.get()
    assert (proposal.author, proposal.channel) == (user, "phone")
    assert proposal.fields["point"] == {"base": [108.95, 11.55], "proposed": [108.96, 11.56]}
    assert proposal.fields["note"]["proposed"].startswith("Người khác\n")


def test_a_capture_of_a_public_record_becomes_a_proposal_with_its_photos(
    client, commune, photo_folder
):
    product = ProductFactory(
        published=True, declared_commune=commune, point=at(108.95, 11.55), name="Nho"
    )
    client.force_login(editor_of(commune))

    data = capture(product, **read_by_phone(client), photo=picture(), alt="Vườn")
    answers = [send(client, data) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [201, 200]
    assert [answer.json()["state"] for answer in answers] == ["proposed", "proposed"]
    product.refresh_from_db()
    assert (product.point.coords, product.photos.count()) == ((108.95, 11.55), 0)
    proposal = Proposal.objects.get()
    (part,) = proposal.parts
    assert part["fields"]["alt"] == "Vườn"
    # The files of the proposed photo, in two widths.
    assert len(files_in(photo_folder)) == 2


def test_the_notes_of_two_captures_before_the_decision_are_both_proposed(client, commune, product):
    Product.objects.filter(pk=product.pk).update(
        state=State.PUBLISHED, published_at="2026-01-01T00:00Z"
    )
    product.refresh_from_db()
    client.force_login(editor_of(commune))

    for note in ("Cổng mới", "Đã xây tường"):
        send(client, capture(product, note=note))

    proposed = Proposal.objects.get().fields["note"]["proposed"]
    assert [line.split(": ")[1] for line in proposed.splitlines()] == ["Cổng mới", "Đã xây tường"]


def test_a_capture_without_what_was_read_overwrites_nothing(client, commune, product):
    """As a page of an older release may send it."""
    data = capture(product)
    Product.objects.filter(pk=product.pk).update(address="Đổi giữa chừng")
    client.force_login(editor_of(commune))

    answer = send(client, data)

    assert answer.status_code == 409
    product.refresh_from_db()
    assert product.point.coords == (108.95, 11.55)
    assert not Capture.objects.exists()


def test_a_capture_outside_the_territory_is_refused_before_its_photos_are_read(
    client, commune, product
):
    elsewhere = UnitFactory(code="82891")
    client.force_login(editor_of(elsewhere))

    answer = send(client, capture(product, photo=io.BytesIO(b"no image"), alt="x"))

    assert answer.status_code == 403
    assert "Ghi nhận vẫn ở trên máy" in answer.json()["error"]
    assert not Capture.objects.exists()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"lat": "12.5"}, "ngoài tỉnh"),
        ({"lat": "48.85", "lng": "2.35"}, "ngoài Việt Nam"),
        ({"lat": "0", "lng": "0"}, "ngoài Việt Nam"),
        ({"lat": "nan"}, "không phải là vĩ độ và kinh độ"),
        ({"lat": "11.5", "lng": ""}, "không phải là vĩ độ và kinh độ"),
        ({"accuracy": "0"}, "Sai số"),
        ({"accuracy": "inf"}, "Sai số"),
        ({"accuracy": "nan"}, "Sai số"),
        ({"lat": "", "lng": "", "note": " "}, "trống"),
        ({"note": "x" * 2001}, "dài hơn 2000"),
        ({"note": "ẩn\u202e"}, "không nhìn thấy"),
        ({"photo": "file", "alt": "Vườn", "credit": ""}, ""),
        ({"photo": "file", "alt": "x" * 201}, ""),
        ({"photo": "text", "alt": "Vườn"}, "không phải là ảnh"),
        ({"photo": "many"}, "nhiều nhất 8 ảnh"),
        ({"photo": "file", "alt": []}, "không đọc được"),
        ({"id": "1"}, "không đọc được"),
        ({"kind": "users"}, "không đọc được"),
        ({"version": "x"}, "không đọc được"),
        ({"base": "[]"}, "không đọc được"),
        ({"base": "[" * 100_000}, "không đọc được"),
        ({"note": "a\0b"}, "không đọc được"),
        ({"code": "A\0"}, "không đọc được"),
        ({"base": read(point="x")}, "không dùng được"),
        ({"base": read(point=[1e999, 0])}, "không đọc được"),
        ({"base": read(point=[float("nan"), 0])}, "không đọc được"),
        ({"base": read(accuracy_m="1e9999")}, "không đọc được"),
        ({"base": read(accuracy_m={})}, "{}"),
    ],
)
def test_a_refused_capture_leaves_nothing_behind(
    client, commune, product, photo_folder, changes, sentence
):
    """The phone retains it; a mended one may be sent with the same id."""
    client.force_login(editor_of(commune))
    kind = changes.get("photo")
    if kind == "file":
        changes = changes | {"photo": picture()}
    elif kind == "text":
        changes = changes | {"photo": io.BytesIO(b"no image")}
    elif kind == "many":
        changes = changes | {"photo": [picture() for _ in range(9)], "alt": ["Vườn"] * 9}

    answer = send(client, capture(product, **changes))

    assert answer.status_code == 400
    assert sentence in answer.json()["error"]
    assert answer.json()["error"]
    product.refresh_from_db()
    assert (product.point.coords, product.note) == ((108.95, 11.55), "")
    assert not Capture.objects.exists()
    assert not Photo.objects.exists()
    assert files_in(photo_folder) == []


def test_a_producer_is_captured_without_photos(client, commune):
    producer = ProducerFactory(declared_commune=commune)
    producer.refresh_from_db()
    client.force_login(editor_of(commune))
    data = capture(producer, kind="producers")

    refused = send(client, data | {"photo": picture(), "alt": "Cổng"})
    written = send(client, data)

    assert (refused.status_code, written.status_code) == (400, 201)
    producer.refresh_from_db()
    assert producer.position == Position.GPS


def test_without_a_token_of_the_session_nothing_is_written(commune, product):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(editor_of(commune))
    data = capture(product)

    assert send(client, data).status_code == 403
    token = client.get(reverse(RECORDS)).json()["csrf"]
    answer = client.post(reverse(SEND), data, headers={"X-CSRFToken": token})
    assert answer.status_code == 201


def test_logging_out_changes_the_cookie_by_which_the_phone_knows_it(client, commune):
    client.force_login(editor_of(commune))
    client.get(reverse(PAGE))
    before = client.cookies["csrftoken"].value

    client.post(reverse("admin:logout"))

    assert client.cookies["csrftoken"].value != before


@pytest.mark.django_db(transaction=True)
def test_two_simultaneous_requests_with_one_id_are_written_once(client, commune, product):
    user = editor_of(commune)
    data = capture(product, note="Một lần")
    statuses = []

    def post():
        from django.test import Client

        try:
            own = Client()
            own.force_login(user)
            statuses.append(send(own, data).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=post) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(statuses) == [200, 201]
    product.refresh_from_db()
    assert product.note.count("Một lần") == 1
