"""Filters in the Common Query Language, CQL2 (21-065r2), of OGC API – Features Part 3.

The package cql2 parses them. This module translates its tree into conditions that the database
evaluates: a comparison with null is unknown, and rows for which the filter is unknown are not
selected. The SQL that the package can write is never used: it has neither our expressions nor
query parameters.
"""

import dataclasses
import decimal
import json
import math
import re

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

from geodata.collection import Collection
from geodata.crs import Crs, TransformedBox
from geodata.feature_model import GEOMETRY as GEOMETRY_COLUMN
from geodata.problems import ParameterError
from geodata.property_types import ScalarKind, parse_date, parse_datetime, parse_text, property_type
from geodata.text import CaseFold

from . import parameters

# The last is an alias of the first, from the drafts; GDAL sends it.
TEXT, JSON, DRAFT = LANGUAGES = "cql2-text", "cql2-json", "cql-text"

# The queryable of the geometry, whatever the name of its column.
GEOMETRY = "geometry"

# Longer or deeper filters are refused before parsing: the parser holds Python's interpreter lock,
# so that all other requests of the process wait, and it cannot be interrupted.
MAX_CHARACTERS = 2_000
MAX_NESTING = 10
# After an error the parser parses the content of brackets twice, as a condition and as a list: 24
# open brackets took it 17 s. This many readings of single characters take it about 0.15 s.
MAX_READINGS = 2**18
# It recurses for each operator that follows another one without brackets: two thousand signs need
# more than half of a thread's stack of 8 MB, and on overflow the process dies.
MAX_OPERATORS = 250
# For JSON, which is parsed once: an object and a list for each bracket of the text, and a
# collection of multipolygons is seven deep.
MAX_NESTING_JSON = 2 * MAX_NESTING + 7
# For the parsed tree, in which NOT needs no bracket. Django recurses several times for each level.
MAX_NESTING_TREE = 40

_QUOTED = re.compile(r"""'(?:[^'\\]|''|\\.)*'|"[^"]*\"""", re.DOTALL)
# Numbers without a digit before the point, or with an exponent.
_SHORT_NUMBER = re.compile(
    r"(?<![\w.])(?:\.[0-9]+|[0-9]+\.?[0-9]*(?=[eE]))(?:[eE][+-]?[0-9]{1,3})?(?!\w)"
)
_REWRITTEN = re.compile(rf"{_QUOTED.pattern}|{_SHORT_NUMBER.pattern}", re.DOTALL)
# GDAL writes comparisons without case as ILIKE; quoted text is skipped.
_ILIKE = re.compile(rf"(\w+) ILIKE ({_QUOTED.pattern})|{_QUOTED.pattern}", re.DOTALL)
_QUOTED_JSON = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
# A sign before a number is part of it.
_OPERATOR = re.compile(r"-(?![0-9])|[=<>+*/^%]|not", re.IGNORECASE)
_POSITION = re.compile(r"(?:-->|line) ([0-9]+)(?::| column )([0-9]+)")
_ESCAPES = {"a": "\a", "b": "\b", "t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r", "'": "''"}


def language(text: str) -> str:
    """Parse `filter-lang`: one of LANGUAGES; raise ParameterError otherwise."""
    if text not in LANGUAGES:
        names = ", ".join(LANGUAGES)
        raise ParameterError("filter-lang", _("Giá trị dùng được: %s.") % names)
    return text


def condition(text: str, language: str, crs: Crs, collection: Collection) -> Q:
    """Parse `filter`: return the condition on rows derived from the collection's queryset.

    language: one of LANGUAGES. crs: of the coordinates in the filter.
    Raises ParameterError with a sentence for the user.
    """
    if len(text) > MAX_CHARACTERS:
        raise _error(_("Bộ lọc dài quá %d ký tự.") % MAX_CHARACTERS)
    if language == JSON:
        _guard_json(text)
        tree = _parsed(text, cql2.parse_json)
    else:
        if language == DRAFT:
            text = _ILIKE.sub(_without_ilike, text)
        text = _REWRITTEN.sub(_for_parser, text)
        _guard_text(text)
        tree = _parsed(text, cql2.parse_text)
    return _Translator(collection, crs).condition(tree)


def _error(sentence):
    return ParameterError("filter", sentence)


# --- before parsing ------------------------------------------------------------------------


def _without_ilike(found):
    name, pattern = found.groups()
    return f"CASEI({name}) LIKE CASEI({pattern})" if name else found[0]


def _for_parser(found):
    r"""Rewrite what CQL2 allows and the package cql2 does not parse.

    CQL2 may write ' as \', control characters as \n and the like, 0.5 as .5 and, in geometries
    too, 15 as 1.5e1; cql2 parses only '', the characters and plain decimals.
    """
    if _SHORT_NUMBER.fullmatch(found[0]):
        return f"{decimal.Decimal(found[0]):f}"
    if found[0].startswith('"'):
        return found[0]
    # Other escapes stay: LIKE uses them.
    return re.sub(r"\\(.)", lambda it: _ESCAPES.get(it[1], it[0]), found[0], flags=re.DOTALL)


def _guard_text(text):
    bare = _QUOTED.sub(lambda found: "x" * len(found[0]), text)
    depth = readings = 0
    for character in bare:
        depth += (character == "(") - (character == ")")
        readings += 2**depth
        if depth > MAX_NESTING:
            raise _error(_("Ngoặc lồng nhau quá %d lớp.") % MAX_NESTING)
        if depth < 0:
            break
    if depth:
        raise _error(_("Số ngoặc mở và ngoặc đóng không khớp."))
    if readings > MAX_READINGS:
        raise _error(_("Quá nhiều chữ nằm trong nhiều lớp ngoặc; hãy bỏ bớt ngoặc."))
    if len(_OPERATOR.findall(bare)) > MAX_OPERATORS:
        raise _error(_("Quá %d phép toán.") % MAX_OPERATORS)


def _guard_json(text):
    depth = 0
    for character in _QUOTED_JSON.sub("", text):
        depth += (character in "[{") - (character in "]}")
        if depth > MAX_NESTING_JSON:
            raise _error(_("JSON lồng nhau quá %d lớp.") % MAX_NESTING_JSON)


def _parsed(text, parse):
    try:
        return parse(text).to_json()
    # Observed with cql2 0.6.0: some geometry is refused with a plain Exception.
    except Exception as error:
        raise _error(_syntax_error(text, str(error))) from None


def _syntax_error(text, message):
    """Return the sentence about the position at which the parser stopped, in characters from 1.

    message: of the parser.
    """
    found = _POSITION.search(message)
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
    """An operator of SQL between operands; null makes the result unknown."""

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


class _Translator:
    """Translates the tree of one filter into a condition.

    Every method takes a node of the tree as JSON has it, and raises ParameterError.
    """

    def __init__(self, collection, crs):
        self.collection = collection
        self.crs = crs
        self.queryables = collection.queryables
        self.depth = 0

    def condition(self, node):
        """Return the Q of a boolean expression."""
        self.depth += 1
        if self.depth > MAX_NESTING_TREE:
            raise _error(_("Các phép toán lồng nhau quá %d lớp.") % MAX_NESTING_TREE)
        condition = self._condition(node)
        self.depth -= 1
        return condition

    def _condition(self, node):
        if isinstance(node, bool):
            return Q(Value(node))
        if not isinstance(node, dict) or "op" not in node:
            raise _error(_("Cần một điều kiện, thay cho %s.") % _quoted(node))
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
            geometries = [self.geometry(operand) for operand in operands]
            return Q(Func(*geometries, function=_SPATIAL[operator], output_field=BooleanField()))
        if operator == "isNull":
            _require(operator, operands, exactly=1)
            return Q(IsNull(self.nullable(operands[0]), True))
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
                raise _error(_("IN cần một danh sách trong ngoặc."))
            value, *listed = self.comparable([operands[0], *operands[1]])
            return Q(_Infix("IN", value, Func(*listed, template="(%(expressions)s)")))
        raise _error(
            _("Không có phép toán “%(name)s”. Dùng được: %(names)s.")
            % {"name": operator, "names": ", ".join(_OPERATORS)}
        )

    # --- scalars ---

    def comparable(self, nodes):
        """Return the expressions of scalars of one kind.

        A literal that is not one of the codes of a property is no error: it equals no row.
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
            raise _error(_("Không so sánh được các kiểu khác nhau: %s.") % names)
        (kind,) = kinds
        return [_literal(one, kind) if one.is_literal else _as_kind(one, kind) for one in operands]

    def operand(self, node):
        """Return a queryable, a literal or a condition as an operand of a comparison."""
        if isinstance(node, bool):
            return _Operand(ScalarKind.BOOLEAN, value=node)
        if isinstance(node, float | int):
            if not math.isfinite(node):
                raise _error(_("Có một số quá lớn."))
            return _Operand(ScalarKind.NUMBER, value=int(node) if node == int(node) else node)
        if isinstance(node, str):
            return _Operand(ScalarKind.TEXT, value=_text(node))
        if not isinstance(node, dict):
            raise _error(_("Cần một giá trị, thay cho %s.") % _quoted(node))
        if "property" in node:
            name = node["property"]
            if name == GEOMETRY:
                raise _error(
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
        """Return the expression of text: a literal, a queryable, or CASEI of one."""
        if isinstance(node, dict) and node.get("op") == "casei":
            _require("casei", node["args"], exactly=1)
            return CaseFold(self.text(node["args"][0]))
        operand = self.operand(node)
        if operand.kind != ScalarKind.TEXT:
            raise _error(
                _("Cần giá trị kiểu %(kind)s, thay cho %(found)s.")
                % {"kind": ScalarKind.TEXT.label, "found": _quoted(node)}
            )
        return operand.as_expression

    def pattern(self, node):
        """Return the expression of a pattern of LIKE: a literal, or CASEI of one."""
        if isinstance(node, dict) and node.get("op") == "casei":
            _require("casei", node["args"], exactly=1)
            return CaseFold(self.pattern(node["args"][0]))
        if not isinstance(node, str):
            raise _error(_("LIKE cần một mẫu chữ trong dấu nháy."))
        # PostgreSQL refuses a pattern that ends with an escape character.
        if re.search(r"(?<!\\)(\\\\)*\\\Z", node):
            raise _error(_("Mẫu của LIKE không được kết thúc bằng một dấu \\ lẻ."))
        return self.text(node)

    def nullable(self, node):
        """Return the expression of the operand of IS NULL: any, the geometry included."""
        if isinstance(node, dict) and node.get("property") == GEOMETRY:
            return F(GEOMETRY_COLUMN)
        return self.operand(node).as_expression

    def queryable(self, name):
        try:
            return self.queryables[name]
        except KeyError:
            raise _error(
                _("“%(name)s” không phải thuộc tính. Dùng được: %(names)s.")
                % {"name": name, "names": ", ".join([*self.queryables, GEOMETRY])}
            ) from None

    # --- geometries ---

    def geometry(self, node):
        """Return the expression of a geometry in EPSG:4326: the queryable, a literal or a box."""
        if not isinstance(node, dict):
            raise _error(_("Cần một hình, thay cho %s.") % _quoted(node))
        if "property" in node:
            if node["property"] != GEOMETRY:
                self.queryable(node["property"])
                raise _error(_("Cần một hình, thay cho %s.") % _quoted(node))
            return F(GEOMETRY_COLUMN)
        if "bbox" in node:
            if not all(isinstance(number, float | int) for number in node["bbox"]):
                raise _error(_("BBOX cần các số."))
            shape = parameters.box(node["bbox"], self.crs, "filter")
            return shape if isinstance(shape, TransformedBox) else _in_wgs84(shape)
        if "coordinates" not in node and "geometries" not in node:
            raise _error(_("Cần một hình, thay cho %s.") % _quoted(node))
        try:
            shape = self.shape(node)
            if isinstance(shape, GeometryCollection) and node["type"] == "GeometryCollection":
                # Overlapping parts form one area.
                shape = shape.unary_union
            valid = not shape.empty and shape.valid
        except ParameterError:
            raise
        except (GEOSException, KeyError, TypeError, ValueError):
            valid = False
        if not valid:
            raise _error(_("Hình %s không hợp lệ.") % _quoted(node))
        shape.srid = self.crs.srid
        if self.crs.is_geographic:
            return _in_wgs84(shape)
        # A published position is rounded: it represents all positions that are rounded to it.
        is_point = isinstance(shape, Point)
        return TransformedBox(parameters.widened_box(shape.extent, self.crs) if is_point else shape)

    def shape(self, node):
        """Return the GEOS geometry of a GeoJSON one, built from its numbers.

        No text of a client reaches GDAL, which can be made to open files.
        """
        kind = node["type"]
        if kind == "GeometryCollection":
            return GeometryCollection(*(self.shape(part) for part in node["geometries"]))
        if kind in _MULTI:
            single = kind.removeprefix("Multi")
            parts = [self.shape({"type": single, "coordinates": c}) for c in node["coordinates"]]
            return _MULTI[kind](*parts)
        coordinates = node["coordinates"]
        if kind == "Point":
            return Point(*self.position(coordinates))
        if kind == "LineString":
            return LineString(*map(self.position, coordinates))
        if kind == "Polygon":
            return Polygon(*([self.position(at) for at in ring] for ring in coordinates))
        raise KeyError(kind)

    def position(self, numbers):
        """Return (easting or longitude, northing or latitude) in the CRS; heights are ignored."""
        first, second = numbers[:2]
        for axis, number in enumerate((first, second)):
            least, greatest = self.crs.bounds[axis]
            if not least <= number <= greatest:
                raise _error(parameters.out_of_bounds(self.crs, axis))
        return (second, first) if self.crs.north_first else (first, second)


def _require(operator, operands, *, exactly=0, at_least=0):
    if (exactly and len(operands) != exactly) or len(operands) < at_least:
        raise _error(
            _("“%(name)s” cần %(count)d toán hạng.")
            % {"name": operator, "count": exactly or at_least}
        )


def _as_kind(operand, kind):
    # Compared with a date, a timestamp is its day in Viet Nam.
    is_timestamp = operand.kind == ScalarKind.TIMESTAMP and kind == ScalarKind.DATE
    return TruncDate(operand.expression) if is_timestamp else operand.expression


def _literal(operand, kind):
    """Return the Value of a literal, converted to the kind of the other operands."""
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
        raise _error(_("“%s” nằm ngoài lịch.") % value) from None
    except ValueError as error:
        raise _error(str(error)) from None
    return Value(value)


def _parse(parse, text):
    if not isinstance(text, str):
        raise _error(_("DATE và TIMESTAMP cần một chữ trong dấu nháy."))
    try:
        return parse(text)
    except ValueError as error:
        raise _error(str(error)) from None


def _text(text):
    # PostgreSQL cannot store this character.
    if "\x00" in text:
        raise _error(_("Bộ lọc có ký tự không dùng được."))
    return parse_text(text)


def _quoted(node):
    """Return a short text that identifies a part of the filter in an error."""
    if isinstance(node, dict):
        for name in ("property", "op", "type"):
            if isinstance(node.get(name), str):
                return f"“{node[name]}”"
    return json.dumps(node, ensure_ascii=False)


_MULTI = {
    "MultiPoint": MultiPoint,
    "MultiLineString": MultiLineString,
    "MultiPolygon": MultiPolygon,
}


def _in_wgs84(shape):
    return Value(shape, output_field=GeometryField(srid=4326))
