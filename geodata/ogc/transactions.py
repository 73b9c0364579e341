"""What clients write with OGC API – Features Part 4: editable collections, and bodies of requests.

Part 4 is OGC 20-002 (create, replace, update, delete). This module depends on no kind of record: an
EditableLayer of settings.EDITABLE_LAYERS states who may do what, and writes. The views are in
transaction_views.py.
"""

import functools
import json
import math
import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.gis.db.models import PointField
from django.contrib.gis.geos import Point
from django.db.models import BooleanField, Case, Expression, F, QuerySet, Value, When
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError

from geodata.collection import Collection
from geodata.crs import CRS84, Crs, point_in_wgs84
from geodata.feature_model import FEATURE_ID, GEOMETRY
from geodata.problems import BadBody, Conflict, ParameterError, TooDeep, TooLarge
from geodata.property_types import ScalarKind, parse_datetime, property_type

from . import paging, parameters
from .query import ItemsQuery

# Bytes of the body of a request; a feature with a point has one or two thousand.
LARGEST_BODY = 100_000

# Nested arrays and objects; a feature has four.
DEEPEST_BODY = 20

# Property with the version of the record, by which a client without If-Match can also state what
# it has read; and property that is true while the user's own change awaits a decision.
VERSION, PENDING = "version", "pending"


@dataclass(frozen=True, kw_only=True, eq=False)
class EditableCollection(Collection):
    """The rows that one user may edit, as that user sees them; nothing of it is cached.

    queryset: all of these rows. The properties are expressions over them, and there is no table of
    features. required: names of the writable properties that must have a value. overrides: property
    or GEOMETRY → {primary key: value to show instead of the stored one}.
    """

    required: tuple[str, ...] = ("name",)
    overrides: Mapping[str, Mapping[Any, Any]] = field(default_factory=dict)

    @functools.cached_property
    def queryables(self) -> dict[str, Any]:
        """Name → expression over public() that features can be filtered by."""
        return {name: self._shown(name, value) for name, value in self.expressions.items()}

    def _shown(self, name, expression):
        if shown := self.overrides.get(name):
            return _instead(expression, shown, self.fields[name])
        return expression

    def public(self) -> QuerySet:
        """Return the rows of `queryset` with the columns that features have besides properties."""
        geometry: Any = F(self.geometry)
        if shown := self.overrides.get(GEOMETRY):
            geometry = _instead(geometry, shown, PointField(srid=4326))
        return self.queryset().annotate(**{FEATURE_ID: F(self.key), GEOMETRY: geometry})

    def features(
        self, *, geometry: str = GEOMETRY, crs: Crs = CRS84, names: tuple[str, ...] = ()
    ) -> QuerySet:
        """Return public(), annotated with `feature`; parameters as of Collection.feature()."""
        return self.public().annotate(feature=self.computed_feature(geometry, crs, names))

    def count(self) -> int:
        """Return the number of rows."""
        return self.queryset().count()


def _instead(expression, shown, output_field):
    """Return the expression, with other values in the rows with these primary keys."""
    cases = [
        When(pk=key, then=Value(value, output_field=output_field)) for key, value in shown.items()
    ]
    return Case(*cases, default=expression, output_field=output_field)


def not_pending() -> Expression:
    """Return the expression of the property PENDING where `overrides` has no other value."""
    return Value(False, output_field=BooleanField())


class EditableQuery(ItemsQuery):
    """The query of a user's own collection; its statements are not cached."""

    def ordered(self) -> QuerySet:
        """Return all features in order, annotated with `feature` and the sort keys."""
        rows = self.collection.features(geometry=self.geometry, crs=self.crs, names=self.names)
        searched = self.conditions.get("q", "")
        return paging.ordered(rows, self.collection, self.sort_keys, searched)

    def page_statement(self) -> tuple[str, Any]:
        """Return the SQL of page_rows() and its parameters."""
        return self.page_rows().query.sql_with_params()


# --- who may do what, and what is written --------------------------------------------------


@dataclass(frozen=True)
class Edit:
    """What a request changes: only values that differ from those that its author was shown.

    properties: name → text, or None for no value, of writable properties; a boolean as "true" or
    "false", a number in digits. geometry: {"geometry": Point in EPSG:4326 or None} if it changes,
    else empty.
    """

    properties: Mapping[str, str | None]
    geometry: Mapping[str, Point | None]

    def __bool__(self) -> bool:
        return bool(self.properties or self.geometry)


class EditableFeature(ABC):
    """One feature that a user may see, with what this user may do."""

    version: int

    @property
    @abstractmethod
    def etag(self) -> str:
        """The strong tag, quotes included, of the feature as the user sees it."""

    @property
    @abstractmethod
    def methods(self) -> frozenset[str]:
        """Those of PUT, PATCH and DELETE that the user's rights allow, whatever the state.

        QGIS reads them of one feature only, and enables editing of the layer accordingly.
        """

    @abstractmethod
    def change(self, edit: Edit) -> None:
        """Write or propose a change.

        Raises BadBody for values that the rules refuse, Conflict, Forbidden.
        """

    @abstractmethod
    def delete(self) -> None:
        """Delete or withdraw the feature, or propose it; raises Conflict, Forbidden."""


class EditableLayer(ABC):
    """An editable collection. `collection`: its description, without the rows of any user."""

    collection: EditableCollection

    @abstractmethod
    def collection_of(self, user: AbstractBaseUser) -> EditableCollection:
        """Return the collection with the rows that the user may edit."""

    @abstractmethod
    def may_create(self, user: AbstractBaseUser) -> bool:
        """Return whether the user may create features."""

    @abstractmethod
    def create(self, edit: Edit, *, by: AbstractBaseUser) -> str:
        """Create a feature; return its id. Raises BadBody, PermissionDenied."""

    @abstractmethod
    def find(self, feature_id: str, user: AbstractBaseUser) -> EditableFeature | None:
        """Return the feature with that id, None if the user has none."""


@functools.cache
def editable_layers() -> dict[str, EditableLayer]:
    """Return {id of the collection: layer}, in the order of settings.EDITABLE_LAYERS."""
    layers = [import_string(path) for path in settings.EDITABLE_LAYERS]
    return {layer.collection.id: layer for layer in layers}


# --- bodies --------------------------------------------------------------------------------


def read_json(body: bytes) -> Any:
    """Return the value of a JSON text.

    Raises TooLarge for more than LARGEST_BODY bytes, TooDeep, and ParseError for what RFC 8259 does
    not allow or programs understand differently: NaN, repeated names, other encodings than UTF-8.
    """
    if len(body) > LARGEST_BODY:
        raise TooLarge(_("Nội dung gửi lên lớn hơn %d byte.") % LARGEST_BODY)
    try:
        value = json.loads(
            body.decode(), parse_constant=_refuse_constant, object_pairs_hook=_without_repetition
        )
    except RecursionError:
        raise TooDeep(_("Nội dung lồng nhau quá sâu.")) from None
    except ValueError:
        raise ParseError from None
    _require_depth(value, DEEPEST_BODY)
    return value


def _refuse_constant(name):
    raise ValueError(name)


def _without_repetition(pairs):
    named = dict(pairs)
    if len(named) != len(pairs):
        raise ValueError("A name is repeated.")
    return named


def _require_depth(value, depth):
    if not isinstance(value, dict | list):
        return
    if depth == 0:
        raise TooDeep(_("Nội dung lồng nhau quá sâu."))
    for part in value.values() if isinstance(value, dict) else value:
        _require_depth(part, depth - 1)


def read_feature(
    document: Any,
    collection: EditableCollection,
    crs: Crs,
    *,
    shown: Mapping[str, Any] | None = None,
    replaces: bool = True,
) -> Edit:
    """Return what a GeoJSON feature changes.

    document: the parsed body. crs: of its coordinates. shown: the feature as the author sees it,
    with coordinates in that CRS; None for a new one. replaces: whether properties and geometry that
    are missing are removed; otherwise, in a merge patch (RFC 7396), they stay.

    Raises BadBody with everything that is wrong, and Conflict if the body states another version
    than that of `shown`.
    """
    if not isinstance(document, dict) or document.get("type", _type(replaces)) != "Feature":
        raise BadBody([ParameterError("type", _("Cần một Feature của GeoJSON."))])
    errors: list[ParameterError] = []
    if shown and document.get("id", shown["id"]) != shown["id"]:
        errors.append(ParameterError("id", _("Mã trong nội dung khác với mã trong địa chỉ.")))
    properties = {}
    if replaces or "properties" in document:
        sent = document.get("properties")
        stored = shown["properties"] if shown else {}
        properties = _read_properties(sent, stored, collection, errors, replaces=replaces)
    geometry = {}
    if "crs" in document:
        errors.append(ParameterError("crs", _no_crs()))
    if replaces and GEOMETRY not in document:
        errors.append(ParameterError(GEOMETRY, _("Thiếu geometry; không có vị trí thì viết null.")))
    elif GEOMETRY in document:
        try:
            geometry = _read_geometry(document[GEOMETRY], shown and shown[GEOMETRY], crs)
        except ParameterError as error:
            errors.append(error)
    if errors:
        raise BadBody(errors)
    return Edit(properties, geometry)


def _type(replaces):
    """The type of a document that states none: only a merge patch may leave it out."""
    return None if replaces else "Feature"


def _no_crs():
    return _("Hệ toạ độ nêu ở đầu mục Content-Crs, không nêu trong nội dung.")


def _read_properties(sent, shown, collection, errors, *, replaces):
    """Return {writable property: new value}; append to the errors."""
    if not isinstance(sent, dict):
        errors.append(ParameterError("properties", _("properties phải là một đối tượng JSON.")))
        return {}
    if VERSION in sent and shown and not _same(sent[VERSION], shown[VERSION]):
        raise Conflict(
            _("Người khác vừa lưu hồ sơ này. Hãy tải lại lớp rồi sửa; chưa có gì bị ghi đè.")
        )
    unknown = sent.keys() - collection.properties.keys()
    if unknown:
        names = ", ".join(sorted(map(_short, unknown)))
        errors.append(ParameterError("properties", _("Không có thuộc tính: %s.") % names))
    fixed = [
        name
        for name in collection.properties
        if name in sent
        and name not in collection.writable
        and not _same(sent[name], shown.get(name), collection.fields[name])
    ]
    if fixed:
        text = _("Không sửa được ở đây: %s.") % ", ".join(fixed)
        errors += [ParameterError(fixed[0], text)]
    changed = {}
    for name in collection.writable:
        if name not in sent and not replaces:
            continue
        try:
            value = _text(sent.get(name), name, collection)
        except ParameterError as error:
            errors.append(error)
            continue
        if value is None and name in collection.required:
            text = _("Thiếu “%s”.") % collection.title_of(name)
            errors.append(ParameterError(name, text))
        elif value != _as_text(shown.get(name)):
            changed[name] = value
    return changed


def _text(value, name, collection):
    """Return a value of a writable property as Edit has it, None for an empty one."""
    title = collection.title_of(name)
    kind = property_type(collection.fields[name]).scalar_kind
    if value is not None and kind == ScalarKind.BOOLEAN and not isinstance(value, bool):
        raise ParameterError(name, _("“%s” phải là true hoặc false.") % title)
    if value is not None and kind == ScalarKind.NUMBER and type(value) is not int:
        raise ParameterError(name, _("“%s” phải là một số nguyên.") % title)
    if kind in (ScalarKind.BOOLEAN, ScalarKind.NUMBER):
        return _as_text(value)
    if value is not None and not isinstance(value, str):
        raise ParameterError(name, _("“%s” phải là chữ.") % title)
    if value and ("\x00" in value or any(unicodedata.category(c) == "Cs" for c in value)):
        raise ParameterError(name, _("“%s” có ký tự không dùng được.") % title)
    return _normalized(value)


def _as_text(value):
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int) else _normalized(value)


def _normalized(text):
    return unicodedata.normalize("NFC", text).strip() or None if text else None


def _same(sent, shown, model_field=None):
    """Whether a read-only value is the one that was shown.

    Programs write nothing as "", and times in their own zone.
    """
    if sent in (None, "") or shown is None:
        return sent in (None, "", False) and not shown
    if not isinstance(sent, str) or not isinstance(shown, str):
        return type(sent) is type(shown) and sent == shown
    if model_field is not None and property_type(model_field).scalar_kind == ScalarKind.TIMESTAMP:
        try:
            return parse_datetime(sent).replace(microsecond=0) == parse_datetime(shown)
        except ValueError:
            return False
    return _normalized(sent) == _normalized(shown)


def _short(name):
    return name[:40].encode("utf-8", "replace").decode().replace("\x00", "�")


def _read_geometry(sent, shown, crs):
    """Return Edit.geometry of a GeoJSON geometry; raise ParameterError for anything but a Point."""
    if sent is None:
        return {} if shown is None else {GEOMETRY: None}
    wrong = ParameterError(GEOMETRY, _("Cần một Point của GeoJSON với hai số."))
    if not isinstance(sent, dict) or sent.get("type") != "Point":
        raise wrong
    if "crs" in sent:
        raise ParameterError(GEOMETRY, _no_crs())
    numbers = sent.get("coordinates")
    if not isinstance(numbers, list) or len(numbers) != 2 or not all(map(_is_number, numbers)):
        raise wrong
    for axis, (number, (least, greatest)) in enumerate(zip(numbers, crs.bounds, strict=True)):
        if not least <= number <= greatest:
            raise ParameterError(GEOMETRY, parameters.out_of_bounds(crs, axis))
    if shown and _same_position(numbers, shown["coordinates"], crs):
        return {}
    return {GEOMETRY: point_in_wgs84(*map(float, numbers), crs)}


def _is_number(value):
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    # A float cannot hold every integer of JSON.
    return is_number and abs(value) < 1e15 and math.isfinite(value)


def _same_position(one: Iterable[float], other: Iterable[float], crs: Crs) -> bool:
    """Return whether coordinates are equal after rounding to the published decimals."""
    rounded: Callable = functools.partial(round, ndigits=crs.decimals)
    return list(map(rounded, one)) == list(map(rounded, other))
