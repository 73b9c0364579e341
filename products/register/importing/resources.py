"""Imports and exports records as tables that officials edit in a spreadsheet.

A Resource of django-import-export describes the columns of one kind of table; the settings list
them (IMPORTS). Rows are read one by one and written in chunks through the workflow, so that memory
and the number of queries per row do not depend on the length of the file.

An empty cell leaves the value of its record as it is; the text ERASE empties it. A row is matched
with its record by the code; without one, by name, producer and declared unit, so that importing the
same file again changes nothing.
"""

import dataclasses
import re

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from import_export.instance_loaders import BaseInstanceLoader
from import_export.resources import Resource
from import_export.results import RowResult

from districts.models import Level
from geodata.coordinates import (
    DEGREE_DECIMALS,
    METRE_DECIMALS,
    VN2000_GRIDS,
    default_grid,
    from_degrees,
    from_vn2000,
    to_vn2000,
)
from geodata.display import format_value
from geodata.models import Source
from geodata.tables import LINE, cell_text
from geodata.text import fold
from products.register.models import Position, Producer

from .cells import ERASED, Choice, Column, Degrees, Metres, Reference, Text, Version
from .unit_names import UnitNames
from .writing import PLACE_REFERENCES, RecordRow, write_rows

# Records locked, validated and written together.
CHUNK = 500


def importable():
    """Return {kind: Resource class} of all that can be imported, in the order of settings."""
    classes = map(import_string, settings.IMPORTS)
    return {one.kind: one for one in classes}


@dataclasses.dataclass
class Options:
    """What a person chose beside the columns, for the rows that do not state it.

    grid: EPSG code of the VN-2000 grid of X and Y. position: a Position, how coordinates were
    obtained. source: address or title of the source.
    """

    grid: int | None = None
    position: str = ""
    source: str = ""


@dataclasses.dataclass
class RecordNote:
    """What would change in one record, for the page of a dry run.

    fields: [label, before, after]. was, at: the position before and after, [longitude, latitude].
    """

    line: int
    code: str
    name: str
    is_new: bool
    fields: list
    was: list | None = None
    at: list | None = None

    def complete(self, record):
        """Add what is known only when the record is written: its code, and a derived position."""
        self.code = record.code
        self.at = _lng_lat(getattr(record, "point", None))


def _lng_lat(point):
    return [round(point.x, DEGREE_DECIMALS), round(point.y, DEGREE_DECIMALS)] if point else None


def note(line, change):
    """Return the RecordNote of a Change that has not been written yet."""
    record = change.record
    values = {
        record._meta.get_field(name): value
        for name, value in change.values.items()
        # A new record has defaults that nobody has written into a file.
        if record.pk or value not in (None, "")
    }
    fields = [
        [
            str(field.verbose_name),
            format_value(field, getattr(record, field.name)) if record.pk else "",
            format_value(field, value),
        ]
        for field, value in values.items()
    ]
    for part in change.save:
        fields.append([str(part._meta.verbose_name), "", str(part)])
    for part in change.delete:
        fields.append([str(part._meta.verbose_name), str(part), ""])
    name = change.values.get("name") or record.name
    was = _lng_lat(getattr(record, "point", None)) if record.pk else None
    return RecordNote(line, record.code, name, not record.pk, fields, was)


class RecordResource(Resource):
    """The columns of a table whose rows are records, or parts of records.

    Subclasses declare columns and: kind, of the ImportRun; title; model; the names of required
    references for select_related (related); and values(), which turns cells into values.

    mode: an OfficialFile; report: a geodata.importing.Report; options: Options; columns: {name of
    the column: heading in the file}, None for an export.
    """

    kind = ""
    title = ""
    model = None
    part_models = ()
    related = ("source",)
    # Columns with the name of another row: {name: method that finds the rows of many texts}.
    references = {}

    class Meta:
        # Rows are matched in chunks; see find_codes().
        import_id_fields = []
        instance_loader_class = BaseInstanceLoader
        skip_diff = True

    def __init__(self, mode=None, report=None, options=None, columns=None, **kwargs):
        super().__init__(**kwargs)
        self.mode, self.report = mode, report
        self.options = options or Options()
        self.columns = columns or {}
        self._chunk = []
        self._done = 0
        self._total = 0
        self._seen = set()
        self._found = {}

    @classmethod
    def template_columns(cls):
        """Return {name: Column} in the order of the template."""
        resource = cls()
        return {name: resource.fields[name] for name in resource.get_export_order()}

    @classmethod
    def guess_columns(cls, headings):
        """Return {heading: name of the column} for the headings that name one."""
        known = {}
        for name, column in cls.fields.items():
            for heading in (*column.aliases, name):
                known.setdefault(fold(heading), name)
        guessed = {}
        for heading in headings:
            name = known.get(fold(heading))
            if name and name not in guessed.values():
                guessed[heading] = name
        return guessed

    # --- rows ------------------------------------------------------------------------------

    def import_table(self, table):
        """Validate and write the rows of a geodata.tables.Table; problems go to the report."""
        self._total = len(table)
        # Errors of whole files propagate; nothing is stored for each row.
        self.import_data(table, raise_errors=True, use_transactions=False)
        self._write_chunk()
        self.report.progress(self._total, self._total)

    def import_row(self, row, instance_loader, **kwargs):
        """Collect a row; write the chunk when it is full."""
        self._chunk.append(row)
        if len(self._chunk) == CHUNK:
            self._write_chunk()
        result = RowResult()
        result.import_type = RowResult.IMPORT_TYPE_SKIP
        return result

    def _write_chunk(self):
        rows, self._chunk = self._chunk, []
        if not rows:
            return
        texts = [self._texts(row) for row in rows]
        self.load_references(texts)
        cleaned = []
        for row, cells in zip(rows, texts, strict=True):
            values = self._clean(row[LINE], cells)
            if values is not None:
                cleaned.append((row[LINE], values))
        records = self.record_rows(cleaned)
        write_rows(
            self.model,
            records,
            self.report,
            self.mode,
            part_models=self.part_models,
            related=self.related,
            columns=self.field_headings(),
        )
        self._done += len(rows)
        self.report.progress(self._done, self._total)

    def _texts(self, row):
        """{name of the column: text of its cell} of a row, by the headings of the file."""
        return {name: row[heading] for name, heading in self.columns.items()}

    def _clean(self, line, cells):
        """{name: value} of the cells that are not empty, None if one of them cannot be used.

        Then the other cells are checked as far as they can be without it.
        """
        values, wrong = {}, set()
        for name, text in cells.items():
            column = self.fields[name]
            try:
                value = column.clean({column.column_name: text})
                if value is not None and value is not ERASED and name in self.references:
                    value = self._resolve(name, value)
            except ValidationError as error:
                wrong.add(name)
                self.refuse(line, name, error)
                continue
            if value is not None:
                values[name] = value
        if wrong:
            self.check_rest(line, values, wrong)
            return None
        return values

    def check_rest(self, line, values, wrong):
        """Refuse what else is wrong with a row; wrong: names of the columns refused so far."""

    def refuse(self, line, name, error):
        """Add a problem in the column of that name."""
        text = " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
        self.report.refuse(line, self.heading(name), text)

    def heading(self, name):
        """The heading of a column in the file, or in the template if the file does not have it."""
        column = self.fields.get(name)
        return self.columns.get(name) or (column.column_name if column else name)

    def field_headings(self):
        """{field of the model: heading in the file}, for problems that the workflow reports."""
        return {
            column.attribute or name: self.heading(name) for name, column in self.fields.items()
        }

    # --- references ------------------------------------------------------------------------

    def load_references(self, texts):
        """Find the rows that the cells of a chunk name: one query for each kind of them."""
        self._found = {}
        for name, method in self.references.items():
            wanted = {row[name] for row in texts if row.get(name)}
            self._found[name] = getattr(self, method)(wanted) if wanted else {}

    def _resolve(self, name, text):
        """The row that a cell names; raises ValidationError if there is none, or more than one."""
        found = self._found[name].get(text)
        if isinstance(found, ValidationError):
            raise found
        if found is None:
            raise ValidationError(_("Không tìm thấy “%s”.") % text)
        return found

    def find_sources(self, texts):
        """Return {text: Source}; a text is an address or a title. New ones are created."""
        return find_sources(texts)

    def default_source(self):
        """The Source of rows without one, or None."""
        text = self.options.source
        return find_sources([text])[text] if text else None

    def record_rows(self, cleaned):
        """Return the RecordRows of (line, {name: value}) pairs; problems go to the report."""
        raise NotImplementedError


def find_sources(texts):
    """Return {text: Source or ValidationError}: by address if it is one, else by title."""
    addresses = {text for text in texts if text.lower().startswith(("http://", "https://"))}
    titles = set(texts) - addresses
    known = Source.objects.filter(Q(url__in=addresses) | Q(url="", title__in=titles))
    found = {source.url or source.title: source for source in known}
    new = {
        text: Source(url=text) if text in addresses else Source(title=text)
        for text in texts
        if text not in found
    }
    for text, source in list(new.items()):
        try:
            source.clean_fields()
        except ValidationError as error:
            found[text] = ValidationError(error.messages)
            del new[text]
    Source.objects.bulk_create(new.values())
    return found | new


class Grid(Reference):
    """A grid of VN-2000: its EPSG code, or its central meridian such as 105°00′."""

    def clean(self, value, row=None, **kwargs):
        digits = value.upper().removeprefix("EPSG:").strip()
        if digits.isascii() and digits.isdigit() and int(digits) in VN2000_GRIDS:
            return int(digits)
        match = re.search(r"(\d{3})\D{1,2}(\d{2})(?!\d)", value)
        meridian = f"{match[1]}°{match[2]}′" if match else None
        found = [
            code for code, label in VN2000_GRIDS.items() if meridian and meridian in str(label)
        ]
        # A meridian may be that of a zone of 3° and of one of 6°.
        if default_grid() in found:
            return default_grid()
        if len(found) != 1:
            raise ValidationError(
                _("“%(text)s” không phải lưới VN-2000; viết mã EPSG, ví dụ %(example)d.")
                % {"text": value, "example": default_grid()}
            )
        return found[0]


class Code(Reference):
    """The code of a record, in upper or lower case."""

    def clean(self, value, row=None, **kwargs):
        return super().clean(value.upper())


def code_column(heading, **options):
    return Column(
        heading,
        Code(),
        attribute="code",
        explanation="Mã trên bản đồ. Hồ sơ mới thì để trống.",
        erasable=False,
        **options,
    )


def version_column():
    return Column(
        "Phiên bản",
        Version(),
        attribute="version",
        explanation="Do tệp xuất ra ghi sẵn: nhờ nó biết hồ sơ đã bị người khác sửa. Đừng sửa.",
        erasable=False,
    )


def source_column():
    return Column(
        "Nguồn",
        Reference(),
        aliases=("Căn cứ", "source_url"),
        explanation="Số văn bản hoặc địa chỉ trang web nêu các dữ kiện của dòng.",
        required=True,
        erasable=False,
    )


def note_column():
    return Column("Ghi chú nội bộ", Text(lines=True), attribute="note", aliases=("Ghi chú",))


class LocatedResource(RecordResource):
    """The columns of a record with a place.

    Coordinates are latitude and longitude, or X (northing) and Y (easting) on a grid of VN-2000.
    They are compared after rounding to the precision in which they are written, so that an exported
    row is no change.
    """

    related = PLACE_REFERENCES
    references = {"source": "find_sources"}
    # Value → column that states how it is known; "stated" by default for a value from a file.
    bases = {}
    # Columns of the place; the others are fields of the model.
    PLACE = ("commune", "district", "lat", "lng", "northing", "easting", "grid", "position")
    # Columns that identify the row or help to find a reference.
    HELPERS = ("code", "version")

    commune = Column(
        "Xã",
        Reference(),
        aliases=("Xã, phường", "Xã/phường", "Phường, xã", "declared_commune"),
        example="xã Ví Dụ",
        explanation="Tên đầy đủ, cũ hoặc mới. Trùng tên thì ghi thêm huyện.",
    )
    district = Column(
        "Huyện",
        Reference(),
        aliases=("Huyện, thành phố", "Huyện/thành phố", "declared_district"),
        example="huyện Ví Dụ",
        explanation="Huyện cũ, khi chưa biết xã hoặc để phân biệt xã trùng tên.",
    )
    address = Column("Địa chỉ", attribute="address", aliases=("Địa chỉ sản xuất",))
    lat = Column(
        "Vĩ độ",
        Degrees(),
        aliases=("lat", "latitude"),
        explanation="WGS 84, độ thập phân.",
    )
    lng = Column(
        "Kinh độ",
        Degrees(),
        aliases=("lng", "lon", "longitude"),
        explanation="WGS 84, độ thập phân.",
    )
    northing = Column(
        "X (m)",
        Metres(),
        aliases=("X", "Toạ độ X", "X (hướng bắc)"),
        explanation="VN-2000, hướng bắc, thay cho vĩ độ và kinh độ.",
    )
    easting = Column(
        "Y (m)",
        Metres(),
        aliases=("Y", "Toạ độ Y", "Y (hướng đông)"),
        explanation="VN-2000, hướng đông.",
    )
    grid = Column(
        "Lưới VN-2000",
        Grid(),
        aliases=("Hệ toạ độ", "EPSG", "Kinh tuyến trục"),
        explanation="Mã EPSG hoặc kinh tuyến trục của X và Y.",
        erasable=False,
    )
    position = Column(
        "Vị trí lấy từ",
        Choice(Position.choices),
        attribute="position",
        aliases=("Cách lấy toạ độ",),
        example="GPS",
        explanation="Cách lấy toạ độ.",
    )
    source = source_column()
    note = note_column()
    version = version_column()

    def __init__(self, *args, grid=None, **kwargs):
        """grid: EPSG code of the grid in which coordinates are exported, None for degrees."""
        super().__init__(*args, **kwargs)
        self.grid = grid
        self._unit_names = None  # read when it is needed; a template does without

    @property
    def unit_names(self):
        if self._unit_names is None:
            self._unit_names = UnitNames()
        return self._unit_names

    def record_rows(self, cleaned):
        rows = []
        given = [values for _line, values in cleaned]
        matched = self.find_codes([values for values in given if "code" not in values])
        for line, values in cleaned:
            code = values.get("code") or matched.get(id(values), "")
            if isinstance(code, ValidationError):
                self.refuse(line, "code", code)
                continue
            identity = self._identity(values)
            if code in self._seen or (not values.get("code") and identity in self._seen):
                text = code or values.get("name", "")
                self.refuse(line, "code", _("“%s” đã có ở một dòng trước.") % text)
                continue
            self._seen |= {code, identity} - {""}
            rows.append(
                RecordRow(
                    line,
                    code,
                    lambda record, values=values: self.values(record, values),
                    values.get("version"),
                )
            )
        return rows

    def find_producers_by_code(self, codes):
        """Return {code: Producer} for a column of Code; codes: in upper or lower case."""
        return Producer.objects.in_bulk({code.upper() for code in codes}, field_name="code")

    # --- matching --------------------------------------------------------------------------

    def find_codes(self, rows):
        """Return {id of the dict: code, or ValidationError} of rows without a code.

        Of a record with the same name, producer and declared unit; a row without such a record is a
        new one, and is not in the result.
        """
        names = {row["name"] for row in rows if row.get("name")}
        if not names:
            return {}
        identities = {}
        for record in self.model.objects.filter(name__in=names):
            identities.setdefault(self._identity_of(record), []).append(record.code)
        found = {}
        for row in rows:
            codes = identities.get(self._identity(row), [])
            if len(codes) == 1:
                found[id(row)] = codes[0]
            elif codes:
                text = _("Có nhiều hồ sơ cùng tên và nơi này (%s): hãy ghi mã.")
                found[id(row)] = ValidationError(text % ", ".join(sorted(codes)[:5]))
        return found

    def _identity(self, row):
        try:
            unit = self._declared(row)
        except ValidationError:
            unit = {}
        units = (unit.get("declared_commune"), unit.get("declared_district"))
        return (row.get("name"), *(one and one.pk for one in units), *self.further_identity(row))

    def _identity_of(self, record):
        units = (record.declared_commune_id, record.declared_district_id)
        return (record.name, *units, *self.further_identity_of(record))

    def further_identity(self, row):
        """What identifies a row without a code beside name and unit; as further_identity_of()."""
        return ()

    def further_identity_of(self, record):
        return ()

    # --- values ----------------------------------------------------------------------------

    def values(self, record, cells):
        """Return {field: value} of the values that the cells change in a record.

        Raises ValidationError by column.
        """
        values, errors = {}, {}
        for part in (self._field_values, self._declared_values, self._place_values):
            try:
                values |= part(record, cells)
            except ValidationError as error:
                error.update_error_dict(errors)
        if not record.pk:
            try:
                self._require(values)
            except ValidationError as error:
                error.update_error_dict(errors)
        if errors:
            raise ValidationError(errors)
        return values

    def check_rest(self, line, values, wrong):
        parts = []
        if not wrong & {"commune", "district"}:
            parts.append(self._declared_values)
        if not wrong & set(self.PLACE):
            parts.append(self._place_values)
        for part in parts:
            try:
                part(self.model(), values)
            except ValidationError as error:
                for name, messages in error.message_dict.items():
                    self.refuse(line, name, " ".join(messages))

    def _field_values(self, record, cells):
        values = {}
        for name, value in cells.items():
            if name in self.PLACE or name in self.HELPERS:
                continue
            field = self.model._meta.get_field(name)
            if value is ERASED:
                values[name] = None if field.null else ""
            elif not _same_text(getattr(record, name, None) if record.pk else None, value):
                values[name] = value
        self._complete_bases(record, values)
        return values

    def _complete_bases(self, record, values):
        for name, basis in self.bases.items():
            if name not in values:
                continue
            if values[name] in (None, ""):
                values[basis] = ""
            elif basis not in values and values[name] != getattr(record, name):
                values[basis] = "stated"

    def _require(self, values):
        """Give a new record the source of the whole file; refuse it without a required value."""
        errors = {
            name: _("Cần có giá trị.")
            for name, column in self.fields.items()
            if column.required and not values.get(name) and name not in ("source", *self.HELPERS)
        }
        if "source" not in values:
            source = self.default_source()
            if isinstance(source, Source):
                values["source"] = source
            else:
                errors["source"] = source or _("Mọi dữ kiện cần có nguồn.")
        if errors:
            raise ValidationError(errors)

    def _declared(self, cells):
        """{declared_commune, declared_district} of the cells; {} if they name no unit."""
        commune, district = cells.get("commune"), cells.get("district")
        if commune is ERASED or district is ERASED:
            return {"declared_commune": None, "declared_district": None}
        column = "district"
        try:
            if district:
                district = self._unit(Level.DISTRICT, district)
            if commune:
                column = "commune"
                commune = self._unit(Level.COMMUNE, commune, district)
        except ValidationError as error:
            raise ValidationError({column: error.messages}) from None
        if not commune and not district:
            return {}
        return {
            "declared_commune": commune or None,
            "declared_district": None if commune else district,
        }

    def _unit(self, level, text, district=None):
        """The unit of a full name, or of a name with its id in brackets, as it is exported."""
        name, bracket, public_id = text.partition(" [")
        if bracket:
            unit = self.unit_names.by_id.get(public_id.rstrip("]"))
            if unit is None or unit.level != level:
                raise ValidationError(_("Không có đơn vị nào tên “%s”.") % text)
            return unit
        return self.unit_names.find(level, name, district)

    def _declared_values(self, record, cells):
        declared = self._declared(cells)
        district = declared.get("declared_district")
        commune = record.declared_commune
        if district and commune and commune.parent_id == district.pk:
            # The file names the district only; the record is more exact.
            return {}
        return {name: value for name, value in declared.items() if getattr(record, name) != value}

    def _place_values(self, record, cells):
        given = cells.get("position")
        point = self._point(record, cells)
        if given is ERASED or point is ERASED:
            return {"point": None, "position": "", "accuracy_m": None}
        values = {}
        if point is not None:
            values["point"] = point
            # That of the former point.
            values["accuracy_m"] = None
            position = given or self.options.position
            if not position and record.position != Position.COMMUNE:
                position = record.position
            if not position:
                raise ValidationError({"position": _("Cần nêu cách lấy toạ độ.")})
            values["position"] = position
        elif given and given != record.position:
            values["position"] = given
        return values

    def _point(self, record, cells):
        """The new Point of a row; None if it states none or the record's own; ERASED."""
        lat, lng, northing, easting = (
            cells.get(name) for name in ("lat", "lng", "northing", "easting")
        )
        if ERASED in (lat, lng, northing, easting):
            return ERASED
        own = record.point
        on_grid = None
        if northing is not None or easting is not None:
            on_grid = self._point_on_grid(own, northing, easting, cells.get("grid"))
        if lat is None and lng is None:
            return None if on_grid is own else on_grid
        try:
            if lat is None or lng is None:
                raise ValidationError(_("Cần cả vĩ độ lẫn kinh độ."))
            point = from_degrees(lat, lng)
        except ValidationError as error:
            raise ValidationError({"lat": error.messages}) from None
        point.x, point.y = round(point.x, DEGREE_DECIMALS), round(point.y, DEGREE_DECIMALS)
        if on_grid and on_grid.distance(point) > 1e-5:
            text = _("Vĩ độ, kinh độ và X, Y của dòng này chỉ hai nơi khác nhau.")
            raise ValidationError({"northing": text})
        return None if own and _lng_lat(own) == _lng_lat(point) else point

    def _point_on_grid(self, own, northing, easting, grid):
        """The Point of VN-2000 coordinates; `own` itself if it has the same coordinates there."""
        if northing is None or easting is None:
            raise ValidationError({"northing": _("Cần cả X (hướng bắc) lẫn Y (hướng đông).")})
        epsg = grid or self.options.grid
        if not epsg:
            raise ValidationError({"grid": _("Cần nêu lưới VN-2000 của X và Y.")})
        wanted = (round(easting, METRE_DECIMALS), round(northing, METRE_DECIMALS))
        if own and to_vn2000(own, epsg) == wanted:
            return own
        try:
            return from_vn2000(easting=easting, northing=northing, epsg=epsg)
        except ValidationError as error:
            raise ValidationError({"northing": error.messages}) from None

    def field_headings(self):
        headings = super().field_headings()
        first = "northing" if "northing" in self.columns and "lat" not in self.columns else "lat"
        return headings | {
            "point": self.heading(first),
            "declared_commune": self.heading("commune"),
            "declared_district": self.heading("district"),
        }

    # --- export ----------------------------------------------------------------------------

    def dehydrate_commune(self, record):
        return self._unit_text(record.declared_commune)

    def dehydrate_district(self, record):
        unit = record.declared_district
        if not unit and record.declared_commune:
            parent = record.declared_commune.parent
            unit = parent if parent and parent.level == Level.DISTRICT else None
        return self._unit_text(unit)

    def _unit_text(self, unit):
        """A name by which the import finds this unit and no other; else with its id in brackets."""
        if unit is None:
            return ""
        district = unit.parent if unit.parent and unit.parent.level == Level.DISTRICT else None
        try:
            if self.unit_names.find(unit.level, unit.full_name, district) == unit:
                return unit.full_name
        except ValidationError:
            pass
        return f"{unit.full_name} [{unit.public_id}]"

    def dehydrate_lat(self, record):
        return record.point.y if record.point and not self.grid else None

    def dehydrate_lng(self, record):
        return record.point.x if record.point and not self.grid else None

    def dehydrate_northing(self, record):
        return to_vn2000(record.point, self.grid)[1] if record.point and self.grid else None

    def dehydrate_easting(self, record):
        return to_vn2000(record.point, self.grid)[0] if record.point and self.grid else None

    def dehydrate_grid(self, record):
        return self.grid if record.point and self.grid else None

    def dehydrate_source(self, record):
        return record.source.url or record.source.title


def _same_text(stored, value):
    """Whether a value equals the stored one except for spaces and line breaks that a cell loses."""
    if isinstance(stored, str) and isinstance(value, str):
        return cell_text(stored) == value
    return stored == value
