"""Statistics: the number of public features of a collection by the value of one property.

Each statistic is described once; page, CSV and JSON read this description. Every number equals the
`numberMatched` of the row's URL in the API, so that anybody can reproduce it.
"""

import datetime
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Count
from django.db.models.functions import ExtractYear, TruncMonth
from django.urls import reverse
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from districts.models import Level, Unit
from geodata.collection import Collection
from geodata.property_types import code_titles
from geodata.spans import format_month
from products.ocop.collections import PRODUCERS, PRODUCTS, PROTECTIONS
from products.ocop.models import RATING_MONTHS, OcopStatus
from products.register.models import Category
from products.rights.models import IpRight

from . import labels


@dataclass(frozen=True)
class Row:
    """One number of a statistic.

    value: of the property; None for the features without a value.
    share: of all features, 0 to 1; thousandths: the same as a whole number, for the bar.
    items_url: the features in the API; list_url: the list for people.
    unit: the unit that the value is, if it is one.
    """

    value: object
    name: str
    count: int
    share: float
    thousandths: int
    items_url: str
    list_url: str
    unit: Unit | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Statistic:
    """The number of features of a collection by the value of a property.

    heading: of the column of values. by: name of the property, which is also the API's filter.
    known: returns value → name or unit, in order, of the values that have a row even if no feature
        has them. By default only values that occur have a row.
    missing: name of the row of features without a value.
    map_filter: name of the filter of the map page that selects the same features.
    map_missing: its value for the features without a value.
    note: a remark required to interpret the numbers.
    chart: how charts.py draws it, a key of charts.DRAWINGS.
    """

    id: str
    title: str
    heading: str
    collection: Collection
    by: str
    missing: str
    known: Callable[[], Mapping] | None = None
    map_filter: str = ""
    map_missing: str = ""
    note: str = ""
    chart: str = "bars"

    def counts(self, revision):
        """Value → number of features, for the values that occur."""
        return revision.remember(f"statistic:{self.id}", self._count)

    def _count(self):
        return dict(self._grouped(value=self.collection.queryables[self.by]))

    def _grouped(self, **values):
        """(value…, number) of each combination of values that occurs."""
        features = self.collection.public().order_by().values(**values)
        return features.annotate(number=Count("*")).values_list(*values, "number")

    def rows(self, revision):
        """Yield all rows in order; the row of features without a value is the last."""
        counts = self.counts(revision)
        names = self.names(counts)
        total = sum(counts.values()) or 1
        for key, name in names.items():
            count = counts.get(key, 0)
            items_url = self.items_url(self.query(key))
            yield Row(
                value=self.value(key),
                name=labels.unit_label(name) if isinstance(name, Unit) else str(name),
                count=count,
                share=count / total,
                thousandths=round(1000 * count / total),
                items_url=items_url,
                list_url=self.map_url(key) or items_url,
                unit=name if isinstance(name, Unit) else None,
            )

    def total(self, revision):
        return sum(self.counts(revision).values())

    def charted_total(self, revision):
        """The number of features that are in the chart."""
        return self.total(revision)

    def names(self, counts):
        """Value → its name or unit, in order, for every row."""
        if self.known:
            names = dict(self.known())
        else:
            titles = code_titles(self.collection.fields[self.by])
            names = {code: title for code, title in titles.items() if code in counts}
        for key in counts:
            if key is not None:
                names.setdefault(key, key)
        return {**names, None: self.missing} if None in counts else names

    def value(self, key):
        """The value as written in the CSV and JSON files."""
        return key

    def query(self, key):
        """The query parameters with which the API returns the features of a row."""
        return {self.by: key} if key is not None else {"filter": f"{self.by} IS NULL"}

    def items_url(self, query=()):
        """The path of the collection's features in the API, filtered by the query parameters."""
        path = reverse("ogc:items", args=[self.collection.id])
        return f"{path}?{urlencode(query)}" if query else path

    def map_url(self, key):
        """The map page with the features of a row; "" if it has no such filter."""
        selected = self.map_missing if key is None else key
        if not self.map_filter or not selected:
            return ""
        return f"{reverse('frontend:map')}?{urlencode({self.map_filter: selected})}"


# The key of products without a rating in RatingYearStatistic.
UNRATED = (None, None, OcopStatus.NONE)


class RatingYearStatistic(Statistic):
    """The number of products by the year in which their last rating was decided.

    A decision may be known only as a span of days, which may extend over several years or be
    unbounded. Keys are (first year, last year, "") with None for an unbounded end, or UNRATED.
    """

    def _count(self):
        properties = self.collection.queryables
        spans = self._grouped(
            first=ExtractYear(properties["rated_from"]),
            last=ExtractYear(properties["rated_to"]),
            status=properties["ocop_status"],
        )
        counts = Counter()
        for first, last, status, number in spans:
            last = last and last - RATING_MONTHS // 12
            counts[UNRATED if status == OcopStatus.NONE else (first, last, "")] += number
        return counts

    def names(self, counts):
        def order(key):
            first, last, status = key
            return bool(status), first != last or not last, last or 9999, first or 0

        return {key: self.name(key) for key in sorted(counts, key=order)}

    def name(self, key):
        first, last, status = key
        if status:
            return self.missing
        if first == last:
            return str(first) if first else _("chưa rõ năm")
        if not first:
            return _("chưa rõ năm, muộn nhất %d") % last
        if not last:
            return _("chưa rõ năm, sớm nhất %d") % first
        return _("%(first)d đến %(last)d") % {"first": first, "last": last}

    def value(self, key):
        """A year or an interval in the notation of ISO 8601-2: 2023, ../2022, 2022/2023."""
        first, last, status = key
        if status:
            return None
        return str(first) if first == last and first else f"{first or '..'}/{last or '..'}"

    def query(self, key):
        first, last, status = key
        if status:
            return {"ocop_status": status}
        parts = [year_filter("rated_from", first)]
        parts.append(year_filter("rated_to", last and last + RATING_MONTHS // 12))
        if not first and not last:
            parts.append(f"ocop_status <> '{OcopStatus.NONE}'")
        return {"filter": " AND ".join(parts)}

    def map_url(self, key):
        status = key[2]
        return f"{reverse('frontend:map')}?trang-thai={status}" if status else ""


def year_filter(name, year):
    """The CQL2 condition that the date property is in that year; IS NULL for None."""
    if not year:
        return f"{name} IS NULL"
    first, last = datetime.date(year, 1, 1), datetime.date(year, 12, 31)
    return f"{name} BETWEEN DATE('{first}') AND DATE('{last}')"


class TermEndStatistic(Statistic):
    """The number of products by the month in which their last rating ends.

    The decision, and with it the end, may be known only as a span of days. Keys are (first month,
    last month, "") as the first days of these months, with None for an unbounded end, or (None,
    None, status) for products without a term.
    """

    # Not rated, or rated and revoked: no term ends.
    WITHOUT_TERM = (OcopStatus.NONE, OcopStatus.REVOKED)

    def _count(self):
        properties = self.collection.queryables
        spans = self._grouped(
            first=TruncMonth(properties["rated_from"]),
            last=TruncMonth(properties["rated_to"]),
            status=properties["ocop_status"],
        )
        counts = Counter()
        for first, last, status, number in spans:
            first = first and first.replace(year=first.year + RATING_MONTHS // 12)
            has_term = status not in self.WITHOUT_TERM
            counts[(first, last, "") if has_term else (None, None, status)] += number
        return counts

    def names(self, counts):
        never = datetime.date.max

        def order(key):
            first, last, status = key
            return status, last or never, first or datetime.date.min

        return {key: self.name(key) for key in sorted(counts, key=order)}

    def name(self, key):
        first, last, status = key
        if status:
            return labels.STATUSES[status]
        if first == last:
            return format_month(first) if first else _("chưa rõ hạn")
        if not first:
            return _("chưa rõ, muộn nhất {month}").format(month=format_month(last))
        if not last:
            return _("chưa rõ, sớm nhất {month}").format(month=format_month(first))
        if (first.year, first.month, last.month) == (last.year, 1, 12):
            return _("trong năm {year}, chưa rõ tháng").format(year=first.year)
        return _("từ {first} đến {last}").format(first=format_month(first), last=format_month(last))

    def value(self, key):
        """A month or an interval in the notation of ISO 8601-2: 2027-12, ../2026-09."""
        first, last, status = key
        if status:
            return None if status == OcopStatus.NONE else str(status)
        if first == last and first:
            return f"{first:%Y-%m}"
        return "/".join(f"{month:%Y-%m}" if month else ".." for month in (first, last))

    def charted_total(self, revision):
        return sum(row.count for row in self.rows(revision) if self.has_term(row.value))

    def has_term(self, value):
        """Whether the row with this value counts ratings that end."""
        return value is not None and value not in OcopStatus.values

    def months_of(self, value):
        """The first and the last month of such a row, each None if it is unbounded."""
        first, _separator, last = value.partition("/")
        return tuple(
            None if part == ".." else datetime.date.fromisoformat(f"{part}-01")
            for part in (first, last or first)
        )

    def query(self, key):
        first, last, status = key
        if status:
            return {"ocop_status": status}
        decided = first and first.replace(year=first.year - RATING_MONTHS // 12)
        parts = [month_filter("rated_from", decided), month_filter("rated_to", last)]
        parts += [f"ocop_status <> '{status}'" for status in self.WITHOUT_TERM]
        return {"filter": " AND ".join(parts)}

    def map_url(self, key):
        status = key[2]
        return f"{reverse('frontend:map')}?trang-thai={status}" if status else ""

    def years(self, revision):
        """[{year, count, months: 12 rows or None, spans: rows}] by the last possible year.

        months: of the ends whose month is known, [] if the year has none.
        """
        years = {}
        for row in self.rows(revision):
            if not self.has_term(row.value):
                continue
            first, last = self.months_of(row.value)
            year = years.setdefault(last and last.year, {"months": {}, "spans": [], "count": 0})
            year["count"] += row.count
            if first and first == last:
                year["months"][last.month] = row
            else:
                year["spans"].append(row)
        return [
            {
                **parts,
                "year": year,
                "months": parts["months"]
                and [(month, parts["months"].get(month)) for month in range(1, 13)],
            }
            for year, parts in years.items()
        ]


@dataclass(frozen=True)
class CrossRow:
    """A row of a table of two properties. cells: one Row per column."""

    row: Row
    cells: list[Row]

    @property
    def name(self):
        return self.row.name

    @property
    def count(self):
        return self.row.count


@dataclass(frozen=True)
class CrossTable:
    """columns: a Row each, with the number of all features of the column."""

    columns: list[Row]
    rows: list[CrossRow]


@dataclass(frozen=True, kw_only=True, eq=False)
class CrossStatistic:
    """The number of features of a collection by the values of two statistics of it."""

    id: str
    title: str
    down: Statistic
    across: Statistic
    note: str = ""
    chart: str = "stacked"

    @property
    def heading(self):
        return self.down.heading

    def table(self, revision):
        """All rows and columns."""
        counts = revision.remember(f"statistic:{self.id}", self._count)
        across = self.across.rows(revision)
        columns = list(zip(self._keys(self.across, revision), across, strict=True))
        rows = zip(self._keys(self.down, revision), self.down.rows(revision), strict=True)
        return CrossTable(
            columns=[column for _key, column in columns],
            rows=[
                CrossRow(
                    row,
                    [
                        self._cell(key, row, other, column, counts.get((key, other), 0))
                        for other, column in columns
                    ],
                )
                for key, row in rows
            ],
        )

    def total(self, revision):
        return self.down.total(revision)

    charted_total = total

    def _count(self):
        properties = self.down.collection.queryables
        grouped = self.down._grouped(
            down=properties[self.down.by], across=properties[self.across.by]
        )
        return {(down, across): number for down, across, number in grouped}

    def _keys(self, statistic, revision):
        return statistic.names(statistic.counts(revision))

    def _cell(self, key, row, other, column, count):
        items_url = self.down.items_url({**self.down.query(key), **self.across.query(other)})
        on_map = self.down.map_url(key)
        return Row(
            value=column.value,
            name=column.name,
            count=count,
            share=count / (row.count or 1),
            thousandths=round(1000 * count / (row.count or 1)),
            items_url=items_url,
            list_url=f"{on_map}&{urlencode({self.across.map_filter: other})}"
            if on_map
            else items_url,
        )


def month_filter(name, month):
    """The CQL2 condition that the date property is in that month; IS NULL for None.

    month: its first day.
    """
    if not month:
        return f"{name} IS NULL"
    last = (month + datetime.timedelta(days=31)).replace(day=1) - datetime.timedelta(days=1)
    return f"{name} BETWEEN DATE('{month}') AND DATE('{last}')"


# --- the published statistics --------------------------------------------------------------


def districts():
    """Code → district, of the districts before the reform."""
    return {unit.code: unit for unit in Unit.objects.old_districts()}


def communes():
    """Code → commune, of the current communes by name."""
    units = Unit.objects.on(settings.PLACE.units_changed_on).filter(level=Level.COMMUNE)
    return {unit.code: unit for unit in units.order_by("name", "code")}


def groups():
    """Code → short name, of the product groups."""
    categories = Category.objects.filter(scheme=Category.Scheme.QD148)
    return {one.code: labels.GROUPS.get(one.code, one.name) for one in categories}


STATISTICS = [
    Statistic(
        id="districts",
        title=format_lazy(
            gettext_lazy("Sản phẩm theo huyện, thành phố trước {day}"),
            day=lazy(labels.units_changed_on, str)(),
        ),
        heading=gettext_lazy("Huyện, thành phố"),
        collection=PRODUCTS,
        by="district_code",
        known=districts,
        missing=gettext_lazy("chưa rõ huyện"),
        map_filter="huyen",
        map_missing="chua-ro",
        chart="map",
    ),
    Statistic(
        id="communes",
        title=gettext_lazy("Sản phẩm theo xã, phường hiện nay"),
        heading=gettext_lazy("Xã, phường"),
        collection=PRODUCTS,
        by="commune_code",
        known=communes,
        missing=gettext_lazy("chưa rõ xã"),
        map_filter="xa",
        map_missing="chua-ro",
        note=gettext_lazy(
            "Nhiều nguồn chỉ nêu huyện; những sản phẩm ấy không tính được vào xã nào."
        ),
    ),
    Statistic(
        id="groups",
        title=gettext_lazy("Sản phẩm theo nhóm"),
        heading=gettext_lazy("Nhóm sản phẩm"),
        collection=PRODUCTS,
        by="category_code",
        known=groups,
        missing=gettext_lazy("chưa rõ nhóm"),
        map_filter="nhom",
        map_missing="chua-ro",
        note=gettext_lazy("Nơi nguồn không nêu nhóm, trang này tự phân loại theo tên sản phẩm."),
    ),
    Statistic(
        id="stars",
        title=gettext_lazy("Sản phẩm theo số sao còn hiệu lực"),
        heading=gettext_lazy("Số sao"),
        collection=PRODUCTS,
        by="stars",
        known=lambda: code_titles(PRODUCTS.fields["stars"]),
        missing=gettext_lazy("không có hạng nào được biết là còn hiệu lực"),
        map_filter="sao",
        note=format_lazy(
            gettext_lazy(
                "Chỉ đếm hạng được biết chắc là còn hiệu lực hôm nay: giấy chứng nhận có hiệu lực"
                " {months} tháng kể từ ngày quyết định."
            ),
            months=RATING_MONTHS,
        ),
    ),
    Statistic(
        id="statuses",
        title=gettext_lazy("Sản phẩm theo tình trạng OCOP"),
        heading=gettext_lazy("Tình trạng"),
        collection=PRODUCTS,
        by="ocop_status",
        known=lambda: labels.STATUSES,
        missing="",
        map_filter="trang-thai",
    ),
    RatingYearStatistic(
        id="years",
        title=gettext_lazy("Sản phẩm theo năm xếp hạng lần cuối"),
        heading=gettext_lazy("Năm"),
        collection=PRODUCTS,
        by="rated_from",
        missing=labels.STATUSES[OcopStatus.NONE],
        note=gettext_lazy(
            "Nhiều nguồn không nêu năm của quyết định, chỉ cho biết sản phẩm đã được xếp hạng vào"
            " lúc viết: những sản phẩm ấy có dòng riêng, không bị gán cho một năm."
        ),
    ),
    TermEndStatistic(
        id="term-ends",
        title=gettext_lazy("Xếp hạng hết hạn theo tháng"),
        heading=gettext_lazy("Tháng hết hạn"),
        collection=PRODUCTS,
        by="rated_to",
        missing=labels.STATUSES[OcopStatus.NONE],
        chart="spans",
        note=format_lazy(
            gettext_lazy(
                "Giấy chứng nhận có hiệu lực {months} tháng. Nơi nguồn không nêu ngày quyết định,"
                " chỉ biết tháng sớm nhất và muộn nhất."
            ),
            months=RATING_MONTHS,
        ),
    ),
    Statistic(
        id="sectors",
        title=gettext_lazy("Sản phẩm theo lĩnh vực"),
        heading=gettext_lazy("Lĩnh vực"),
        collection=PRODUCTS,
        by="sector",
        missing=gettext_lazy("chưa rõ lĩnh vực"),
        map_filter="nganh",
        map_missing="chua-ro",
        note=gettext_lazy(
            "Nơi nguồn không nêu lĩnh vực, trang này tự phân loại theo tên sản phẩm."
        ),
    ),
    Statistic(
        id="producers",
        title=gettext_lazy("Chủ thể theo loại"),
        heading=gettext_lazy("Loại chủ thể"),
        collection=PRODUCERS,
        by="kind",
        missing=gettext_lazy("chưa rõ loại"),
        note=gettext_lazy("Nơi nguồn không nêu loại, trang này tự phân loại theo tên chủ thể."),
    ),
    Statistic(
        id="right-kinds",
        title=gettext_lazy("Quyền sở hữu công nghiệp theo loại"),
        heading=gettext_lazy("Loại quyền"),
        collection=PROTECTIONS,
        by="kind",
        missing=gettext_lazy("chưa rõ loại"),
    ),
    Statistic(
        id="right-statuses",
        title=gettext_lazy("Quyền sở hữu công nghiệp theo tình trạng"),
        heading=gettext_lazy("Tình trạng"),
        collection=PROTECTIONS,
        by="status",
        missing=gettext_lazy("chưa rõ"),
        note=gettext_lazy(
            "Nhãn hiệu có hiệu lực mười năm kể từ ngày nộp đơn. Khi nguồn không nêu ngày ấy, hoặc"
            " thời hạn đã qua mà chưa thấy gia hạn, bảng này nói là chưa rõ."
        ),
    ),
]
BY_ID = {statistic.id: statistic for statistic in STATISTICS}

CROSS_STATISTICS = [
    CrossStatistic(
        id="districts-statuses",
        title=format_lazy(
            gettext_lazy("Tình trạng OCOP theo huyện, thành phố trước {day}"),
            day=lazy(labels.units_changed_on, str)(),
        ),
        down=BY_ID["districts"],
        across=BY_ID["statuses"],
    ),
    CrossStatistic(
        id="groups-statuses",
        title=gettext_lazy("Tình trạng OCOP theo nhóm sản phẩm"),
        down=BY_ID["groups"],
        across=BY_ID["statuses"],
        note=BY_ID["groups"].note,
    ),
]


def headlines(revision):
    """[{text, count, url}] of the most important numbers; url: the list behind the number."""
    statuses = BY_ID["statuses"].counts(revision)
    producers = BY_ID["producers"].total(revision)
    the_map = reverse("frontend:map")

    def status(*values):
        return sum(statuses.get(one, 0) for one in values), _with_statuses(the_map, values)

    in_force = BY_ID["right-statuses"].counts(revision).get(IpRight.Status.IN_FORCE, 0)
    rights = f"{reverse('frontend:protections')}?hieu-luc={IpRight.Status.IN_FORCE}"
    numbers = [
        (_("Sản phẩm trên bản đồ"), BY_ID["statuses"].total(revision), the_map),
        (_("Xếp hạng còn hiệu lực"), *status(OcopStatus.VALID, OcopStatus.EXPIRING)),
        (labels.STATUSES[OcopStatus.EXPIRING], *status(OcopStatus.EXPIRING)),
        (labels.STATUSES[OcopStatus.UNKNOWN], *status(OcopStatus.UNKNOWN)),
        (_("Chủ thể trong danh bạ"), producers, reverse("frontend:producers")),
        (_("Quyền đang được bảo hộ"), in_force, rights),
    ]
    return [{"text": text, "count": count, "url": url} for text, count, url in numbers]


def _with_statuses(path, statuses):
    return f"{path}?{urlencode([('trang-thai', status) for status in statuses])}"
