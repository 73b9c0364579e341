from django.urls import path, re_path, register_converter

from .feeds import FEEDS, FORMATS
from .views import (
    about,
    embed,
    feeds,
    map,
    my_products,
    offline,
    open_data,
    photos,
    places,
    producer,
    product,
    protections,
    recognition,
    record,
    seasons,
    share_images,
    statistics,
    trip,
    units,
)


class CodeConverter:
    """A record's public code: MAU-SP-001."""

    regex = "[A-Z]+(?:-[A-Z]+)*-[0-9]+"

    def to_python(self, value):
        return value

    def to_url(self, value):
        return value


class NameConverter(CodeConverter):
    """The readable part after the code; only the code identifies the record."""

    regex = "[^/]*"


class UnitConverter(CodeConverter):
    """The public id of a district or commune: 82738, 82738-2024-03-01."""

    regex = "[0-9]{3}(?:[0-9]{2})?(?:-[0-9]{4}-[0-9]{2}-[0-9]{2})?"


register_converter(CodeConverter, "code")
register_converter(UnitConverter, "unit")
register_converter(NameConverter, "name")

app_name = "frontend"
urlpatterns = [
    path("", map.map_page, name="map"),
    # The code alone redirects to the page.
    path("san-pham/<code:code>/", product.product, {"slug": None}),
    path("chu-the/", producer.producers, name="producers"),
    path("chu-the/<code:code>/", producer.producer, {"slug": None}),
    path("bao-ho/<code:code>/", protections.protection, {"slug": None}),
    path("san-pham/<code:code>/qr.svg", product.qr, name="product-qr"),
    path("san-pham/<code:code>-<name:slug>/", product.product, name="product"),
    path("chu-the/<code:code>-<name:slug>/", producer.producer, name="producer"),
    path("bao-ho/", protections.protections, name="protections"),
    path("bao-ho/<code:code>-<name:slug>/", protections.protection, name="protection"),
    path("diem-ban/", places.sales_points, name="sales-points"),
    path("diem-ban/<code:code>/", places.sales_point, {"slug": None}),
    path("diem-ban/<code:code>-<name:slug>/", places.sales_point, name="sales-point"),
    path("lang-nghe/", places.craft_villages, name="craft-villages"),
    path("lang-nghe/<code:code>/", places.craft_village, {"slug": None}),
    path("lang-nghe/<code:code>-<name:slug>/", places.craft_village, name="craft-village"),
    path("chuyen-di/", trip.trip, name="trip"),
    path("mua-vu/", seasons.seasons, name="seasons"),
    path("don-vi/", units.units, name="units"),
    path("don-vi/<unit:code>/", units.unit, {"slug": None}),
    path("don-vi/<unit:code>-<name:slug>/", units.unit, name="unit"),
    path("thong-ke/", statistics.statistics, name="statistics"),
    path("thong-ke/<slug:statistic_id>.csv", statistics.statistic_csv, name="statistic-csv"),
    path("thong-ke/<slug:statistic_id>.json", statistics.statistic_json, name="statistic-json"),
    path("thong-ke/<slug:statistic_id>.svg", statistics.statistic_svg, name="statistic-svg"),
    path("ho-so/<code:code>/", record.record, {"slug": None}),
    path("ho-so/<code:code>-<name:slug>/", record.record, name="record"),
    path("cua-toi/", my_products.search, name="my-products"),
    path("cua-toi/<code:code>/", my_products.my_product, name="my-product"),
    path("cua-toi/<code:code>/han-ocop.ics", my_products.calendar, name="my-calendar"),
    path("cua-toi/<code:code>/ap-phich.pdf", my_products.poster, name="my-poster"),
    path("cua-toi/<code:code>/nhan.pdf", my_products.labels, name="my-labels"),
    path("cong-nhan-ocop/", recognition.recognition, name="recognition"),
    path("du-lieu-mo/", open_data.open_data, name="open-data"),
    path("gioi-thieu/", about.about, name="about"),
    path("rieng-tu/", about.privacy, name="privacy"),
    path("tiep-can/", about.accessibility, name="accessibility"),
    re_path(
        rf"^feeds/(?P<name>{'|'.join(FEEDS)})\.(?P<extension>{'|'.join(FORMATS)})$",
        feeds.feed,
        name="feed",
    ),
    path("nhung/", embed.embeddable(map.map_page), name="embed"),
    path("nhung/cach-nhung/", embed.how_to_embed, name="how-to-embed"),
    path("ngoai-tuyen/", offline.offline, name="offline"),
    path("manifest.webmanifest", offline.manifest, name="manifest"),
]

# The same URL in every language; the patterns above get a language prefix.
language_neutral_urlpatterns = (
    [
        path("p/<code:code>", product.short, name="short"),
        # Below MEDIA_URL.
        re_path(rf"^anh/{photos.PHOTO}$", photos.photo, name="photo"),
        path("hinh/<slug:version>.png", share_images.whole, name="share-image"),
        re_path(
            rf"^hinh/(?P<version>[\w-]+)/(?P<kind>{'|'.join(share_images.KINDS)})"
            rf"/(?P<code>{CodeConverter.regex}|{UnitConverter.regex})\.png$",
            share_images.record,
            name="record-share-image",
        ),
        # At the root, because the path of a service worker limits its scope.
        path("sw.js", offline.worker, name="worker"),
    ],
    "neutral",
)
