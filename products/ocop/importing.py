"""Imports products and their ratings from a CSV file gathered from public pages.

The columns are documented in the README of the file's folder. Values that a page states are
imported, inferred ones are marked as such, unknown ones stay empty.
"""

import functools
import re
from decimal import Decimal

import pghistory
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from geodata.spans import parse_span, span, span_of
from products.register.importing.csv_file import SECTORS, VALUE_BASES, csv_rows
from products.register.importing.unit_names import UnitNames
from products.register.importing.writing import PLACE_REFERENCES, RecordRow, write_records
from products.register.models import Basis, Category, Producer, ProductType

from . import decisions
from .models import Ingredient, OcopRating, Product

NAME_BASES = {
    "stated": Basis.STATED,
    "back_translated": Basis.BACK_TRANSLATED,
    "generic": Basis.GENERIC,
}
# "stated": the page names the producer. A brand on the packaging is not the name of a company.
PRODUCER_BASES = {
    "stated": Basis.STATED,
    "inferred": Basis.INFERRED,
    "brand_in_name": Basis.BRAND,
    "brand_in_text": Basis.BRAND,
}
# Rows that may describe the same product as another row, or of which a page states only the name,
# are imported but not published.
RECORD_STATUSES = {"distinct": True, "possible_duplicate": False, "draft": False}


def load_products(path, report):
    """Load products, each with the one rating that its page states.

    The columns type, type_basis and made_from (codes of types, "; " between) are optional: they
    are no facts of a page. So are original_name, of names that were translated back, and
    producer_id, the code of the producer, without which its name must be that of one producer.
    """
    columns = ["record_id", "product_name", "name_basis", "producer_name", "producer_basis"]
    columns += ["commune_as_stated", "district_as_stated", "address_as_stated", "ocop_star"]
    columns += ["potential_5_star", "recognised_year", "decision_or_round", "recognition_level"]
    columns += ["product_group", "group_basis", "sector", "sector_basis", "source_url"]
    columns += ["source_date", "quote_hint", "record_status", "note"]
    unit_names = UnitNames()
    categories = {c.name: c for c in Category.objects.filter(scheme=Category.Scheme.QD148)}
    types = ProductType.objects.in_bulk(field_name="code")
    producers = Producer.objects.in_bulk(field_name="code")
    rows, distinct, ratings = [], [], []
    for row in csv_rows(path, columns, report, key=["record_id"]):
        producer = _producer(row, producers)
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
            **unit_names.declared(row, "commune_as_stated", "district_as_stated"),
        }
        if "original_name" in row.cells:
            values["original_name"] = row["original_name"]
        made_from = None
        if "type" in row.cells:
            values |= {
                "type": row.choice("type", types | {"": None}) or None,
                "type_basis": row.choice("type_basis", VALUE_BASES),
            }
            made_from = _made_from(row, types)
        rating = _rating(row)
        if row.choice("record_status", RECORD_STATUSES):
            distinct.append(row["record_id"])
        if row.ok:
            rating["source"] = source
            ratings.append(rating)
            parts = functools.partial(_parts, rating, made_from)
            rows.append(
                RecordRow(
                    row.line,
                    row["record_id"],
                    values,
                    parts=parts,
                    part_column="decision_or_round",
                )
            )
    with pghistory.context(act="import"):
        decisions.connect(ratings)
    write_records(
        Product,
        rows,
        report,
        part_models=[OcopRating, Ingredient],
        related=[*PLACE_REFERENCES, "producer", "category", "type"],
        public=distinct,
    )


def _producer(row, producers):
    """The producer of a row, None if it has none; producers: by code.

    That with the code producer_id, because officials correct names; else that of the name, or of
    the name followed by an explanation in brackets.
    """
    code = row["producer_id"] if "producer_id" in row.cells else ""
    if code:
        if code not in producers:
            row.refuse("producer_id", _("Không có chủ thể mang mã “%s”.") % code[:30])
        return producers.get(code)
    name = row["producer_name"]
    if not name:
        return None
    found = [p for p in producers.values() if p.name == name or p.name.startswith(f"{name} (")]
    if len(found) != 1:
        row.refuse(
            "producer_name",
            _("Có %(count)d chủ thể tên “%(name)s”.") % {"count": len(found), "name": name},
        )
        return None
    return found[0]


def _made_from(row, types):
    """The ProductTypes whose codes are in the cell; a problem for an unknown code."""
    found = []
    for code in filter(None, map(str.strip, row["made_from"].split(";"))):
        if code not in types:
            row.refuse("made_from", _("Không có loại sản phẩm mang mã “%s”.") % code[:30])
        elif types[code] not in found:
            found.append(types[code])
    return found


# --- ratings -------------------------------------------------------------------------------

_DAY = re.compile(r"(\d{1,2}/\d{1,2}/\d{4})")
_HELD_BY = re.compile(r"(?:tính đến|đang giữ chứng nhận)(?: năm)? ((?:\d{1,2}/)?\d{4})")
_SCORE = re.compile(r"điểm (\d+(?:,\d+)?)")


def decided_span(*, decision, year, source_date):
    """Return the span of days that certainly contains the day of a decision.

    decision: its text, e.g. "Hội đồng OCOP huyện Minh Hải, 11/10/2023"; year: "2023" or "";
    source_date: when the page was published, ISO, perhaps only to the month or year.

    - day of a council meeting: from that day, on which the council proposed it, to the year's end;
    - any other day in the text: that day;
    - "held by" or "holding" in a month or year: to its end, open at the beginning;
    - a year: that year; nothing: to the end of source_date; without it: unbounded.
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
        "decision_text": decision,
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


def _parts(rating, made_from, product):
    """Return the rating and the ingredients of the file as (rows to save, rows to delete).

    made_from: ProductTypes, None if the file does not state them.
    """
    save, delete = _ratings(rating, product)
    if made_from is None:
        return save, delete
    stored = list(product.ingredients.all()) if product.pk else []
    known = {ingredient.type_id for ingredient in stored}
    wanted = {one.pk for one in made_from}
    return (
        [*save, *(Ingredient(type=one) for one in made_from if one.pk not in known)],
        [*delete, *(ingredient for ingredient in stored if ingredient.type_id not in wanted)],
    )


def _ratings(values, product):
    """Return the rating of the file as (rows to save, rows to delete).

    The file has one decision per product, which it creates and later corrects.
    """
    ratings = list(product.ratings.all()) if product.pk else []
    rating = ratings[0] if ratings else OcopRating()
    if rating.decision_id and "decision" not in values:
        # An official has connected it with a decision, which determines its day.
        values = values | {"decided": rating.decided}
    if rating.pk and all(getattr(rating, name) == value for name, value in values.items()):
        return (), ()
    for name, value in values.items():
        setattr(rating, name, value)
    return [rating], ()
