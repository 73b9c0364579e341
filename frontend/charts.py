"""Charts of the statistics as SVG: drawn from the numbers of the tables, readable on their own.

A chart has its title, day, source and licence in it. Colours are presentation attributes of the
light scheme, because the security policy of the site blocks style elements in SVG files.
"""

import functools
import math
import re
import textwrap
from dataclasses import dataclass, field

from django.conf import settings
from django.contrib.staticfiles import finders
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from districts.models import Boundary
from geodata.spans import format_day

FONT = (
    "'Be Vietnam Pro', system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans',"
    " 'Helvetica Neue', Arial, sans-serif"
)
# Pixels. Names are in a column at the left, numbers at the right end of the bars.
WIDTH, MARGIN, NAMES, NUMBERS = 800, 28, 250, 56
ROW, BAR = 40, 20
# Characters per line of a title and of a name.
TITLE_LINE, NAME_LINE, TEXT_LINE = 54, 34, 104

# OCOP status → fill; look.md: valid green, expiring gold, past and unknown grey.
STATUS_COLOURS = {
    "valid": "#2f7d4f",
    "expiring": "#b7791f",
    "unknown": "#7d8891",
    "expired": "#c3bba9",
    "none": "#e9e2d2",
    "revoked": "#7a3b2e",
}
MAX_CLASSES = 5


@dataclass
class Chart:
    """Shapes in drawing order.

    texts, boxes and paths: attributes of the elements, with `text` for the content.
    """

    title: str
    height: float = 0
    texts: list[dict] = field(default_factory=list)
    boxes: list[dict] = field(default_factory=list)
    paths: list[dict] = field(default_factory=list)
    font: str = FONT
    width: int = WIDTH

    def text(self, x, y, text, *, size=15, fill="ink", **style):
        """Add a line of text. fill: name of a colour of tokens.css. style: anchor, weight."""
        one = {"x": round(x, 1), "y": round(y, 1), "text": text, "size": size}
        self.texts.append({**one, "fill": colours()[fill], **style})

    def lines(self, y, text, *, characters, size, leading, **style):
        """Add text in lines of so many characters; returns the y of the line after the last."""
        for line in textwrap.wrap(str(text), characters):
            self.text(MARGIN, y, line, size=size, **style)
            y += leading
        return y

    def box(self, x, y, width, height, fill, **style):
        """Add a rectangle. fill: a colour. style: stroke, dash."""
        sides = {"x": x, "y": y, "width": width, "height": height}
        sides = {name: round(value, 1) for name, value in sides.items()}
        self.boxes.append({**sides, "fill": fill, **style})


@functools.cache
def colours():
    """Token → colour of tokens.css in the light scheme."""
    with open(finders.find("geodata/css/tokens.css")) as file:
        light = file.read().partition("@media")[0]
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", light))


def chart_of(statistic, revision):
    """The chart of a statistic of STATISTICS or CROSS_STATISTICS."""
    chart = Chart(title=str(statistic.title))
    y = chart.lines(
        MARGIN + 22, chart.title, characters=TITLE_LINE, size=24, leading=30, weight=700
    )
    about = _("Ngày {day}. Tổng: {count}.")
    total = statistic.charted_total(revision)
    chart.text(MARGIN, y, about.format(day=format_day(revision.day), count=total), fill="muted")
    y = DRAWINGS[statistic.chart](chart, statistic, revision, y + 24)
    _add_source(chart, statistic, revision, y + 20)
    return chart


def _add_source(chart, statistic, revision, y):
    """Add the note, where the numbers are from, and the licence; ends the chart."""
    chart.box(MARGIN, y - 14, WIDTH - 2 * MARGIN, 1, colours()["line"])
    small = {"characters": TEXT_LINE, "size": 12.5, "leading": 18, "fill": "muted"}
    y += 8
    for text in (statistic.note, settings.PLACE.sample_note):
        if text:
            y = chart.lines(y, text, **small)
    address = settings.SITE_URL + reverse("frontend:statistics")
    source = _("Nguồn: {site}, {address}, ngày {day}. Giấy phép {licence}.").format(
        site=settings.SITE_NAME,
        address=f"{address}#{statistic.id}",
        day=format_day(revision.day),
        licence="CC\N{NO-BREAK SPACE}BY\N{NO-BREAK SPACE}4.0",
    )
    chart.height = chart.lines(y, source, **small)


# --- bars ------------------------------------------------------------------------------------


def _name(chart, y, name):
    """Add a name of one or two lines in the row at y."""
    lines = textwrap.wrap(str(capfirst(name)), NAME_LINE, max_lines=2, placeholder=" …")
    top = y + ROW / 2 + 5 - 9 * (len(lines) - 1)
    for line in lines:
        chart.text(MARGIN, top, line, size=14)
        top += 18


def _bars(chart, statistic, revision, y):
    rows = [row for row in statistic.rows(revision) if row.count]
    most = max((row.count for row in rows), default=1)
    room = WIDTH - 2 * MARGIN - NAMES - NUMBERS
    for row in rows:
        colour = colours().get(f"group-{row.value}") if statistic.id == "groups" else None
        length = room * row.count / most
        _name(chart, y, row.name)
        chart.box(MARGIN + NAMES, y + 10, length, BAR, colour or colours()["clay"])
        chart.text(MARGIN + NAMES + length + 8, y + 25, str(row.count), weight=650)
        y += ROW
    return y


def _stacked_bars(chart, statistic, revision, y):
    table = statistic.table(revision)
    x = MARGIN
    for column in table.columns:
        if not column.count:
            continue
        chart.box(x, y - 11, 14, 14, STATUS_COLOURS[column.value], stroke=colours()["muted"])
        chart.text(x + 20, y + 1, column.name, size=13)
        x += 36 + 7.4 * len(str(column.name))
        if x > WIDTH - 160:
            x, y = MARGIN, y + 24
    y += 14
    rows = [row for row in table.rows if row.count]
    most = max((row.count for row in rows), default=1)
    room = WIDTH - 2 * MARGIN - NAMES - NUMBERS
    for row in rows:
        _name(chart, y, row.name)
        left = MARGIN + NAMES
        for cell in row.cells:
            length = room * cell.count / most
            if cell.count:
                colour = STATUS_COLOURS[cell.value]
                chart.box(left, y + 8, length, BAR + 4, colour, stroke=colours()["raised"])
                if length > 22:
                    ink = "ink" if cell.value in ("expired", "none") else "on-clay"
                    middle = left + length / 2
                    chart.text(middle, y + 25, str(cell.count), size=13, fill=ink, anchor="middle")
            left += length
        chart.text(left + 8, y + 25, str(row.count), weight=650)
        y += ROW
    return y


# --- the ends of ratings -----------------------------------------------------------------------


def _spans(chart, statistic, revision, y):
    """One bar from the first to the last possible month for each row, on an axis of years."""
    rows = [row for row in statistic.rows(revision) if statistic.has_term(row.value)]
    months = [month for row in rows for month in statistic.months_of(row.value) if month]
    if not months:
        return y
    first, last = min(months).year, max(months).year + 1
    room = WIDTH - 2 * MARGIN - NAMES - NUMBERS

    def x_of(month, after=0):
        years = month.year - first + (month.month - 1 + after) / 12
        return MARGIN + NAMES + room * years / (last - first)

    height = ROW * len(rows)
    for year in range(first, last + 1):
        x = MARGIN + NAMES + room * (year - first) / (last - first)
        chart.box(x, y + 4, 1, height + 6, colours()["line"])
        if year < last:
            middle = x + room / (last - first) / 2
            chart.text(middle, y, str(year), size=13, fill="muted", anchor="middle")
    y += 8
    today = x_of(revision.day.replace(day=1), (revision.day.day - 1) / 31)
    chart.box(today, y - 4, 2, height + 6, colours()["ink"])
    for row in rows:
        begin, end = statistic.months_of(row.value)
        left = x_of(begin) if begin else MARGIN + NAMES
        right = x_of(end, 1) if end else WIDTH - MARGIN - NUMBERS
        _name(chart, y, row.name)
        # An end of which only the latest possible day is known has an open bar.
        colour = colours()["clay"] if begin and end else colours()["tint"]
        chart.box(left, y + 10, right - left, BAR, colour, stroke=colours()["clay"])
        chart.text(right + 8, y + 25, str(row.count), weight=650)
        y += ROW
    return y


# --- the map -----------------------------------------------------------------------------------


def classes(counts):
    """At most five ranges [from, to] with all counts except zero, one beginning after the other.

    The same shades as of makeClasses() in static/frontend/js/map/choropleth.js: about as many units
    in each range, because a town with most of the products would leave all others in the lowest.
    """
    known = sorted(count for count in counts if count)
    starts = sorted(set(known))
    if len(starts) > MAX_CLASSES:
        starts = sorted({known[step * len(known) // MAX_CLASSES] for step in range(MAX_CLASSES)})
    ends = [*(start - 1 for start in starts[1:]), *known[-1:]]
    return [[start, end] for start, end in zip(starts, ends, strict=True)]


def shade_of(count, ranges):
    """The number of the shade of a count, 1 to 5; 0 for none."""
    for index, (_start, end) in enumerate(ranges, start=1):
        if 0 < count <= end:
            # Fewer ranges are spread over the five shades; the highest has the darkest.
            return math.floor(MAX_CLASSES * index / len(ranges) + 0.5)
    return 0


def choropleth(statistic, revision, *, width=WIDTH - 2 * MARGIN):
    """{shapes, legend, width, height} of the units of a statistic, for a map of that width.

    shapes: {d, shade, row, x, y}, with the point for the number; nothing without boundaries.
    legend: {shade, label} of each range.
    """
    rows = {row.unit.pk: row for row in statistic.rows(revision) if row.unit}
    outlines = list(
        Boundary.objects.filter(unit__in=rows).values_list("unit", Coalesce("outline", "geometry"))
    )
    if not outlines:
        return {"shapes": [], "legend": [], "width": 0, "height": 0}
    boxes = [shape.extent for _unit, shape in outlines]
    west, south = (min(box[side] for box in boxes) for side in (0, 1))
    east, north = (max(box[side] for box in boxes) for side in (2, 3))
    # A degree of longitude is shorter than a degree of latitude.
    narrowing = math.cos(math.radians((south + north) / 2))
    scale = width / ((east - west) * narrowing)

    def place(lng, lat):
        return round((lng - west) * narrowing * scale, 1), round((north - lat) * scale, 1)

    ranges = classes([row.count for row in rows.values()])
    shapes = []
    for unit, shape in outlines:
        rings = [ring for polygon in _polygons(shape) for ring in polygon.coords]
        largest = max(_polygons(shape), key=lambda polygon: polygon.area)
        x, y = place(*largest.point_on_surface.coords)
        row = rows[unit]
        shapes.append(
            {
                "d": "".join(_path(place(*point) for point in ring) for ring in rings),
                "shade": shade_of(row.count, ranges),
                "row": row,
                "x": x,
                "y": y,
            }
        )
    legend = [
        {"shade": shade_of(end, ranges), "label": str(start) if start == end else f"{start}–{end}"}
        for start, end in ranges
    ]
    if any(not shape["shade"] for shape in shapes):
        legend.insert(0, {"shade": 0, "label": "0"})
    height = math.ceil((north - south) * scale)
    return {"shapes": shapes, "legend": legend, "width": width, "height": height}


def _polygons(shape):
    return list(shape) if shape.geom_type == "MultiPolygon" else [shape]


def _path(points):
    """Path data of a ring; points that are equal after rounding only once."""
    distinct = list(dict.fromkeys(points))
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in distinct) + "Z"


def shade_colour(shade):
    """The fill of a shade in the light scheme."""
    return colours()[f"shade-{shade}"] if shade else colours()["raised"]


def _map(chart, statistic, revision, y):
    drawn = choropleth(statistic, revision, width=440)
    top = y
    for shape in drawn["shapes"]:
        chart.paths.append(
            {"d": shape["d"], "fill": shade_colour(shape["shade"]), "x": MARGIN, "y": top}
        )
    for shape in drawn["shapes"]:
        ink = "on-clay" if shape["shade"] >= 4 else "ink"
        count = str(shape["row"].count)
        at = {"size": 17, "weight": 700, "anchor": "middle", "fill": ink}
        chart.text(MARGIN + shape["x"], top + shape["y"] + 6, count, **at)
    # Names beside the map: the smallest district has no room for its own.
    x = MARGIN + drawn["width"] + 36
    y = top + 14
    for row in statistic.rows(revision):
        shade = next((s["shade"] for s in drawn["shapes"] if s["row"].value == row.value), None)
        if shade is not None:
            chart.box(x, y - 13, 16, 16, shade_colour(shade), stroke=colours()["muted"])
        chart.text(WIDTH - MARGIN, y, str(row.count), weight=650, anchor="end")
        for line in textwrap.wrap(str(capfirst(row.name)), 24):
            chart.text(x + 26, y, line, size=14)
            y += 18
        y += 10
    y += 12
    chart.text(x, y, _("Số sản phẩm"), size=13, fill="muted")
    for step in drawn["legend"]:
        y += 24
        chart.box(x, y - 13, 26, 16, shade_colour(step["shade"]), stroke=colours()["muted"])
        chart.text(x + 36, y, step["label"], size=14)
    return max(y, top + drawn["height"]) + 12


DRAWINGS = {"bars": _bars, "stacked": _stacked_bars, "spans": _spans, "map": _map}
