"""Share images of the map: their content and caching."""

import io
import json

import pytest
from django.conf import settings
from PIL import Image, ImageChops, ImageStat

from districts.models import Level
from frontend.fonts import BOLD, for_images
from frontend.share_images import (
    HEIGHT,
    NEAR,
    PANEL,
    SYMBOLS,
    WHOLE,
    WIDTH,
    MapImage,
    palette,
    wrapped,
)
from frontend.views.share_images import share_image_url, spots
from geodata.basemap import BUILT
from products.ocop.models import Product
from products.register.models import Position
from products.register.states import State
from tests.factories import (
    UNTIL_THE_CHANGE,
    CategoryFactory,
    IpRightFactory,
    ProducerFactory,
    ProductFactory,
    RatingFactory,
    UnitFactory,
    at,
    square,
)

HERE = (106.75, 19.3)
# A position on the land of the province, and one at sea.
LAND, SEA = (106.55, 19.35), (107.0, 19.1)


def rgb(name):
    colour = palette()[name]
    return tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5))


def opened(png):
    image = Image.open(io.BytesIO(png))
    assert (image.format, image.size) == ("PNG", (WIDTH, HEIGHT))
    return image.convert("RGB")


def near(pixel, colour):
    """Whether two colours are equal up to the rounding of the palette."""
    return all(abs(one - other) <= 6 for one, other in zip(pixel, colour, strict=True))


def sheet(centre=HERE, tall=NEAR):
    picture = MapImage(centre, tall)
    picture.base_map([])
    return picture


def fetched(client, address):
    response = client.get(address.removeprefix(settings.SITE_URL))
    assert response.status_code == 200
    return opened(response.content)


def test_land_and_sea_have_different_colours():
    picture = sheet()
    image = opened(picture.png())

    assert near(image.getpixel(picture.pixel(LAND)), rgb("home"))
    assert near(image.getpixel(picture.pixel(SEA)), rgb("sea"))


@pytest.mark.parametrize("group", SYMBOLS)
def test_a_symbol_is_drawn_at_its_position_in_its_colour(group):
    picture = sheet()
    picture.symbol(HERE, group, size=72)
    x, y = picture.pixel(HERE)
    # The pole of the flag is left of the middle.
    middle = (x - 15, y) if group == "VI" else (x, y)

    assert near(opened(picture.png()).getpixel(middle), rgb(group))


def test_every_group_has_a_shape_of_its_own():
    shapes = set()
    for group in SYMBOLS:
        picture = sheet()
        picture.symbol(HERE, group, size=72)
        x, y = picture.pixel(HERE)
        image = opened(picture.png()).crop((x - 36, y - 36, x + 36, y + 36))
        shapes.add(tuple(near(pixel, rgb(group)) for pixel in image.get_flattened_data()))

    assert len(shapes) == len(SYMBOLS) == 7


def test_an_inexact_position_is_hollow():
    picture = sheet()
    picture.symbol(HERE, "I", size=72, hollow=True)
    image, (x, y) = opened(picture.png()), picture.pixel(HERE)

    assert near(image.getpixel((x, y)), rgb("raised"))
    assert near(image.getpixel((x + 20, y)), rgb("I"))


def test_holes_of_an_area_are_not_filled():
    picture = sheet()
    shell, hole = (
        [[w, s], [e, s], [e, n], [w, n], [w, s]]
        for w, s, e, n in ((106.65, 19.2, 106.75, 19.3), (106.68, 19.23, 106.72, 19.27))
    )
    picture.area({"type": "Polygon", "coordinates": [shell, hole]})
    image = opened(picture.png())

    assert near(image.getpixel(picture.pixel((106.7, 19.25))), rgb("home"))
    assert not near(image.getpixel(picture.pixel((106.665, 19.215))), rgb("home"))


def test_an_image_never_extends_beyond_the_base_map():
    far = MapImage((120.0, 5.0), WHOLE)

    _west, south, east, _north = json.loads(BUILT.read_text())["frame"]
    assert far.pixel((east, south)) == (WIDTH, HEIGHT)


@pytest.mark.django_db
def test_the_image_of_a_product_shows_it_with_district_boundaries(client):
    province = UnitFactory(code=settings.PLACE.province_code, kind="tỉnh")
    district = {"code": "996", "parent": province, "validity": UNTIL_THE_CHANGE}
    UnitFactory(**district, area=square(106.77, 19.25), area__outline=square(106.77, 19.25))
    product = ProductFactory(
        published=True, point=at(*HERE), category=CategoryFactory(code="II"), position=Position.GPS
    )
    other = ProductFactory(published=True, point=at(HERE[0] + 0.1, HERE[1]))

    image = fetched(client, share_image_url(product))

    around = MapImage(HERE, NEAR)
    # The northern boundary of the district, and its interior.
    assert not near(image.getpixel(around.pixel((106.82, 19.35))), rgb("home"))
    assert near(image.getpixel(around.pixel((106.82, 19.32))), rgb("home"))
    assert near(image.getpixel(around.pixel(HERE)), rgb("II"))
    assert not near(image.getpixel(around.pixel(other.point.coords)), rgb("none"))


@pytest.mark.django_db
@pytest.mark.parametrize("state", [State.DRAFT, State.WITHDRAWN])
def test_the_image_of_the_whole_map_shows_only_public_products(client, state):
    group = {"category": CategoryFactory(code="III")}
    ProductFactory(published=True, point=at(*HERE), position=Position.GPS, **group)
    ProductFactory(state=state, point=at(*LAND), position=Position.GPS, **group)

    image = fetched(client, share_image_url())

    west, south, east, north = settings.PLACE.map_extent
    whole = MapImage(((west + east) / 2, (south + north) / 2), WHOLE)
    assert near(image.getpixel(whole.pixel(HERE)), rgb("III"))
    assert near(image.getpixel(whole.pixel(LAND)), rgb("home"))


@pytest.fixture
def district():
    area = square(106.65, 19.2)
    place = {"validity": UNTIL_THE_CHANGE, "area": area, "area__outline": area}
    return UnitFactory(code="996", kind="huyện", level=Level.DISTRICT, **place)


@pytest.mark.django_db
def test_products_known_only_to_a_district_are_a_number_in_it(client, district):
    for _ in range(3):
        ProductFactory(published=True, declared_district=district)
    ProductFactory(declared_district=district)

    image = fetched(client, share_image_url())

    west, south, east, north = settings.PLACE.map_extent
    whole = MapImage(((west + east) / 2, (south + north) / 2), WHOLE)
    x, y = whole.pixel((106.7, 19.25))
    inside = (x - 12, y - 14, x + 12, y + 14)
    shown = image.crop(inside).convert("L")

    def difference(number):
        whole.badge((106.7, 19.25), number, size=40)
        drawn = opened(whole.png()).crop(inside).convert("L")
        return ImageStat.Stat(ImageChops.difference(shown, drawn)).mean[0]

    differences = {number: difference(number) for number in range(2, 10)}
    assert min(differences, key=differences.get) == 3


@pytest.mark.django_db
def test_the_image_of_a_product_known_only_to_a_district_shows_the_district(client, district):
    product = ProductFactory(published=True, declared_district=district)

    image = fetched(client, share_image_url(product))

    red, green, blue = image.getpixel(MapImage((106.7, 19.25), NEAR).pixel((106.7, 19.25)))
    assert red > green + 15
    assert red > blue + 15
    assert share_image_url(product) in client.get(product.get_absolute_url()).text


@pytest.mark.django_db
def test_one_of_several_overlapping_products_is_drawn():
    for lng in (106.75, 106.7501, 107.05):
        ProductFactory(published=True, point=at(lng, 19.3))

    drawn = spots(MapImage((106.75, 19.3), WHOLE), Product.objects.all())

    assert [place for place, *_ in drawn] == [(106.7501, 19.3), (107.05, 19.3)]


@pytest.mark.django_db
def test_the_image_of_a_producer_shows_all_its_products(client):
    producer = ProducerFactory(published=True)
    places = [(106.65, 19.3), (106.75, 19.4)]
    for place in places:
        ProductFactory(
            published=True, producer=producer, point=at(*place), category=None, position="gps"
        )

    image = fetched(client, share_image_url(producer))

    sheet = MapImage((106.7, 19.35), NEAR)
    assert [near(image.getpixel(sheet.pixel(place)), rgb("none")) for place in places] == [True] * 2


@pytest.mark.django_db
def test_the_image_of_a_right_shows_its_area(client):
    right = IpRightFactory(published=True, area=square(106.65, 19.2))

    image = fetched(client, share_image_url(right))

    inside = image.getpixel(MapImage((106.7, 19.25), NEAR).pixel((106.7, 19.25)))
    red, green, blue = inside
    assert red > green + 15
    assert red > blue + 15


@pytest.mark.django_db
@pytest.mark.parametrize(
    "record",
    [
        lambda: ProductFactory(published=True),
        lambda: ProductFactory(state=State.DRAFT, point=at(*HERE)),
        lambda: ProducerFactory(published=True),
        lambda: IpRightFactory(published=True),
    ],
    ids=["no point", "draft", "no products", "no area"],
)
def test_records_that_are_unpublished_or_without_a_location_have_no_image(client, record):
    address = share_image_url(record()).removeprefix(settings.SITE_URL)

    assert client.get(address).status_code == 404


@pytest.mark.django_db
def test_the_image_of_a_unit_shows_its_area_and_is_named_by_its_page(client, district):
    image = fetched(client, share_image_url(district))

    red, green, blue = image.getpixel(MapImage((106.7, 19.25), NEAR).pixel((106.7, 19.25)))
    assert red > green + 15
    assert red > blue + 15
    assert share_image_url(district) in client.get(district.get_absolute_url()).text


def inked(image, top=0, bottom=HEIGHT):
    """The number of pixels of the panel in the colour of names, between two heights."""
    panel = image.crop((0, top, PANEL, bottom))
    return sum(near(pixel, rgb("ink")) for pixel in panel.get_flattened_data())


@pytest.mark.django_db
def test_images_of_products_differ_by_name_stars_and_term(client):
    def panel(name, *stars):
        product = ProductFactory(published=True, name=name, point=at(*HERE))
        for one in stars:
            RatingFactory(product=product, stars=one)
        image = fetched(client, share_image_url(product)).crop((0, 0, PANEL, HEIGHT))
        gold = [near(pixel, rgb("gold")) for pixel in image.get_flattened_data()]
        return inked(image), sum(gold)

    (short, none), (longer, three), (_, four) = panel("Nho"), panel("Nho đỏ", 3), panel("Nho", 4)
    assert 0 < short < longer
    assert none == 0
    assert abs(three / four - 3 / 4) < 0.02


def test_a_name_that_is_too_long_is_wrapped_and_ends_with_an_ellipsis():
    font = for_images(BOLD, 52)
    name = "Nước mắm cá cơm truyền thống " * 5

    lines = wrapped(name, font, 480, 4)
    (word,) = wrapped("N" * 40, font, 480, 4)

    assert len(lines) == 4
    assert lines[-1].endswith("…")
    assert " ".join(lines).startswith("Nước mắm cá cơm truyền thống Nước")
    assert all(font.getlength(line) <= 480 for line in [*lines, word])
    assert wrapped("Nho đỏ", font, 480, 4) == ["Nho đỏ"]


def test_a_long_name_leaves_the_band_and_the_map_free():
    picture, empty = sheet(), sheet()
    empty.panel("Tên", "")
    picture.panel("Tên", "Nước mắm " * 40, stars=5, lines=["Hiệu lực đến " * 8, "xã Mẫu Xa " * 8])

    drawn, blank = opened(picture.png()), opened(empty.png())
    assert inked(drawn) > 5000
    for box in [(0, HEIGHT - 24, PANEL, HEIGHT), (PANEL - 40, 0, WIDTH, HEIGHT)]:
        difference = ImageChops.difference(drawn.crop(box), blank.crop(box)).convert("L")
        assert max(difference.getextrema()) <= 12


@pytest.mark.django_db(transaction=True)
def test_a_change_gives_the_image_a_new_url_and_the_old_url_redirects(client):
    product = ProductFactory(published=True, point=at(*HERE))
    before = [share_image_url(product), share_image_url()]
    cache_control = client.get(before[0].removeprefix(settings.SITE_URL))["Cache-Control"]

    product.name = "Tên mới"
    product.save()

    after = [share_image_url(product), share_image_url()]
    old = [client.get(address.removeprefix(settings.SITE_URL)) for address in before]
    assert cache_control == "public, max-age=31536000, immutable"
    assert set(before).isdisjoint(after)
    assert [(answer.status_code, answer["Location"]) for answer in old] == [
        (302, address) for address in after
    ]


@pytest.mark.django_db
def test_pages_link_to_their_image(client):
    with_point = ProductFactory(published=True, point=at(*HERE))
    without = ProductFactory(published=True)

    bodies = [client.get(one.get_absolute_url()).content.decode() for one in (with_point, without)]

    named = [body.partition('og:image" content="')[2].partition('"')[0] for body in bodies]
    assert named == [share_image_url(with_point), share_image_url()]
