"""Web manifest, service worker configuration and offline page."""

import json
import re

import pytest
from django.contrib.staticfiles import finders
from PIL import Image

from frontend.icons import draw

pytestmark = pytest.mark.django_db


def configuration(client):
    text = client.get("/sw.js").content.decode()
    return json.loads(re.match(r"self\.site = (.*);\n", text)[1])


def test_the_service_worker_is_revalidated_and_its_scope_is_the_whole_site(client):
    response = client.get("/sw.js")

    assert response["Content-Type"] == "text/javascript; charset=utf-8"
    assert response["Cache-Control"] == "no-cache"
    assert "frontend/js/worker" in response.content.decode().splitlines()[1]


def test_the_service_worker_configuration_lists_uncacheable_and_precached_paths(client):
    site = configuration(client)

    assert site["never"] == ["/admin/", "/api/v1/editing/", "/sw.js"]
    assert (site["api"], site["static"]) == ("/api/v1/", "/static/")
    assert site["offline"] == [["/en/", "/en/ngoai-tuyen/"], ["/", "/ngoai-tuyen/"]]
    by_query = ["/bao-ho/", "/chu-the/", "/cua-toi/", "/nhung/cach-nhung/"]
    assert site["pagesWithQuery"] == [*by_query, *(f"/en{page}" for page in by_query)]
    assert site["shell"][:2] == ["/ngoai-tuyen/", "/en/ngoai-tuyen/"]
    assert re.fullmatch("[0-9a-f]{8}", site["release"])


@pytest.mark.parametrize(
    ("path", "language", "words"),
    [("/ngoai-tuyen/", "vi", "Không có mạng"), ("/en/ngoai-tuyen/", "en", "No network")],
)
def test_the_offline_page_uses_only_precached_files(client, path, language, words):
    body = client.get(path).content.decode()

    assert f'<html lang="{language}">' in body
    assert f"<h1>{words}</h1>" in body
    files = re.findall(r'<(?:script|img)[^>]* src="(/[^"]+)"', body)
    files += re.findall(r'<link rel="stylesheet" href="(/[^"]+)"', body)
    assert len(files) == 4
    assert set(files) <= set(configuration(client)["shell"])
    assert '<meta name="robots" content="noindex">' in body


@pytest.mark.parametrize(
    ("path", "language", "name", "start"),
    [
        ("/manifest.webmanifest", "vi", "Bản đồ OCOP tỉnh Mẫu", "/"),
        ("/en/manifest.webmanifest", "en", "OCOP Map of Mau Province", "/en/"),
    ],
)
def test_the_manifest_is_in_the_language_of_the_page(client, path, language, name, start):
    response = client.get(path)
    manifest = response.json()

    assert response["Content-Type"] == "application/manifest+json"
    assert (manifest["lang"], manifest["name"], manifest["start_url"]) == (language, name, start)
    assert (manifest["id"], manifest["scope"], manifest["display"]) == ("/", "/", "standalone")
    map_page = client.get(start).content.decode()
    assert f'<link rel="manifest" href="{path}">' in map_page
    for icon in manifest["icons"]:
        file = finders.find(re.sub(r"^/static/|\.[0-9a-f]{12}(?=\.)", "", icon["src"]))
        if icon["type"] == "image/png":
            with Image.open(file) as picture:
                assert f"{picture.width}x{picture.height}" == icon["sizes"]
    assert [icon["purpose"] for icon in manifest["icons"][1:]] == ["any", "any", "maskable"]


def test_the_maskable_icon_fills_its_square_and_keeps_the_drawing_in_the_safe_zone():
    """The safe zone is a circle whose diameter is 80 % of the square."""
    whole, cut = draw(64, maskable=False), draw(64, maskable=True)

    clay = (180, 71, 43, 255)
    assert whole.getpixel((0, 0))[3] == 0
    assert cut.getpixel((0, 0)) == clay
    # Outside of the safe zone there is only the background.
    assert {cut.getpixel((x, 2)) for x in range(64)} == {clay}
    assert whole.getpixel((32, 25)) == (230, 159, 0, 255)
