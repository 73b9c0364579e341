"""The province pack: everything about the province that is not in the database.

A pack is a folder with `place.toml` and the data files that it names. Another province is another
folder, never other code; docs/another-province.md describes the keys. The settings read one pack;
this module reads no settings.
"""

import datetime
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.functional import Promise, lazystr
from django.utils.translation import get_language

# The corners of a map, as Leaflet names them.
CORNERS = ("topleft", "topright", "bottomleft", "bottomright")


class PackError(ValueError):
    """The pack cannot be used; the message names the file and the key."""


@dataclass(frozen=True)
class ShippedFile:
    """A data file of the pack and how it is imported.

    kind: of the import; the command load_<kind> reads the file. options: further options of the
    command, name → path of a file.
    """

    kind: str
    path: Path
    options: Mapping[str, Path]


@dataclass(frozen=True)
class BaseCredit:
    """Where a layer of the base map comes from.

    layer: its name, for people. source: as its licence wants to be credited. licence_url: of the
    text of the licence, or of the statement that none is needed.
    """

    layer: Promise
    source: str
    licence: Promise
    licence_url: str


@dataclass(frozen=True)
class MapInset:
    """A frame with names of places that no map of the country may omit, outside of this one.

    corner: of the map, as Leaflet names it ("bottomright"). names: one line each.
    """

    corner: str
    names: tuple[Promise, ...]


@dataclass(frozen=True, kw_only=True)
class Place:
    """A province pack.

    name: of the folder. Texts are in the language of the current request.
    province_code: code of the General Statistics Office.
    units_changed_on: first day of the present units; the day before is the last of the old ones.
    boundary_tolerance_m: metres within which the boundaries of old communes are exact.
    code_prefixes: kind of record ("product", "producer", "right") → prefix of its codes.
    map_extent: west, south, east, north of the first view of every map, in degrees of WGS 84.
    map_inset: None if maps of this province have no such frame.
    grids: EPSG codes of the projected systems in which the API serves coordinates.
    basemap: part of the base map → file.
    basemap_credits: one for each layer of the base map.
    files: in the order in which they are imported.
    """

    name: str
    folder: Path
    site_name: Promise
    region_name: Promise
    department: Promise
    sample_note: Promise
    sample_details: Promise
    boundary_credit: Promise
    province_code: str
    units_changed_on: datetime.date
    boundary_tolerance_m: int
    code_prefixes: Mapping[str, str]
    map_extent: tuple[float, float, float, float]
    map_inset: MapInset | None
    grids: tuple[int, ...]
    catalog_places: tuple[str, ...]
    catalog_publisher_type: str
    catalog_keywords: tuple[Promise, ...]
    basemap: Mapping[str, Path]
    basemap_credits: tuple[BaseCredit, ...]
    files: tuple[ShippedFile, ...]


def localized(texts: Mapping[str, str]) -> Promise:
    """Return a lazy text in the current language, else in the first language of the mapping.

    texts: language code → text.
    """

    class Localized:
        def __str__(self):
            return texts.get(get_language() or "") or next(iter(texts.values()))

    return lazystr(Localized())


def find_pack(folder: Path, name: str = "") -> Path:
    """Return the folder of the pack to use.

    folder: contains the shipped packs. name: path of a pack; by default the only one of the folder.
    Raises PackError if there is no pack or more than one to choose from.
    """
    packs = [Path(name)] if name else sorted(path.parent for path in folder.glob("*/place.toml"))
    if len(packs) != 1 or not (packs[0] / "place.toml").is_file():
        found = ", ".join(map(str, packs)) or f"none in {folder}"
        raise PackError(f"OCOPMAP_PLACE must name a folder with a place.toml; found: {found}.")
    return packs[0].resolve()


def read_place(folder: Path) -> Place:
    """Read the pack in that folder.

    Raises PackError if place.toml is not TOML, lacks a key, or names a file that does not exist.
    """
    try:
        pack = tomllib.loads((folder / "place.toml").read_text(encoding="utf-8"))
        texts: dict[str, Any] = {name: localized(each) for name, each in pack["texts"].items()}
        place = Place(
            name=folder.name,
            folder=folder,
            **texts,
            **pack["province"],
            code_prefixes=pack["code_prefixes"],
            map_extent=tuple(pack["map"]["extent"]),
            map_inset=_inset(pack["map"].get("inset")),
            grids=tuple(pack["map"]["grids"]),
            catalog_places=tuple(pack["catalog"]["places"]),
            catalog_publisher_type=pack["catalog"]["publisher_type"],
            catalog_keywords=tuple(map(localized, pack["catalog"]["keywords"])),
            basemap={part: _file(folder, name) for part, name in pack["basemap"].items()},
            basemap_credits=tuple(map(_credit, pack["basemap_credits"])),
            files=tuple(_shipped_file(folder, entry) for entry in pack["files"]),
        )
    except (OSError, tomllib.TOMLDecodeError, TypeError) as error:
        raise PackError(f"{folder / 'place.toml'}: {error}") from error
    except KeyError as error:
        raise PackError(f"{folder / 'place.toml'} lacks the key {error}.") from error
    return place


def _inset(table):
    if table is None:
        return None
    corner = table["corner"]
    if corner not in CORNERS:
        raise TypeError(f"map.inset.corner is {corner!r} and not one of {', '.join(CORNERS)}.")
    return MapInset(corner, tuple(map(localized, table["names"])))


def _credit(table):
    return BaseCredit(
        layer=localized(table["layer"]),
        source=table["source"],
        licence=localized(table["licence"]),
        licence_url=table["licence_url"],
    )


def _shipped_file(folder, entry):
    named = {key: _file(folder, value) for key, value in entry.items() if key != "kind"}
    return ShippedFile(entry["kind"], named.pop("file"), named)


def _file(folder, name):
    path = folder / name
    if not path.is_file():
        raise PackError(f"{folder / 'place.toml'} names {name}, which does not exist.")
    return path
