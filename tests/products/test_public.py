"""What is not published does not get out, by whatever door."""

import io
import zipfile

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from pyarrow import parquet

from frontend.statistics import STATISTICS
from frontend.views.share_images import share_image_url
from geodata.formats.registry import FORMATS
from geodata.spans import span
from products.register.states import State
from tests.factories import (
    CraftVillageFactory,
    IpRightFactory,
    PhotoFactory,
    ProducerFactory,
    ProductFactory,
    ProtectedProductFactory,
    RatingFactory,
    SalesPointFactory,
    UnitFactory,
    at,
    square,
)
from tests.rows import prepared

API = "/api/v1/collections"
FACTORIES = {
    "products": ProductFactory,
    "producers": ProducerFactory,
    "protections": IpRightFactory,
    "sales-points": SalesPointFactory,
    "craft-villages": CraftVillageFactory,
}
UNPUBLISHED = [State.DRAFT, State.REVIEW, State.WITHDRAWN]
SECRET = "Bí mật"
# Every way to ask for many; each lets the public record through.
DOORS = [
    "items",
    "items?limit=10000",
    "items?limit=1",
    "items?bbox=-180,-90,180,90",
    "items?datetime=../9999-12-31",
    "items?q=b",
    "items?f=json",
]

pytestmark = pytest.mark.django_db


@prepared
def one_public_of_four():
    """Of each collection a public record, and an unpublished one of each state."""
    for factory in FACTORIES.values():
        factory(published=True, name="Bưởi da xanh", code="MAU-1")
        for number, state in enumerate(UNPUBLISHED):
            factory(state=state, name=f"{SECRET} {state}", code=f"MAU-2{number}")


@pytest.mark.usefixtures("one_public_of_four")
@pytest.mark.parametrize("collection", FACTORIES)
@pytest.mark.parametrize("door", DOORS)
def test_unpublished_records_do_not_get_out(client, collection, door):
    response = client.get(f"{API}/{collection}/{door}")

    answer = response.json()
    assert [feature["properties"]["name"] for feature in answer["features"]] == ["Bưởi da xanh"]
    assert (answer["numberMatched"], answer["numberReturned"]) == (1, 1)
    body = response.content.decode()
    assert SECRET not in body
    assert "MAU-2" not in body


@pytest.mark.usefixtures("one_public_of_four")
@pytest.mark.parametrize("collection", FACTORIES)
@pytest.mark.parametrize(
    ("extension", "query"),
    [
        (extension, query)
        for extension, form in FORMATS.items()
        # A file of the whole collection has no parameters.
        for query in ([""] if form.whole else ["", "bbox=-180,-90,180,90", "q=b"])
    ],
)
def test_unpublished_records_are_in_no_file(client, collection, extension, query):
    response = client.get(f"/api/v1/downloads/{collection}.{extension}?{query}")

    text = inside(response.getvalue(), extension)
    assert "Bưởi da xanh" in text
    assert SECRET not in text
    assert "MAU-2" not in text


def inside(body, extension):
    """All text of a file, also of one that is compressed inside."""
    if extension == "xlsx":
        with zipfile.ZipFile(io.BytesIO(body)) as parts:
            return "".join(parts.read(name).decode() for name in parts.namelist())
    if extension == "parquet":
        return str(parquet.read_table(io.BytesIO(body)).to_pylist())
    return body.decode(errors="replace")


@pytest.mark.parametrize("collection", FACTORIES)
@pytest.mark.parametrize("state", UNPUBLISHED)
def test_an_unpublished_record_is_not_shown_by_its_id(client, collection, state):
    FACTORIES[collection](published=True, name="Bưởi da xanh", code="MAU-1")
    FACTORIES[collection](state=state, name=SECRET, code="MAU-2")

    public, hidden = (client.get(f"{API}/{collection}/items/{code}") for code in ("MAU-1", "MAU-2"))

    assert public.json()["properties"]["name"] == "Bưởi da xanh"
    assert hidden.status_code == (410 if state == State.WITHDRAWN else 404)
    assert SECRET not in hidden.content.decode()


@pytest.mark.parametrize("state", UNPUBLISHED)
def test_an_unpublished_producer_is_not_named_by_its_products(client, state):
    """Published by another way than the workflow, which would have refused it."""
    producer = ProducerFactory(state=state, name=SECRET, code="MAU-CT-7")
    ProductFactory(published=True, producer=producer, code="MAU-1")

    for address in ("items", "items/MAU-1"):
        body = client.get(f"{API}/products/{address}").content.decode()
        assert "MAU-1" in body
        assert SECRET not in body
        assert "MAU-CT-7" not in body
    for form in FORMATS:
        text = inside(client.get(f"/api/v1/downloads/products.{form}").getvalue(), form)
        assert "MAU-1" in text
        assert SECRET not in text
        assert "MAU-CT-7" not in text
    found = client.get(f"{API}/products/items?producer_id=MAU-CT-7").json()
    assert found["numberMatched"] == 0


@pytest.mark.parametrize("state", UNPUBLISHED)
def test_an_unpublished_right_is_not_named_by_the_products_that_it_covers(client, state):
    product = ProductFactory(published=True, code="MAU-1")
    hidden = IpRightFactory(state=state, name=SECRET)
    ProtectedProductFactory(product=product, right=hidden)
    ProtectedProductFactory(product=product, right__name="Nho Minh Thuần", right__published=True)

    (feature,) = client.get(f"{API}/products/items").json()["features"]

    assert feature["properties"]["protections"] == "Nho Minh Thuần"


@pytest.mark.parametrize("state", UNPUBLISHED)
def test_unpublished_products_are_not_counted(client, state):
    producer = ProducerFactory(published=True)
    right = IpRightFactory(published=True)
    for values in ({"published": True}, {"state": state}):
        product = ProductFactory(producer=producer, **values)
        ProtectedProductFactory(product=product, right=right)

    for collection in ("producers", "protections"):
        (feature,) = client.get(f"{API}/{collection}/items").json()["features"]
        assert feature["properties"]["products"] == 1


def test_what_is_for_officials_only_is_in_no_feature(client):
    """Contacts are kept with consent; the public page is another question."""
    ProducerFactory(
        published=True,
        note=SECRET,
        phone="0259 3822683",
        email="htx@example.org",
        contact_consent_on="2026-01-01",
    )
    product = ProductFactory(published=True, note=SECRET, address="thôn Tuấn Tú", quote="trích")
    RatingFactory(product=product, score="91.5")
    IpRightFactory(published=True, note=SECRET, status_note="kín")

    for collection in FACTORIES:
        body = client.get(f"{API}/{collection}/items").content.decode()
        files = [
            inside(client.get(f"/api/v1/downloads/{collection}.{form}").getvalue(), form)
            for form in FORMATS
        ]
        for text in (SECRET, "3822683", "htx@example.org", "search_text", "91.5"):
            for said in (body, *files):
                assert text not in said


def test_a_search_finds_no_more_than_is_public(client):
    ProductFactory(published=True, name="Nho xanh")
    ProductFactory(name="Nho đỏ")

    answer = client.get(f"{API}/products/items?q=nho").json()

    assert [f["properties"]["name"] for f in answer["features"]] == ["Nho xanh"]


@pytest.mark.parametrize(
    "query", ["commune_code=82738", "district_code=992", "stars=3", "sector=crops"]
)
def test_a_filter_finds_no_more_than_is_public(client, query):
    district = UnitFactory(code="992")
    commune = UnitFactory(code="82738", parent=district, area=square(109, 11.5))
    for values in ({"published": True, "name": "Bưởi"}, {"name": SECRET}):
        product = ProductFactory(
            point=at(109.05, 11.55), declared_commune=commune, sector="crops", **values
        )
        RatingFactory(product=product)

    answer = client.get(f"{API}/products/items?{query}").json()

    assert [f["properties"]["name"] for f in answer["features"]] == ["Bưởi"]


# --- pages ---------------------------------------------------------------------------------

# What would tell of a hidden record: its name, as an address has it, its code.
TELLING = (SECRET, "bi-mat", "KIN-7")
PAGES = [
    "/",
    "/nhung/",
    "/nhung/cach-nhung/",
    "/bao-ho/",
    "/bao-ho/?q=bi+mat",
    "/diem-ban/",
    "/lang-nghe/",
    "/mua-vu/",
    "/don-vi/",
    "/thong-ke/",
    *(f"/thong-ke/{figure.id}.{form}" for figure in STATISTICS for form in ("csv", "json", "svg")),
    "/du-lieu-mo/",
    "/ngoai-tuyen/",
    "/manifest.webmanifest",
]
FILES = ["/sitemap.xml", "/robots.txt", "/sw.js"]
WHERE = at(109.05, 11.55)


@pytest.fixture
def neighbours():
    """`neighbours(state)`: public records and hidden ones of that state, in each relation."""

    def make(state, **values):
        change = settings.PLACE.units_changed_on
        ground = square(109, 11.5)
        then, now = span(None, change), span(change, None)
        district = UnitFactory(code="996", area=ground, validity=then)
        old = UnitFactory(code="82870", parent=district, area=ground, validity=then)
        new = UnitFactory(code="82871", area=ground, validity=now)
        place = {"declared_commune": old, "point": WHERE}
        found = {"units": [district, old, new], "public": [], "hidden": []}
        for which, name, code, given in (
            ("public", "Bưởi da xanh", "MAU-1", {"published": True}),
            ("hidden", SECRET, "KIN-7", {"state": state, **values}),
        ):
            given = {"name": name, "code": code, **given}
            maker = ProducerFactory(**place, **given)
            product = ProductFactory(**place, **given, producer=maker)
            right = IpRightFactory(area=ground, **given)
            RatingFactory(product=product, decision_text=f"Quyết định về {name}")
            there = {**place, **given, "producer": maker, "visit": True}
            sold_at = SalesPointFactory(**there, sells=True)
            village = CraftVillageFactory(**there)
            found[which] = [product, maker, right, sold_at, village]
        # Each hidden one stands beside a public one, too.
        product, maker, right, *_places = found["public"]
        secret, hidden_maker, hidden_right, *_places = found["hidden"]
        for one, other in ((product, right), (product, hidden_right), (secret, right)):
            ProtectedProductFactory(product=one, right=other)
        ProductFactory(**place, name=SECRET, code="KIN-77", producer=maker, state=state)
        SalesPointFactory(**place, name="Sạp", producer=hidden_maker, sells=True, published=True)
        ProductFactory(**place, name="Táo", code="MAU-9", producer=hidden_maker, published=True)
        found["photo"] = PhotoFactory(product=secret, alt=SECRET)
        return found

    return make


@pytest.mark.parametrize("state", UNPUBLISHED)
def test_unpublished_records_are_on_no_page_and_in_no_list(client, neighbours, state):
    found = neighbours(state)
    own = [record.get_absolute_url() for record in [*found["units"], *found["public"]]]
    pages = [prefix + page for page in [*PAGES, *own] for prefix in ("", "/en")]

    for page in [*pages, *FILES]:
        response = client.get(page)

        assert (page, response.status_code) == (page, 200)
        told = response.content.decode()
        assert (page, [word for word in TELLING if word in told]) == (page, [])
    for page in ("/", own[0], own[1], own[2], *own[-2:]):
        assert "Bưởi da xanh" in client.get(page).content.decode(), page


@pytest.mark.parametrize("state", UNPUBLISHED)
@pytest.mark.parametrize("once", [False, True], ids=["never public", "once public"])
def test_an_unpublished_record_has_no_page_label_code_picture_or_photo(
    client, neighbours, state, once
):
    found = neighbours(state, published_at=timezone.now() if once else None)
    gone = once or state == State.WITHDRAWN
    product = found["hidden"][0]
    answers = {}
    for record in found["hidden"]:
        page = record.get_absolute_url()
        code, _, _ = page.partition(f"{record.code}-")
        for address in (page, f"{code}{record.code}/", f"{code}{record.code}-x/"):
            answers[address] = answers[f"/en{address}"] = 410 if gone else 404
    # Places have no image of their own.
    for record in found["hidden"][:3]:
        answers[share_image_url(record).removeprefix(settings.SITE_URL)] = 404
    answers[reverse("neutral:short", args=[product.code])] = 410 if gone else 404
    answers[reverse("frontend:product-qr", args=[product.code])] = 404
    answers[found["photo"].image.url] = answers[found["photo"].small_url] = 404

    for address, status in answers.items():
        response = client.get(address)

        assert (address, response.status_code) == (address, status)
        # The page that is not there may repeat the address that was asked for.
        told = response.content.decode() + str(response.headers)
        assert (address, SECRET in told, "bi-mat" in told and "bi-mat" not in address) == (
            address,
            False,
            False,
        )


@pytest.mark.parametrize("collection", FACTORIES)
@pytest.mark.parametrize("state", [State.DRAFT, State.REVIEW])
def test_why_a_draft_was_sent_back_is_for_its_editor(client, collection, state):
    """It had been public, so its address says that it is so no more, and no word beside."""
    record = FACTORIES[collection](state=state, published_at=timezone.now(), state_reason=SECRET)
    page, item = record.get_absolute_url(), f"{API}/{collection}/items/{record.code}"

    answers = [client.get(address) for address in (page, f"/en{page}", item, f"{item}?f=html")]

    assert [(one.status_code, SECRET in one.content.decode()) for one in answers] == (
        [(410, False)] * 4
    )
    assert "Hồ sơ đang được sửa lại." in answers[0].content.decode()
    assert answers[2].json()["detail"] == "Đã rút khỏi dữ liệu công khai."


@pytest.mark.parametrize("state", UNPUBLISHED)
def test_unpublished_products_are_not_drawn_on_the_image_of_their_producer(client, state):
    maker = ProducerFactory(published=True)
    ProductFactory(published=True, producer=maker, point=WHERE)
    address = share_image_url(maker).removeprefix(settings.SITE_URL)
    before = client.get(address).content

    ProductFactory(state=state, producer=maker, point=at(109.15, 11.75))

    assert client.get(address).content == before
