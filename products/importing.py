"""Loading categories, producers, products and protections from the files of geodata/data/products.

The files were gathered from public pages. What a page states is taken over, what was inferred is
marked, what is unknown stays empty: geodata/data/products/README.md is the rule book.
"""

import datetime
import functools
import re
from decimal import Decimal

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from districts.models import Level, Unit, last_day_of_old_units
from geodata.importing import page_source, read_csv, upsert
from geodata.spans import day_span, overlap, parse_span, span, span_of
from geodata.text import hidden_characters

from . import workflow
from .import_modes import OfficialFile, Row, ShippedFile, write_rows
from .models import (
    MARK_YEARS,
    AreaUnit,
    Basis,
    Category,
    IpRight,
    OcopRating,
    Producer,
    Product,
    Sector,
    province,
)

PRODUCER_KINDS = {
    "hop_tac_xa": Producer.Kind.COOPERATIVE,
    "doanh_nghiep": Producer.Kind.COMPANY,
    "ho_kinh_doanh": Producer.Kind.HOUSEHOLD,
    "to_hop_tac": Producer.Kind.GROUP,
    "": "",
}
NAME_BASES = {
    "stated": Basis.STATED,
    "back_translated": Basis.BACK_TRANSLATED,
    "generic": Basis.GENERIC,
}
# "stated" is what the page says; a brand on the pack is not yet the name of a firm.
PRODUCER_BASES = {
    "stated": Basis.STATED,
    "inferred": Basis.INFERRED,
    "brand_in_name": Basis.BRAND,
    "brand_in_text": Basis.BRAND,
}
VALUE_BASES = {"stated": Basis.STATED, "inferred": Basis.INFERRED, "": ""}
# The words of the files, whatever language whoever loads them speaks.
SECTORS = {
    "trồng trọt": Sector.CROPS,
    "chăn nuôi": Sector.LIVESTOCK,
    "thủy sản": Sector.AQUACULTURE,
    "chế biến": Sector.PROCESSING,
    "thủ công": Sector.CRAFTS,
    "dịch vụ": Sector.SERVICES,
    "": "",
}
RIGHT_KINDS = {
    "chỉ dẫn địa lý": IpRight.Kind.GEOGRAPHICAL_INDICATION,
    "nhãn hiệu chứng nhận": IpRight.Kind.CERTIFICATION_MARK,
    "nhãn hiệu tập thể": IpRight.Kind.COLLECTIVE_MARK,
    "nhãn hiệu": IpRight.Kind.TRADEMARK,
    "sáng chế": IpRight.Kind.PATENT,
    "giải pháp hữu ích": IpRight.Kind.UTILITY_SOLUTION,
    "kiểu dáng công nghiệp": IpRight.Kind.INDUSTRIAL_DESIGN,
    "giống cây trồng": IpRight.Kind.PLANT_VARIETY,
}
# Foreign keys among the values of every record with a place.
RELATED = ["source", "declared_commune", "declared_district"]
# Rows that may be the same thing as another row are kept, but not shown.
RECORD_STATUSES = {"distinct": True, "possible_duplicate": False}


class _Row:
    """One line of a file; asks for values and notes what is wrong with them."""

    def __init__(self, line, cells, report):
        self.line = line
        self.cells = cells
        self.report = report
        self.ok = True

    def __getitem__(self, column):
        return self.cells[column]

    def refuse(self, column, message):
        self.ok = False
        self.report.refuse(self.line, column, message)

    def choice(self, column, choices):
        """The choice that the cell names."""
        try:
            return choices[self[column]]
        except KeyError:
            self.refuse(
                column,
                _("“%(value)s” không thuộc: %(choices)s.")
                % {
                    "value": self[column],
                    "choices": ", ".join(str(choice) for choice in choices if choice),
                },
            )
            return ""

    def span(self, column):
        """The span that the cell names, or None where it is empty."""
        try:
            return parse_span(self[column]) if self[column] else None
        except ValidationError as error:
            self.refuse(column, " ".join(error.messages))
            return None

    @property
    def version(self):
        """The version in the optional column, None where the file or the line has none."""
        text = self.cells.get("version", "")
        if not text:
            return None
        if not (text.isascii() and text.isdigit()):
            self.refuse("version", _("Phiên bản là một số nguyên, không phải “%s”.") % text)
            return None
        return int(text)

    def source(self, column="source_url", dated="source_date"):
        if not self[column]:
            self.refuse(column, _("Mọi dữ kiện cần có nguồn."))
            return None
        if dated:
            self.span(dated)
        try:
            return page_source(self[column], self[dated] if dated else "") if self.ok else None
        except ValidationError as error:
            self.refuse(column, " ".join(error.messages))
            return None


def _rows(path, columns, report, *, key):
    """Yield the rows of a file; key: the columns that name a record, each once in the file."""
    rows = [_Row(line, cells, report) for line, cells in read_csv(path, columns)]
    seen = set()
    for done, row in enumerate(rows, 1):
        name = tuple(row[column] for column in key)
        if name in seen:
            row.refuse(key[-1], _("“%s” đã có ở một dòng trước.") % " ".join(name))
        seen.add(name)
        for column, sentence in hidden_characters(row.cells).items():
            row.refuse(column, sentence)
        yield row
        report.progress(done, len(rows))


class _Gazetteer:
    """Finds the unit that a text such as "xã An Hải" means."""

    def __init__(self):
        self.worlds = [
            list(Unit.objects.on(day).select_related("parent"))
            for day in (last_day_of_old_units(), settings.UNITS_CHANGED_ON)
        ]

    def find(self, level, full_name, district=None):
        """The one unit of that name: of the world before the change, else of today's.

        Raises ValidationError when there is none, or more than one.
        """
        wanted = full_name.casefold()
        for world in self.worlds:
            found = [
                unit
                for unit in world
                if unit.level == level
                and unit.full_name.casefold() == wanted
                and (district is None or unit.parent == district)
            ]
            if len(found) == 1:
                return found[0]
            if found:
                raise ValidationError(_("Có nhiều đơn vị tên “%s”; cần nêu huyện.") % full_name)
        raise ValidationError(_("Không có đơn vị nào tên “%s”.") % full_name)

    def declared(self, row, commune_column, district_column):
        """Fields of the declared commune, or of the district alone."""
        commune = district = None
        column = district_column
        try:
            if row[district_column]:
                district = self.find(Level.DISTRICT, row[district_column])
            column = commune_column
            if row[commune_column]:
                commune = self.find(Level.COMMUNE, row[commune_column], district)
        except ValidationError as error:
            row.refuse(column, " ".join(error.messages))
        return {
            "declared_commune": commune,
            "declared_district": None if commune else district,
        }


def load_categories(path, report):
    """Load the groups of the programme."""
    columns = ["scheme", "code", "name", "name_en", "source_url", "source_date"]
    for row in _rows(path, columns, report, key=["scheme", "code"]):
        source = row.source()
        if row.ok:
            upsert(
                Category.objects,
                {"scheme": row["scheme"], "code": row["code"]},
                {"name": row["name"], "name_en": row["name_en"], "source": source},
                report,
                line=row.line,
            )


def load_producers(path, report, mode=None):
    """Load producers; those with a declared commune are put on it. mode: see import_modes."""
    columns = ["producer_id", "name", "type", "type_basis", "commune", "district"]
    columns += [
        "address_as_stated",
        "public_website",
        "products_or_activity",
        "source_url",
        "source_date",
        "note",
    ]
    gazetteer = _Gazetteer()
    rows = []
    for row in _rows(path, columns, report, key=["producer_id"]):
        kind = row.choice("type", PRODUCER_KINDS)
        values = {
            "name": row["name"],
            "kind": kind,
            # "from name", 'assumed from "Cơ sở"', "text says HTX": none is a register's word.
            "kind_basis": Basis.INFERRED if kind else "",
            "activity": row["products_or_activity"],
            "address": row["address_as_stated"],
            "website": row["public_website"],
            "source": row.source(),
            "note": _note(row["note"], row["type_basis"] and f"type: {row['type_basis']}"),
            **gazetteer.declared(row, "commune", "district"),
        }
        version = row.version
        if row.ok:
            rows.append(Row(row.line, row["producer_id"], values, version))
    _write(Producer, rows, report, mode, related=RELATED)


def load_products(path, report, mode=None):
    """Load products, each with the one rating that its page states. mode: see import_modes."""
    columns = ["record_id", "product_name", "name_basis", "producer_name", "producer_basis"]
    columns += ["commune_as_stated", "district_as_stated", "address_as_stated", "ocop_star"]
    columns += ["potential_5_star", "recognised_year", "decision_or_round", "recognition_level"]
    columns += ["product_group", "group_basis", "sector", "sector_basis", "source_url"]
    columns += ["source_date", "quote_hint", "record_status", "note"]
    gazetteer = _Gazetteer()
    categories = {c.name: c for c in Category.objects.filter(scheme=Category.Scheme.QD148)}
    producers = list(Producer.objects.all())
    mode = mode or ShippedFile()
    rows, distinct = [], []
    for row in _rows(path, columns, report, key=["record_id"]):
        producer = _producer_named(row, producers)
        source = row.source()
        values = {
            "name": row["product_name"],
            "name_basis": row.choice("name_basis", NAME_BASES),
            "producer": producer,
            "producer_basis": row.choice("producer_basis", PRODUCER_BASES) if producer else "",
            "category": row.choice("product_group", categories | {"": None}) or None,
            "category_basis": row.choice("group_basis", VALUE_BASES),
            "sector": row.choice("sector", SECTORS),
            "sector_basis": row.choice("sector_basis", VALUE_BASES),
            "address": row["address_as_stated"],
            "quote": row["quote_hint"],
            "source": source,
            "note": row["note"],
            **gazetteer.declared(row, "commune_as_stated", "district_as_stated"),
        }
        rating = _rating(row)
        if row.choice("record_status", RECORD_STATUSES):
            distinct.append(row["record_id"])
        version = row.version
        if row.ok:
            parts = functools.partial(_ratings, rating | {"source": source}, mode)
            rows.append(
                Row(row.line, row["record_id"], values, version, parts, "decision_or_round")
            )
    _write(
        Product,
        rows,
        report,
        mode,
        part_model=OcopRating,
        related=[*RELATED, "producer", "category"],
        public=distinct,
    )


def load_protections(path, report, mode=None):
    """Load rights of industrial property with the area that their source states.

    mode: see import_modes.
    """
    columns = ["record_id", "name", "protection_type", "registration_number", "registration_date"]
    columns += ["decision", "owner_or_manager", "owner_conflict_note", "products_covered"]
    columns += ["area_of_protection_as_stated", "sector", "sector_basis", "status", "source_url"]
    columns += ["second_source_url", "source_date", "quote_hint", "note"]
    gazetteer = _Gazetteer()
    rows = []
    for row in _rows(path, columns, report, key=["record_id"]):
        kind = row.choice("protection_type", RIGHT_KINDS)
        filed = _filed(row)
        values = {
            "name": row["name"],
            "kind": kind,
            "stage": _stage(row),
            "number": row["registration_number"],
            "decision": row["decision"],
            "owner": row["owner_or_manager"],
            "filed": day_span(filed) if filed else None,
            "granted": row.span("registration_date"),
            "expires": _years_later(filed, MARK_YEARS) if filed else None,
            "status_note": row["status"],
            "goods": row["products_covered"],
            "sector": row.choice("sector", SECTORS),
            "sector_basis": row.choice("sector_basis", VALUE_BASES),
            "area_note": row["area_of_protection_as_stated"],
            "quote": row["quote_hint"],
            "source": row.source(),
            "other_source": row.source("second_source_url", dated=None)
            if row["second_source_url"]
            else None,
            "note": _note(row["note"], row["owner_conflict_note"]),
        }
        units, version = _area_units(row, gazetteer), row.version
        if row.ok:
            parts = functools.partial(_area_parts, units)
            column = "area_of_protection_as_stated"
            rows.append(Row(row.line, row["record_id"], values, version, parts, column))
    _write(IpRight, rows, report, mode, part_model=AreaUnit, related=["source", "other_source"])


def _write(model, rows, report, mode, *, public=None, **options):
    """Write the rows, and publish the new records of a shipped file.

    public: codes of the records that may be published; all unless given.
    """
    mode = mode or ShippedFile()
    write_rows(model, rows, report, mode, **options)
    if report.ok and mode.publishes:
        codes = [row.code for row in rows] if public is None else public
        workflow.publish_imported(model.objects.filter(code__in=codes))


def _note(*parts):
    return "\n".join(part for part in parts if part)


def _producer_named(row, producers):
    """The producer of exactly that name, or of that name with a word of explanation in brackets."""
    name = row["producer_name"]
    if not name:
        return None
    found = [p for p in producers if p.name == name or p.name.startswith(f"{name} (")]
    if len(found) != 1:
        row.refuse(
            "producer_name",
            _("Có %(count)d chủ thể tên “%(name)s”.") % {"count": len(found), "name": name},
        )
        return None
    return found[0]


# --- ratings -------------------------------------------------------------------------------

_DAY = re.compile(r"(\d{1,2}/\d{1,2}/\d{4})")
_HELD_BY = re.compile(r"(?:tính đến|đang giữ chứng nhận)(?: năm)? ((?:\d{1,2}/)?\d{4})")
_SCORE = re.compile(r"điểm (\d+(?:,\d+)?)")


def decided_span(*, decision, year, source_date):
    """The span that surely holds the day of a decision, from what a page says.

    decision: its text, e.g. "Hội đồng OCOP huyện Ninh Hải, 11/10/2023"; year: "2023" or "";
    source_date: when the page was published, ISO, perhaps only to the month or year.

    - a council meeting: it proposed that day, so the decision followed until that year's end;
    - any other day in the text: that day;
    - "held by" or "holding" in a month or year: at the latest at its end, no earliest day;
    - a year: that year; nothing: before the page's date ended; not even that: an open span.
    """
    if match := _DAY.search(decision):
        day = parse_span(match[1])
        if decision.startswith("Hội đồng"):
            return span(day.lower, span_of(day.lower.year).upper)
        return day
    if match := _HELD_BY.search(decision):
        return span(None, parse_span(match[1]).upper)
    if year:
        return span_of(int(year))
    return span(None, parse_span(source_date).upper if source_date else None)


def _rating(row):
    decision = row["decision_or_round"]
    score = _SCORE.search(decision)
    values = {
        "stars": row.choice("ocop_star", {"": None, "3": 3, "4": 4, "5": 5}) or None,
        "nominated_stars": row.choice("potential_5_star", {"": None, "yes": 5}) or None,
        "score": Decimal(score[1].replace(",", ".")) if score else None,
        "decision": decision,
        "issuer": f"cấp {row['recognition_level']}" if row["recognition_level"] else "",
    }
    if row["recognised_year"] and not re.fullmatch(r"20\d\d", row["recognised_year"]):
        row.refuse("recognised_year", _("Không phải năm."))
    if not row.ok:
        return values
    try:
        decided = decided_span(
            decision=decision, year=row["recognised_year"], source_date=row["source_date"]
        )
    except ValidationError as error:
        row.refuse("decision_or_round", " ".join(error.messages))
        return values
    return values | {"decided": decided}


def _ratings(values, mode, product):
    """The rating of the file as (rows to save, rows to delete).

    A shipped file knows one decision a product: the first time it is made, later corrected. An
    official's file adds decisions; one whose days overlap is the same decision, corrected.
    """
    ratings = list(product.ratings.all()) if product.pk else []
    if isinstance(mode, OfficialFile):
        ratings = [rating for rating in ratings if overlap(rating.decided, values["decided"])]
    rating = ratings[0] if ratings else OcopRating()
    if rating.pk and all(getattr(rating, name) == value for name, value in values.items()):
        return (), ()
    for name, value in values.items():
        setattr(rating, name, value)
    return [rating], ()


# --- rights --------------------------------------------------------------------------------

_FILED = re.compile(r"filed (\d{4}-\d{2}-\d{2})")
_REGISTERED = ("registered", "stated as existing")
_PREPARED = ("in preparation",)
_AREA_PART = re.compile(r"(?P<names>[^()]+)\((?P<district>[^()]+)\)")
_KINDS = re.compile(r"^(?:các )?(xã|phường|thị trấn)\s+", re.IGNORECASE)


def _stage(row):
    if row["status"].startswith(_REGISTERED):
        return IpRight.Stage.REGISTERED
    if row["status"].startswith(_PREPARED):
        return IpRight.Stage.PENDING
    row.refuse("status", _("Không hiểu hiệu lực “%s”.") % row["status"])
    return ""


def _filed(row):
    match = _FILED.search(row["status"])
    try:
        return datetime.date.fromisoformat(match[1]) if match else None
    except ValueError:
        row.refuse("status", _("Không có ngày %s.") % match[1])
        return None


def _years_later(day, years):
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def _area_units(row, gazetteer):
    """The units that the stated area names; the province for "địa bàn tỉnh"; none otherwise.

    "thị trấn Phước Dân, các xã Phước Thuận, Phước Sơn (huyện Ninh Phước)": a kind holds for the
    names after it until the next kind, a district in brackets for the names before it.
    """
    text = row["area_of_protection_as_stated"]
    if text.startswith("địa bàn tỉnh"):
        whole = province()
        if whole is None:
            row.refuse("area_of_protection_as_stated", _("Chưa có ranh giới tỉnh."))
        return [whole]
    units = []
    for part in _AREA_PART.finditer(text):
        if not part["district"].startswith(("huyện", "thành phố")):
            continue
        kind = ""
        try:
            district = gazetteer.find(Level.DISTRICT, part["district"])
            for name in filter(None, re.split(r",\s*|\s*\bvà\s+", part["names"].strip())):
                if match := _KINDS.match(name):
                    kind = match[1]
                units.append(
                    gazetteer.find(Level.COMMUNE, f"{kind} {_KINDS.sub('', name)}", district)
                )
        except ValidationError as error:
            row.refuse("area_of_protection_as_stated", " ".join(error.messages))
    return units


def _area_parts(units, right):
    """The units of the stated area as (rows to save, rows to delete)."""
    stated = {unit.pk: unit for unit in units}
    there = {part.unit_id: part for part in right.area_parts.all()} if right.pk else {}
    save = [AreaUnit(unit=unit) for key, unit in stated.items() if key not in there]
    return save, [part for key, part in there.items() if key not in stated]
