"""A province pack is used whole or refused with the file and the key; one database has one pack."""

import shutil

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils.translation import override

from geodata.importing import run
from geodata.management.commands.load_shipped_data import Command
from geodata.place import PackError, find_pack, localized, read_place

EXAMPLE = settings.BASE_DIR / "tests/places/example"


@pytest.fixture
def pack(tmp_path):
    """A copy of the example, which a test may change."""
    return shutil.copytree(EXAMPLE, tmp_path / "copy")


def replace(pack, old, new):
    file = pack / "place.toml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_a_pack_has_everything_about_its_province():
    place = read_place(EXAMPLE)

    assert (place.name, place.folder, place.province_code) == ("example", EXAMPLE, "99")
    assert place.units_changed_on.isoformat() == "2024-03-01"
    assert place.code_prefixes == {
        "product": "MAU-SP",
        "producer": "MAU-CT",
        "right": "MAU-SH",
        "sales_point": "MAU-DB",
        "craft_village": "MAU-LN",
    }
    assert (place.map_extent, place.grids) == ((106.33, 18.84, 107.06, 19.71), (9210, 3405))
    first = place.files[1]
    assert (first.kind, first.path) == ("boundaries", EXAMPLE / "boundaries/province.geojson")
    assert first.options == {"outline": EXAMPLE / "boundaries/province-simplified.geojson"}


def test_every_shipped_pack_can_be_read():
    packs = sorted((settings.BASE_DIR / "geodata/data").glob("*/place.toml"))

    assert packs
    for file in packs:
        read_place(file.parent)


def test_every_shipped_map_names_both_archipelagos_in_both_languages():
    for file in (settings.BASE_DIR / "geodata/data").glob("*/place.toml"):
        inset = read_place(file.parent).map_inset
        with override("vi"):
            assert [str(name) for name in inset.names] == [
                "Quần đảo Hoàng Sa (Việt Nam)",
                "Quần đảo Trường Sa (Việt Nam)",
            ]
        with override("en"):
            assert [str(name) for name in inset.names] == [
                "Hoàng Sa Archipelago (Viet Nam)",
                "Trường Sa Archipelago (Viet Nam)",
            ]


def test_a_pack_may_have_no_inset(pack):
    file = pack / "place.toml"
    before, _, after = file.read_text(encoding="utf-8").partition("[map.inset]")
    file.write_text(before + after[after.index("[catalog]") :], encoding="utf-8")

    assert read_place(EXAMPLE).map_inset.corner == "bottomright"
    assert read_place(pack).map_inset is None


def test_an_unknown_corner_of_the_inset_is_refused(pack):
    replace(pack, 'corner = "bottomright"', 'corner = "middle"')

    with pytest.raises(PackError, match=r"map\.inset\.corner is 'middle'"):
        read_place(pack)


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ('province_code = "99"\n', "province_code"),
        ("grids = [9210, 3405]\n", "grids"),
        ("[code_prefixes]\n", "code_prefixes"),
    ],
)
def test_a_missing_key_is_named_with_the_file(pack, line, key):
    replace(pack, line, "")

    with pytest.raises(PackError) as refused:
        read_place(pack)

    assert str(pack / "place.toml") in str(refused.value)
    assert key in str(refused.value)


@pytest.mark.parametrize("name", ["products/producers.csv", "boundaries/basemap-towns.geojson"])
def test_a_missing_data_file_is_named(pack, name):
    (pack / name).unlink()

    with pytest.raises(PackError, match=rf"names {name}, which does not exist"):
        read_place(pack)


def test_a_file_that_is_not_toml_is_refused(pack):
    replace(pack, "[texts]", "[texts")

    with pytest.raises(PackError, match=r"place\.toml: "):
        read_place(pack)


def test_the_only_pack_is_found_and_of_several_one_must_be_named(pack):
    packs = pack.parent
    assert find_pack(packs) == pack

    other = shutil.copytree(pack, packs / "other")
    with pytest.raises(PackError, match=r"OCOPMAP_PLACE must name .*copy, .*other"):
        find_pack(packs)
    assert find_pack(packs, str(other)) == other


@pytest.mark.parametrize("name", ["", "nowhere"])
def test_a_folder_without_a_pack_is_refused(tmp_path, name):
    with pytest.raises(PackError, match=r"OCOPMAP_PLACE must name a folder with a place\.toml"):
        find_pack(tmp_path, name and str(tmp_path / name))


def test_texts_are_in_the_language_of_the_request_or_the_first_one():
    text = localized({"vi": "tỉnh Mẫu", "en": "Mau Province"})

    with override("en"):
        assert str(text) == "Mau Province"
    for language in ("vi", "fr", None):
        with override(language):
            assert str(text) == "tỉnh Mẫu"


@pytest.mark.django_db
def test_a_database_with_another_pack_is_refused(tmp_path):
    first = settings.PLACE.files[0]
    other = tmp_path / "other-province.geojson"
    other.write_text("{}")
    run(first.kind, other, lambda path, report: None)

    with pytest.raises(CommandError, match=r"another province pack \(with other-province\.geojson"):
        call_command("load_shipped_data")


@pytest.mark.django_db
def test_a_database_with_the_same_pack_is_no_other():
    first = settings.PLACE.files[0]
    run(first.kind, first.path, lambda path, report: None)

    Command().require_same_pack(first)
