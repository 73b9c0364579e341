"""Filters in the Common Query Language, CQL2 (21-065r2), as OGC API – Features Part 3 takes them.

The package cql2 parses them. Its tree is walked here into conditions of the database, which alone
evaluates them: what compares with null is unknown, and what is unknown is not chosen. The SQL that
the package can write is never used: it knows neither our expressions nor any parameters.
"""

import dataclasses
import decimal
import json
import math
import re
import unicodedata

import cql2
from django.contrib.gis.db.models import GeometryField
from django.contrib.gis.geos import (
    GeometryCollection,
    GEOSException,
    LineString,
    MultiLineString,
    MultiPoint,
    MultiPolygon,
    Point,
    Polygon,
)
from django.db.models import (
    BooleanField,
    Expression,
    ExpressionWrapper,
    F,
    Func,
    Q,
    Value,
)
from django.db.models.functions import TruncDate
from django.db.models.lookups import IsNull
from django.utils import timezone
from django.utils.translation import gettext as _

from geodata.crs import TransformedBox
from geodata.problems import ParameterError
from geodata.property_types import ScalarKind, parse_date, parse_datetime, property_type
from geodata.text import CaseFold

from . import parameters

# The last is the text by the name that it had in the drafts, by which GDAL asks for it.
TEXT, JSON, DRAFT = LANGUAGES = "cql2-text", "cql2-json", "cql-text"

# The queryable of the geometry, whatever its column is called.
GEOMETRY = "geometry"

# What is longer or deeper is refused before it is parsed: the parser holds Python's lock, so that
# all other requests of the process wait for it, and no exception ends it.
LONGEST = 2_000
DEEPEST = 10
# The parser reads what stands in brackets twice where it finds an error, as a condition and as a
# list: 24 open brackets took it 17 s. So many readings of one character take it about 0.15 s.
MOST_READINGS = 2**18
# It calls itself for each operator that follows another one without brackets: two thousand signs
# need more than half of a thread's stack of 8 MB, and beyond it the process dies.
MOST_OPERATORS = 250
# Of JSON, which is read once: an object and a list for each bracket of the text, and a collection
# of multipolygons is seven deep.
DEEPEST_JSON = 2 * DEEPEST + 7
# Of what was read, in which NOT needs no bracket. Django calls itself several times for each.
DEEPEST_TREE = 40

_QUOTED = re.compile(r"""'(?:[^'\\]|''|\\.)*'|"[^"]*\"""", re.DOTALL)
# Numbers without a digit before the point, or with an exponent.
_SHORT_NUMBER = re.compile(
    r"(?<![\w.])(?:\.[0-9]+|[0-9]+\.?[0-9]*(?=[eE]))(?:[eE][+-]?[0-9]{1,3})?(?!\w)"
)
_REWRITTEN = re.compile(rf"{_QUOTED.pattern}|{_SHORT_NUMBER.pattern}", re.DOTALL)
# Text that is none of its own, and what GDAL writes where the case of letters is no matter.
_ILIKE = re.compile(rf"(\w+) ILIKE ({_QUOTED.pattern})|{_QUOTED.pattern}", re.DOTALL)
_QUOTED_JSON = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
# A sign before a number is part of it.
_OPERATOR = re.compile(r"-(?![0-9])|[=<>+*/^%]|not", re.IGNORECASE)
_PLACE = re.compile(r"(?:-->|line) ([0-9]+)(?::| column )([0-9]+)")
_ESCAPES = {"a": "\a", "b": "\b", "t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r", "'": "''"}


def language(text):
    """The language of the filter that the parameter `filter-lang` names."""
    if text not in LANGUAGES:
        names = ", ".join(LANGUAGES)
        raise ParameterError("filter-lang", _("Giá trị dùng được: %s.") % names)
    return text


def condition(text, language, crs, collection):
    """The condition on the collection's rows that the filter means.

    language: one of LANGUAGES. crs: the system of the filter's coordinates.
    Raises ParameterError with a sentence for the reader.
    """
    if len(text) > LONGEST:
        raise _wrong(_("Bộ lọc dài quá %d ký tự.") % LONGEST)
    if language == JSON:
        _guard_json(text)
        tree = _parsed(text, cql2.parse_json)
    else:
        if language == DRAFT:
            text = _ILIKE.sub(_as_cql2, text)
        text = _REWRITTEN.sub(_as_the_parser_reads_it, text)
        _guard_text(text)
        tree = _parsed(text, cql2.parse_text)
    return _Walk(collection, crs).condition(tree)


def _wrong(sentence):
    return ParameterError("filter", sentence)


# --- before parsing ------------------------------------------------------------------------


def _as_cql2(found):
    name, pattern = found.groups()
    return f"CASEI({name}) LIKE CASEI({pattern})" if name else found[0]


def _as_the_parser_reads_it(found):
    r"""CQL2 may write ' as \', control characters as \n and the like, 0.5 as .5 and, in geometries
    too, 15 as 1.5e1; cql2 reads only '', the characters and plain decimals.
    """
    if _SHORT_NUMBER.fullmatch(found[0]):
        return f"{decimal.Decimal(found[0]):f}"
    if found[0].startswith('"'):
        return found[0]
    # Other escapes stay: LIKE has a use for them.
    return re.sub(r"\\(.)", lambda it: _ESCAPES.get(it[1], it[0]), found[0], flags=re.DOTALL)


def _guard_text(text):
    bare = _QUOTED.sub(lambda found: "x" * len(found[0]), text)
    depth = readings = 0
    for character in bare:
        depth += (character == "(") - (character == ")")
        readings += 2**depth
        if depth > DEEPEST:
            raise _wrong(_("Ngoặc lồng nhau quá %d lớp.") % DEEPEST)
        if depth < 0:
            break
    if depth:
        raise _wrong(_("Số ngoặc mở và ngoặc đóng không khớp."))
    if readings > MOST_READINGS:
        raise _wrong(_("Quá nhiều chữ nằm trong nhiều lớp ngoặc; hãy bỏ bớt ngoặc."))
    if len(_OPERATOR.findall(bare)) > MOST_OPERATORS:
        raise _wrong(_("Quá %d phép toán.") % MOST_OPERATORS)


def _guard_json(text):
    depth = 0
    for character in _QUOTED_JSON.sub("", text):
        depth += (character in "[{") - (character in "]}")
        if depth > DEEPEST_JSON:
            raise _wrong(_("JSON lồng nhau quá %d lớp.") % DEEPEST_JSON)


def _parsed(text, parse):
    try:
        return parse(text).to_json()
    # Observed with cql2 0.6.0: some geometry is refused with a plain Exception.
    except Exception as error:
        raise _wrong(_where(text, str(error))) from None


def _where(text, message):
    """The sentence on the place at which the parser stopped, in characters from 1."""
    found = _PLACE.search(message)
    if not found:
        return _("Đây không phải là một biểu thức CQL2.")
    line, column = int(found[1]), int(found[2])
    start = sum(len(earlier) + 1 for earlier in text.split("\n")[: line - 1]) + column
    rest = text[start - 1 :]
    if not rest.strip():
        return _("Bộ lọc chưa viết hết.")
    return _("Không hiểu bộ lọc từ ký tự thứ %(start)d: “%(rest)s”.") % {
        "start": start,
        "rest": rest if len(rest) <= 30 else f"{rest[:30]}…",
    }


# --- conditions ----------------------------------------------------------------------------


class _Infix(Func):
    """Operands with an operator between, as SQL has it, with its three truth values."""

    template = "(%(expressions)s)"
    output_field = BooleanField()

    def __init__(self, operator, left, right):
        super().__init__(left, right, arg_joiner=f" {operator} ")


_COMPARISONS = ("=", "<>", "<", "<=", ">", ">=")
_SPATIAL = {
    "s_intersects": "ST_Intersects",
    "s_within": "ST_Within",
    "s_contains": "ST_Contains",
    "s_disjoint": "ST_Disjoint",
    "s_equals": "ST_Equals",
    "s_touches": "ST_Touches",
    "s_crosses": "ST_Crosses",
    "s_overlaps": "ST_Overlaps",
}
_OPERATORS = ("and", "or", "not", *_COMPARISONS, "between", "in", "like", "isNull", *_SPATIAL)

# Parsers of text literals that are compared with values of another kind. Observed with GDAL 3.12:
# it sends a date as '2024-12-10T', or as midnight if the user wrote that. A timestamp is not parsed
# so leniently: there GDAL drops hours that it did not understand, and the rows of another time
# would be worse than none.
_PARSERS = {
    ScalarKind.TEXT: str,
    ScalarKind.DATE: lambda text: parse_date(re.sub(r"T(00(:00){0,2}Z)?\Z", "", text)),
    ScalarKind.TIMESTAMP: parse_datetime,
}


@dataclasses.dataclass
class _Operand:
    """One side of a comparison: a literal, which has a value, or else an expression."""

    kind: ScalarKind
    expression: Expression | None = None
    value: object = None

    @property
    def is_literal(self):
        return self.expression is None

    @property
    def as_expression(self):
        return Value(self.value) if self.is_literal else self.expression


class _Walk:
    """From the tree of one filter to a condition."""

    def __init__(self, collection, crs):
        self.collection = collection
        self.crs = crs
        self.queryables = collection.queryables
        self.depth = 0

    def condition(self, node):
        """The Q of a part of the tree that is true, false or unknown."""
        self.depth += 1
        if self.depth > DEEPEST_TREE:
            raise _wrong(_("Các phép toán lồng nhau quá %d lớp.") % DEEPEST_TREE)
        condition = self._condition(node)
        self.depth -= 1
        return condition

    def _condition(self, node):
        if isinstance(node, bool):
            return Q(Value(node))
        if not isinstance(node, dict) or "op" not in node:
            raise _wrong(_("Cần một điều kiện, thay cho %s.") % _named(node))
        operator, operands = node["op"], node["args"]
        if operator in ("and", "or"):
            _require(operator, operands, at_least=1)
            parts = (self.condition(part) for part in operands)
            return Q(*parts, _connector=Q.AND if operator == "and" else Q.OR)
        if operator == "not":
            _require(operator, operands, exactly=1)
            return ~self.condition(operands[0])
        if operator in _SPATIAL:
            _require(operator, operands, exactly=2)
            places = [self.place(operand) for operand in operands]
            return Q(Func(*places, function=_SPATIAL[operator], output_field=BooleanField()))
        if operator == "isNull":
            _require(operator, operands, exactly=1)
            return Q(IsNull(self.anything(operands[0]), True))
        if operator == "like":
            _require(operator, operands, exactly=2)
            return Q(_Infix("LIKE", self.text(operands[0]), self.pattern(operands[1])))
        if operator in _COMPARISONS:
            _require(operator, operands, exactly=2)
            return Q(_Infix(operator, *self.comparable(operands)))
        if operator == "between":
            _require(operator, operands, exactly=3)
            value, least, greatest = self.comparable(operands)
            return Q(_Infix(">=", value, least)) & Q(_Infix("<=", value, greatest))
        if operator == "in":
            _require(operator, operands, exactly=2)
            if not isinstance(operands[1], list) or not operands[1]:
                raise _wrong(_("IN cần một danh sách trong ngoặc."))
            value, *listed = self.comparable([operands[0], *operands[1]])
            return Q(_Infix("IN", value, Func(*listed, template="(%(expressions)s)")))
        raise _wrong(
            _("Không có phép toán “%(name)s”. Dùng được: %(names)s.")
            % {"name": operator, "names": ", ".join(_OPERATORS)}
        )

    # --- scalars ---

    def comparable(self, nodes):
        """The expressions of scalars, all of one kind.

        A literal outside the codes of a property is no error: it equals no row.
        """
        operands = [self.operand(node) for node in nodes]
        # A text literal may denote a date or a timestamp.
        kinds = {
            operand.kind
            for operand in operands
            if operand.kind != ScalarKind.TEXT or not operand.is_literal
        }
        if kinds == {ScalarKind.DATE, ScalarKind.TIMESTAMP}:
            kinds = {ScalarKind.DATE}
        if not kinds:
            kinds = {ScalarKind.TEXT}
        if len(kinds) > 1:
            names = " / ".join(str(kind.label) for kind in ScalarKind if kind in kinds)
            raise _wrong(_("Không so sánh được các kiểu khác nhau: %s.") % names)
        (kind,) = kinds
        return [_literal(one, kind) if one.is_literal else _as_kind(one, kind) for one in operands]

    def operand(self, node):
        """A queryable, a literal or a condition, to be compared."""
        if isinstance(node, bool):
            return _Operand(ScalarKind.BOOLEAN, value=node)
        if isinstance(node, float | int):
            if not math.isfinite(node):
                raise _wrong(_("Có một số quá lớn."))
            return _Operand(ScalarKind.NUMBER, value=int(node) if node == int(node) else node)
        if isinstance(node, str):
            return _Operand(ScalarKind.TEXT, value=_read_text(node))
        if not isinstance(node, dict):
            raise _wrong(_("Cần một giá trị, thay cho %s.") % _named(node))
        if "property" in node:
            name = node["property"]
            if name == GEOMETRY:
                raise _wrong(
                    _("“%(name)s” chỉ dùng với: %(names)s.")
                    % {"name": GEOMETRY, "names": ", ".join(["isNull", *_SPATIAL])}
                )
            expression = self.queryable(name)
            return _Operand(property_type(self.collection.fields[name]).scalar_kind, expression)
        if "date" in node:
            return _Operand(ScalarKind.DATE, value=_parse(parse_date, node["date"]))
        if "timestamp" in node:
            timestamp = _parse(parse_datetime, node["timestamp"])
            return _Operand(ScalarKind.TIMESTAMP, value=timestamp)
        if node.get("op") == "casei":
            return _Operand(ScalarKind.TEXT, self.text(node))
        condition = ExpressionWrapper(self.condition(node), output_field=BooleanField())
        return _Operand(ScalarKind.BOOLEAN, condition)

    def text(self, node):
        """The expression of text: a literal, a queryable, or CASEI of one."""
        if isinstance(node, dict) and node.get("op") == "casei":
            _require("casei", node["args"], exactly=1)
            return CaseFold(self.text(node["args"][0]))
        operand = self.operand(node)
        if operand.kind != ScalarKind.TEXT:
            raise _wrong(
                _("Cần giá trị kiểu %(kind)s, thay cho %(found)s.")
                % {"kind": ScalarKind.TEXT.label, "found": _named(node)}
            )
        return operand.as_expression

    def pattern(self, node):
        """The expression of a pattern of LIKE, which is a literal."""
        if isinstance(node, dict) and node.get("op") == "casei":
            _require("casei", node["args"], exactly=1)
            return CaseFold(self.pattern(node["args"][0]))
        if not isinstance(node, str):
            raise _wrong(_("LIKE cần một mẫu chữ trong dấu nháy."))
        # The database would refuse an escape of nothing.
        if re.search(r"(?<!\\)(\\\\)*\\\Z", node):
            raise _wrong(_("Mẫu của LIKE không được kết thúc bằng một dấu \\ lẻ."))
        return self.text(node)

    def anything(self, node):
        """The expression of what may be null."""
        if isinstance(node, dict) and node.get("property") == GEOMETRY:
            return F(self.collection.geometry)
        return self.operand(node).as_expression

    def queryable(self, name):
        try:
            return self.queryables[name]
        except KeyError:
            raise _wrong(
                _("“%(name)s” không phải thuộc tính. Dùng được: %(names)s.")
                % {"name": name, "names": ", ".join([*self.queryables, GEOMETRY])}
            ) from None

    # --- places ---

    def place(self, node):
        """The expression of a geometry in EPSG:4326."""
        if not isinstance(node, dict):
            raise _wrong(_("Cần một hình, thay cho %s.") % _named(node))
        if "property" in node:
            if node["property"] != GEOMETRY:
                self.queryable(node["property"])
                raise _wrong(_("Cần một hình, thay cho %s.") % _named(node))
            return F(self.collection.geometry)
        if "bbox" in node:
            if not all(isinstance(number, float | int) for number in node["bbox"]):
                raise _wrong(_("BBOX cần các số."))
            shape = parameters.box(node["bbox"], self.crs, "filter")
            return shape if isinstance(shape, TransformedBox) else _here(shape)
        if "coordinates" not in node and "geometries" not in node:
            raise _wrong(_("Cần một hình, thay cho %s.") % _named(node))
        try:
            shape = self.shape(node)
            if isinstance(shape, GeometryCollection) and node["type"] == "GeometryCollection":
                # Parts that overlap are one ground.
                shape = shape.unary_union
            valid = not shape.empty and shape.valid
        except ParameterError:
            raise
        except (GEOSException, KeyError, TypeError, ValueError):
            valid = False
        if not valid:
            raise _wrong(_("Hình %s không hợp lệ.") % _named(node))
        shape.srid = self.crs.srid
        if self.crs.is_geographic:
            return _here(shape)
        # A published position is rounded in this system: it represents all that round to it.
        is_point = isinstance(shape, Point)
        return TransformedBox(parameters.widened_box(shape.extent, self.crs) if is_point else shape)

    def shape(self, node):
        """The GEOS geometry of a GeoJSON one, put together from its numbers.

        No text from strangers reaches GDAL, which can be made to open files.
        """
        kind = node["type"]
        if kind == "GeometryCollection":
            return GeometryCollection(*(self.shape(part) for part in node["geometries"]))
        if kind in _COLLECTED:
            single = kind.removeprefix("Multi")
            parts = [self.shape({"type": single, "coordinates": c}) for c in node["coordinates"]]
            return _COLLECTED[kind](*parts)
        coordinates = node["coordinates"]
        if kind == "Point":
            return Point(*self.position(coordinates))
        if kind == "LineString":
            return LineString(*map(self.position, coordinates))
        if kind == "Polygon":
            return Polygon(*([self.position(at) for at in ring] for ring in coordinates))
        raise KeyError(kind)

    def position(self, numbers):
        """Easting or longitude, then northing or latitude; heights have no part in this."""
        first, second = numbers[:2]
        for axis, number in enumerate((first, second)):
            least, greatest = self.crs.bounds[axis]
            if not least <= number <= greatest:
                raise _wrong(parameters.out_of_bounds(self.crs, axis))
        return (second, first) if self.crs.north_first else (first, second)


def _require(operator, operands, *, exactly=0, at_least=0):
    if (exactly and len(operands) != exactly) or len(operands) < at_least:
        raise _wrong(
            _("“%(name)s” cần %(count)d toán hạng.")
            % {"name": operator, "count": exactly or at_least}
        )


def _as_kind(operand, kind):
    # Compared with a date, a timestamp is its day in Viet Nam.
    is_timestamp = operand.kind == ScalarKind.TIMESTAMP and kind == ScalarKind.DATE
    return TruncDate(operand.expression) if is_timestamp else operand.expression


def _literal(operand, kind):
    """A literal as the others of that kind take it."""
    value = operand.value
    try:
        if operand.kind == ScalarKind.TEXT:
            if kind not in _PARSERS:
                raise ValueError(
                    _("Cần giá trị kiểu %(kind)s, thay cho “%(text)s”.")
                    % {"kind": kind.label, "text": value}
                )
            value = _PARSERS[kind](value)
        elif operand.kind == ScalarKind.TIMESTAMP and kind == ScalarKind.DATE:
            value = timezone.localdate(value)
    except OverflowError:
        raise _wrong(_("“%s” nằm ngoài lịch.") % value) from None
    except ValueError as error:
        raise _wrong(str(error)) from None
    return Value(value)


def _parse(parse, text):
    if not isinstance(text, str):
        raise _wrong(_("DATE và TIMESTAMP cần một chữ trong dấu nháy."))
    try:
        return parse(text)
    except ValueError as error:
        raise _wrong(str(error)) from None


def _read_text(text):
    # The database holds no such character, and composed letters only.
    if "\x00" in text:
        raise _wrong(_("Bộ lọc có ký tự không dùng được."))
    return unicodedata.normalize("NFC", text)


def _named(node):
    """How to speak of a part of the filter."""
    if isinstance(node, dict):
        for name in ("property", "op", "type"):
            if isinstance(node.get(name), str):
                return f"“{node[name]}”"
    return json.dumps(node, ensure_ascii=False)


_COLLECTED = {
    "MultiPoint": MultiPoint,
    "MultiLineString": MultiLineString,
    "MultiPolygon": MultiPolygon,
}


def _here(shape):
    return Value(shape, output_field=GeometryField(srid=4326))
