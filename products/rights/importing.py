"""Imports rights of industrial property from a CSV file gathered from public pages.

The columns are documented in the README of the file's folder.
"""

import datetime
import functools
import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from districts.models import Level
from geodata.spans import day_span, precision
from products.register.importing.csv_file import SECTORS, VALUE_BASES, csv_rows, joined_note
from products.register.importing.unit_names import UnitNames
from products.register.importing.writing import RecordRow, write_records
from products.register.models import ProductType, province

from .models import MARK_YEARS, AreaUnit, GoodsType, IpRight

RIGHT_KINDS = {
    "chỉ dẫn địa lý": IpRight.Kind.GEOGRAPHICAL_INDICATION,
    "nhãn hiệu chứng nhận": IpRight.Kind.CERTIFICATION_MARK,
    "nhãn hiệu tập thể": IpRight.Kind.COLLECTIVE_MARK,
    "nhãn hiệu": IpRight.Kind.TRADEMARK,
    "sáng chế": IpRight.Kind.PATENT,
    "giải pháp hữu ích": IpRight.Kind.UTILITY_SOLUTION,
    "kiểu dáng công nghiệp": IpRight.Kind.INDUSTRIAL_DESIGN,
    "giống cây trồng": IpRight.Kind.PLANT_VARIETY,
    "bằng bảo hộ giống cây trồng": IpRight.Kind.PLANT_VARIETY,
}


def load_protections(path, report):
    """Load rights of industrial property with the areas that their sources state.

    The columns goods_types (codes of types of product, "; " between) and goods_types_basis are
    optional: they are no facts of a page.
    """
    columns = ["record_id", "name", "protection_type", "registration_number", "registration_date"]
    columns += ["decision", "owner_or_manager", "owner_conflict_note", "products_covered"]
    columns += ["area_of_protection_as_stated", "sector", "sector_basis", "status", "source_url"]
    columns += ["second_source_url", "source_date", "quote_hint", "note"]
    unit_names = UnitNames()
    types = ProductType.objects.in_bulk(field_name="code")
    rows = []
    for row in csv_rows(path, columns, report, key=["record_id"]):
        kind = row.choice("protection_type", RIGHT_KINDS)
        filed = _filed(row)
        granted = row.span("registration_date")
        values = {
            "name": row["name"],
            "kind": kind,
            "stage": _stage(row),
            "number": row["registration_number"],
            "decision": row["decision"],
            "owner": row["owner_or_manager"],
            "filed": day_span(filed) if filed else None,
            "granted": granted,
            "expires": _expires(row, filed, granted),
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
            "note": joined_note(row["note"], row["owner_conflict_note"]),
        }
        units = _area_units(row, unit_names)
        goods = (
            _goods_types(row, types)
            if {"goods_types", "goods_types_basis"} <= {*row.cells}
            else None
        )
        if row.ok:
            parts = functools.partial(_parts, units, goods)
            rows.append(
                RecordRow(
                    row.line,
                    row["record_id"],
                    values,
                    parts=parts,
                    part_column="area_of_protection_as_stated",
                )
            )
    write_records(
        IpRight,
        rows,
        report,
        part_models=[AreaUnit, GoodsType],
        related=["source", "other_source"],
    )


_FILED = re.compile(r"filed (\d{4}-\d{2}-\d{2})")
_VALID_YEARS = re.compile(r"valid (\d{1,2}) years")
_REGISTERED = ("registered", "granted", "stated as existing")
_PREPARED = ("in preparation", "pending")
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


def _expires(row, filed, granted):
    """Return the last day of a mark that was filed, or of a right with a stated term; else None.

    The term counts from the grant, if its day is known.
    """
    if filed:
        return _years_later(filed, MARK_YEARS)
    stated = _VALID_YEARS.search(row["status"])
    if stated and granted and precision(granted) == "day":
        return _years_later(granted.lower, int(stated[1]))
    return None


def _years_later(day, years):
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def _area_units(row, unit_names):
    """Return the units named in the stated area; the province for "địa bàn tỉnh"; else none.

    In "thị trấn Phước Mẫn, các xã Phước Thuần, Phước Sang (huyện Minh Phước)" a kind applies to all
    names up to the next kind, a district in brackets to the names before it.
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
            district = unit_names.find(Level.DISTRICT, part["district"])
            for name in filter(None, re.split(r",\s*|\s*\bvà\s+", part["names"].strip())):
                if match := _KINDS.match(name):
                    kind = match[1]
                units.append(
                    unit_names.find(Level.COMMUNE, f"{kind} {_KINDS.sub('', name)}", district)
                )
        except ValidationError as error:
            row.refuse("area_of_protection_as_stated", " ".join(error.messages))
    return units


def _goods_types(row, types):
    """Return {id of a ProductType: Basis} of the cell; a problem for an unknown code."""
    basis = row.choice("goods_types_basis", VALUE_BASES)
    found = {}
    for code in filter(None, map(str.strip, row["goods_types"].split(";"))):
        if code not in types:
            row.refuse("goods_types", _("Không có loại sản phẩm mang mã “%s”.") % code[:30])
        elif not basis:
            row.refuse("goods_types_basis", _("Loại hàng cần đi cùng cách biết."))
        else:
            found[types[code].pk] = basis
    return found


def _parts(units, goods, right):
    """Return area and goods of the file as (rows to save, rows to delete).

    goods: see _goods_types(); None if the file does not state them.
    """
    save, delete = _area_parts(units, right)
    if goods is None:
        return save, delete
    there = {part.type_id: part for part in right.goods_parts.all()} if right.pk else {}
    for key, basis in goods.items():
        part = there.pop(key, None) or GoodsType(type_id=key, basis="")
        if part.basis != basis:
            part.basis = basis
            save.append(part)
    return save, [*delete, *there.values()]


def _area_parts(units, right):
    """Return the units of the stated area as (rows to save, rows to delete)."""
    stated = {unit.pk: unit for unit in units}
    there = {part.unit_id: part for part in right.area_parts.all()} if right.pk else {}
    save = [AreaUnit(unit=unit) for key, unit in stated.items() if key not in there]
    return save, [part for key, part in there.items() if key not in stated]
