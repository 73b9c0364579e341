"""Imports units and successions from the boundary files of the province pack."""

import datetime
import json
import re
from decimal import Decimal, InvalidOperation

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from districts.models import Level, Succession, Unit
from districts.signals import units_changed
from geodata.importing import collecting_errors, read_csv, upsert
from geodata.models import Source
from geodata.spans import ONE_DAY, day_span, span
from geodata.text import hidden_characters

# The length of a code of the General Statistics Office determines the level.
LEVEL_BY_CODE_LENGTH = {2: Level.PROVINCE, 3: Level.DISTRICT, 5: Level.COMMUNE}

_DECREE = re.compile(
    r"(?P<title>.*?(?P<number>\S*/NQ-\S+)) \((?P<day>\d\d)/(?P<month>\d\d)/(?P<year>\d{4})\)"
)


def validity_of(properties):
    """Return the span of days in which the unit of a feature exists.

    properties: of the feature. `valid_to` is the last day of existence, and the span ends the day
    after. An unknown start is an open end.
    """
    first, last = properties.get("valid_from"), properties.get("valid_to")
    return span(
        datetime.date.fromisoformat(first) if first else None,
        datetime.date.fromisoformat(last) + ONE_DAY if last else None,
    )


def unit_of(properties):
    """Return the stored unit of a feature. Raises Unit.DoesNotExist."""
    validity = validity_of(properties)
    return Unit.objects.get(code=str(properties["code"]), validity=validity)


def file_source(properties):
    """Return the Source named by a feature. Raises ValidationError if it names none."""
    if not isinstance(properties["source"], str) or not properties["source"].strip():
        raise ValidationError({"source": _("Mọi dữ kiện cần có nguồn.")})
    return Source.objects.get_or_create(
        url="", title=properties["source"], defaults={"licence": properties.get("licence") or ""}
    )[0]


def decree_source(decree):
    """Return the Source of a text such as "Nghị quyết 1667/NQ-UBTVQH15 (16/06/2025), …".

    Raises ValidationError if it contains no number and day.
    """
    match = _DECREE.match(decree)
    if not match:
        raise ValidationError(_("Không đọc được số và ngày của nghị quyết: %s.") % decree)
    day = datetime.date(int(match["year"]), int(match["month"]), int(match["day"]))
    return Source.objects.get_or_create(
        url="",
        title=match["title"],
        defaults={"document_number": match["number"], "dated": day_span(day)},
    )[0]


def read_features(path):
    """Return the properties of each feature of a GeoJSON file.

    Raises ValidationError if the file is not a FeatureCollection, UnicodeDecodeError if it is not
    UTF-8.
    """
    try:
        collection = json.loads(path.read_text(encoding="utf-8"))
        if collection["type"] != "FeatureCollection":
            raise ValueError(collection["type"])
        if collection.get("crs", ...) is None:
            # GDAL would take it for longitude and latitude.
            raise ValidationError(_("Tệp không cho biết hệ toạ độ (CRS); không thể đoán."))
        return [dict(feature["properties"]) for feature in collection["features"]]
    except UnicodeDecodeError:
        raise
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ValidationError(_("Không phải GeoJSON FeatureCollection: %s.") % error) from error


def require_visible_text(properties):
    """Raise ValidationError if a property of a feature contains hidden characters."""
    if hidden := hidden_characters(properties):
        raise ValidationError(hidden)


def load_units(path, report):
    """Load the units of a boundary file; load_boundaries() loads their polygons."""
    features = read_features(path)
    for line, properties in enumerate(features, 1):
        with collecting_errors(report, line):
            require_visible_text(properties)
            _load_unit(properties, line, report)
        report.progress(line, len(features))
    units_changed.send(load_units)


def _load_unit(properties, line, report):
    code = str(properties["code"])
    validity = validity_of(properties)
    start = f"-{validity.lower.isoformat()}" if validity.lower else ""
    source = (
        decree_source(properties["decree"]) if properties.get("decree") else file_source(properties)
    )
    area = properties.get("area_km2_official")
    values = {
        "level": LEVEL_BY_CODE_LENGTH.get(len(code), 0),
        "kind": properties["kind"],
        "name": properties["name_vi"],
        "name_en": properties.get("name_en") or "",
        "parent": _parent(properties, validity),
        "validity": validity,
        "official_area_km2": None if area is None else Decimal(str(area)),
        "official_area_source": properties.get("area_source") or "",
        "source": source,
    }
    upsert(Unit.objects, {"code": code, "public_id": code + start}, values, report, line=line)


def _parent(properties, validity):
    """Return the parent; a province that no file describes is created from these properties."""
    code = properties.get("district_code") or properties.get("province_code")
    if not code:
        return None
    day = validity.lower or validity.upper - ONE_DAY
    parent = Unit.objects.filter(code=code).on(day).first()
    if parent:
        return parent
    if not properties.get("province"):
        raise ValidationError(_("Chưa có đơn vị %s; hãy nạp cấp trên trước.") % code)
    return Unit.objects.create(
        code=code,
        level=Level.PROVINCE,
        kind="tỉnh",
        name=properties["province"],
        validity=span(validity.lower, None),
        source=file_source(properties),
    )


def load_succession(path, report):
    """Load which unit became which on the day on which the units changed.

    The source of a succession is the resolution that created the successor.
    """
    columns = ["old_code", "new_code", "part", "share_of_old_area"]
    rows = list(read_csv(path, columns))
    day = settings.PLACE.units_changed_on
    before = {unit.code: unit for unit in Unit.objects.on(day - ONE_DAY)}
    after = {unit.code: unit for unit in Unit.objects.on(day).select_related("source")}
    for done, (line, row) in enumerate(rows, 1):
        for column, sentence in hidden_characters(row).items():
            report.refuse(line, column, sentence)
        predecessor, successor = before.get(row["old_code"]), after.get(row["new_code"])
        if not predecessor:
            report.refuse(line, "old_code", _("Không có đơn vị cũ mang mã %s.") % row["old_code"])
        if not successor:
            report.refuse(line, "new_code", _("Không có đơn vị mới mang mã %s.") % row["new_code"])
        try:
            share = Decimal(row["share_of_old_area"])
        except InvalidOperation:
            report.refuse(line, "share_of_old_area", _("Không phải số."))
            continue
        if predecessor and successor:
            upsert(
                Succession.objects,
                {"predecessor": predecessor, "successor": successor},
                {"part": row["part"], "share": share, "source": successor.source},
                report,
                line=line,
            )
        report.progress(done, len(rows))
    units_changed.send(load_succession)
