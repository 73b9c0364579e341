"""The figures: how many public features of a collection have what value.

Each is described once; page, CSV and JSON read this description. A number is what `numberMatched`
says at the row's address in the API: nothing is counted here that a reader could not count again.
"""

import datetime
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Count
from django.db.models.functions import ExtractYear
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from districts.models import Level, Unit
from geodata.collection import Collection
from geodata.property_types import code_titles
from products.ocop.collections import PRODUCERS, PRODUCTS, PROTECTIONS
from products.ocop.models import RATING_MONTHS, OcopStatus
from products.register.models import Category

from . import words


@dataclass(frozen=True)
class Row:
    """One number.

    value: of the property, None for the features without one. thousandths: of all features, for
        the bar.
    items: the address of its features in the API; page: of the list for people.
    about: the page of what the value stands for, if there is one.
    """

    value: object
    name: str
    count: int
    percent: int
    thousandths: int
    items: str
    page: str
    about: str = ""


@dataclass(frozen=True, kw_only=True, eq=False)
class Figure:
    """How many features of a collection have which value of a property.

    heading: of the values' column. by: name of the property or filter.
    known: the values that are told even where nothing has them, in order, each with its name or
        the unit that it is the code of; unless given, those that occur.
    missing: what the features without a value are called.
    on_map: name of the filter of the map page that chooses the same features.
    note: what has to be known to read the numbers.
    """

    id: str
    title: str
    heading: str
    collection: Collection
    by: str
    missing: str
    known: Callable[[], Mapping] | None = None
    on_map: str = ""
    note: str = ""

    def counts(self, revision):
        """Value → number, of the values that occur."""
        return revision.remember(f"figure:{self.id}", self._count)

    def _count(self):
        return dict(self._numbers(value=self.collection.queryables[self.by]))

    def _numbers(self, **values):
        """(value…, number) of each combination of values that occurs."""
        features = self.collection.queryset().order_by().values(**values)
        return features.annotate(number=Count("pk")).values_list(*values, "number")

    def rows(self, revision):
        """All rows in their order, with the features that have no value last."""
        counts = self.counts(revision)
        named = self.named(counts)
        total = sum(counts.values()) or 1
        for key, name in named.items():
            count = counts.get(key, 0)
            items = self.items(self.question(key))
            yield Row(
                value=self.value(key),
                name=str(name),
                count=count,
                percent=round(100 * count / total),
                thousandths=round(1000 * count / total),
                items=items,
                page=self.page(key) or items,
                about=name.get_absolute_url() if isinstance(name, Unit) else "",
            )

    def total(self, revision):
        return sum(self.counts(revision).values())

    def named(self, counts):
        """Every value that is told → its name or unit, in order."""
        if self.known:
            named = dict(self.known())
        else:
            titles = code_titles(self.collection.fields[self.by])
            named = {code: title for code, title in titles.items() if code in counts}
        for key in counts:
            if key is not None:
                named.setdefault(key, key)
        return {**named, None: self.missing} if None in counts else named

    def value(self, key):
        """The value as files tell it."""
        return key

    def question(self, key):
        """The parameters by which the API finds the features of a row."""
        return {self.by: key} if key is not None else {"filter": f"{self.by} IS NULL"}

    def items(self, question=()):
        address = reverse("ogc:items", args=[self.collection.id])
        return f"{address}?{urlencode(question)}" if question else address

    def page(self, key):
        """The map page that shows the features of a row; "" where it has no such filter."""
        if not self.on_map or key is None:
            return ""
        return f"{reverse('frontend:map')}?{urlencode({self.on_map: key})}"


UNRATED = (None, None, OcopStatus.NONE)


class YearFigure(Figure):
    """In which year the last rating was decided.

    A decision may be known only as a span of days. Where that lies in one year, the year is told;
    else what is known of it: keys are (first year, last year, "") or UNRATED.
    """

    def _count(self):
        told = self.collection.properties
        spans = self._numbers(
            first=ExtractYear(told["rated_from"]),
            last=ExtractYear(told["rated_to"]),
            status=told["ocop_status"],
        )
        counts = Counter()
        for first, last, status, number in spans:
            last = last and last - RATING_MONTHS // 12
            counts[UNRATED if status == OcopStatus.NONE else (first, last, "")] += number
        return counts

    def named(self, counts):
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
        """A year or an interval as ISO 8601-2 has them: 2023, ../2022, 2022/2023."""
        first, last, status = key
        if status:
            return None
        return str(first) if first == last and first else f"{first or '..'}/{last or '..'}"

    def question(self, key):
        first, last, status = key
        if status:
            return {"ocop_status": status}
        parts = [within("rated_from", first)]
        parts.append(within("rated_to", last and last + RATING_MONTHS // 12))
        if not first and not last:
            parts.append(f"ocop_status <> '{OcopStatus.NONE}'")
        return {"filter": " AND ".join(parts)}

    def page(self, key):
        status = key[2]
        return f"{reverse('frontend:map')}?trang-thai={status}" if status else ""


def within(name, year):
    """The condition in CQL2 that a day lies in that year, or that there is none."""
    if not year:
        return f"{name} IS NULL"
    first, last = datetime.date(year, 1, 1), datetime.date(year, 12, 31)
    return f"{name} BETWEEN DATE('{first}') AND DATE('{last}')"


# --- what is told --------------------------------------------------------------------------


def districts():
    return {unit.code: unit for unit in Unit.objects.districts_then()}


def communes():
    units = Unit.objects.on(settings.PLACE.units_changed_on).filter(level=Level.COMMUNE)
    return {unit.code: unit for unit in units.order_by("name", "code")}


def groups():
    categories = Category.objects.filter(scheme=Category.Scheme.QD148)
    return {one.code: words.GROUPS.get(one.code, one.name) for one in categories}


FIGURES = [
    Figure(
        id="districts",
        title=gettext_lazy("Sản phẩm theo huyện, thành phố trước 1/7/2025"),
        heading=gettext_lazy("Huyện, thành phố"),
        collection=PRODUCTS,
        by="district_code",
        known=districts,
        missing=gettext_lazy("chưa rõ huyện"),
        on_map="huyen",
    ),
    Figure(
        id="communes",
        title=gettext_lazy("Sản phẩm theo xã, phường hiện nay"),
        heading=gettext_lazy("Xã, phường"),
        collection=PRODUCTS,
        by="commune_code",
        known=communes,
        missing=gettext_lazy("chưa rõ xã"),
        on_map="xa",
        note=gettext_lazy(
            "Nhiều nguồn chỉ nêu huyện; những sản phẩm ấy không tính được vào xã nào."
        ),
    ),
    Figure(
        id="groups",
        title=gettext_lazy("Sản phẩm theo nhóm"),
        heading=gettext_lazy("Nhóm sản phẩm"),
        collection=PRODUCTS,
        by="category_code",
        known=groups,
        missing=gettext_lazy("chưa rõ nhóm"),
        on_map="nhom",
        note=gettext_lazy("Nơi nguồn không nêu nhóm, trang này suy ra từ tên sản phẩm."),
    ),
    Figure(
        id="stars",
        title=gettext_lazy("Sản phẩm theo số sao còn hiệu lực"),
        heading=gettext_lazy("Số sao"),
        collection=PRODUCTS,
        by="stars",
        known=lambda: code_titles(PRODUCTS.fields["stars"]),
        missing=gettext_lazy("không có hạng nào được biết là còn hiệu lực"),
        on_map="sao",
        note=gettext_lazy(
            "Chỉ đếm hạng được biết chắc là còn hiệu lực hôm nay: giấy chứng nhận có hiệu lực 36"
            " tháng kể từ ngày quyết định."
        ),
    ),
    Figure(
        id="statuses",
        title=gettext_lazy("Sản phẩm theo tình trạng OCOP"),
        heading=gettext_lazy("Tình trạng"),
        collection=PRODUCTS,
        by="ocop_status",
        known=lambda: words.STATUSES,
        missing="",
        on_map="trang-thai",
    ),
    YearFigure(
        id="years",
        title=gettext_lazy("Sản phẩm theo năm xếp hạng lần cuối"),
        heading=gettext_lazy("Năm"),
        collection=PRODUCTS,
        by="rated_from",
        missing=words.STATUSES[OcopStatus.NONE],
        note=gettext_lazy(
            "Nhiều nguồn không nêu năm của quyết định, chỉ cho biết sản phẩm đã được xếp hạng vào"
            " lúc viết: những sản phẩm ấy có dòng riêng, không bị gán cho một năm."
        ),
    ),
    Figure(
        id="sectors",
        title=gettext_lazy("Sản phẩm theo lĩnh vực"),
        heading=gettext_lazy("Lĩnh vực"),
        collection=PRODUCTS,
        by="sector",
        missing=gettext_lazy("chưa rõ lĩnh vực"),
        on_map="nganh",
        note=gettext_lazy("Nơi nguồn không nêu lĩnh vực, trang này suy ra từ tên sản phẩm."),
    ),
    Figure(
        id="producers",
        title=gettext_lazy("Chủ thể theo loại"),
        heading=gettext_lazy("Loại chủ thể"),
        collection=PRODUCERS,
        by="kind",
        missing=gettext_lazy("chưa rõ loại"),
        note=gettext_lazy("Nơi nguồn không nêu loại, trang này suy ra từ tên chủ thể."),
    ),
    Figure(
        id="right-kinds",
        title=gettext_lazy("Quyền sở hữu công nghiệp theo loại"),
        heading=gettext_lazy("Loại quyền"),
        collection=PROTECTIONS,
        by="kind",
        missing=gettext_lazy("chưa rõ loại"),
    ),
    Figure(
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
