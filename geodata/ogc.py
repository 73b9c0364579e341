"""The open-data API, shaped as OGC API – Features Part 1: thin views over the Collections."""

import hashlib
from dataclasses import dataclass, field

from django.conf import settings
from django.db.models import Q
from django.http import Http404, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import http_date
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from rest_framework.permissions import AllowAny
from rest_framework.views import APIView

from . import paging, parameters
from .collection import collections
from .crs import CRS84, OFFERED, Crs
from .exports import FORMATS
from .features import feature_collection, with_links
from .problems import BadParameters, Gone, ParameterError
from .revision import current_revision

GEOJSON = "application/geo+json"


class PublicView(APIView):
    """An answer from public data that may be kept until the data or the day change."""

    # No session is looked at, so that no answer depends on who asks.
    authentication_classes = ()
    permission_classes = (AllowAny,)
    http_method_names = ("get", "head", "options")

    def get(self, request, **kwargs):
        self.revision = current_revision()
        subject = self.subject(request, **kwargs)
        etag = self.etag(request)
        # The tag alone decides: it also knows of a new release, and of two changes in one second.
        response = get_conditional_response(request, etag) or self.answer(request, subject)
        response.headers.setdefault("ETag", etag)
        response.headers["Last-Modified"] = http_date(self.revision.last_modified.timestamp())
        response.headers["Cache-Control"] = "public, max-age=300"
        patch_vary_headers(response, ["Accept", "Accept-Encoding"])
        return response

    def subject(self, request, **kwargs):
        """What the answer is about; raises when there is no such thing or the question is bad."""
        refuse_unknown(request.GET, known={"f": parameters.output_format})

    def answer(self, request, subject):
        raise NotImplementedError

    def etag(self, request):
        parts = [self.revision, request.build_absolute_uri(), get_language(), settings.SITE_URL]
        parts += [collection.fingerprint for collection in collections().values()]
        return f'"{hashlib.sha256(repr([str(part) for part in parts]).encode()).hexdigest()[:24]}"'

    def link(self, rel, address, type="application/json", title=""):
        href = self.request.build_absolute_uri(address)
        return {"href": href, "rel": rel, "type": type} | ({"title": title} if title else {})


def find_collection(collection_id):
    try:
        return collections()[collection_id]
    except KeyError:
        raise Http404(_("Không có bộ dữ liệu “%s”.") % collection_id) from None


class LandingView(PublicView):
    def answer(self, request, subject):
        links = [
            self.link("self", request.path),
            self.link("data", reverse("ogc:collections")),
            *{
                collection.license.url: self.link("license", collection.license.url, "text/html")
                for collection in collections().values()
            }.values(),
        ]
        return JsonResponse(
            {
                "title": _("Dữ liệu mở về sản phẩm OCOP và đặc sản"),
                "description": _(
                    "Đơn vị hành chính, sản phẩm, chủ thể và quyền sở hữu công nghiệp."
                ),
                "links": links,
            },
            json_dumps_params={"ensure_ascii": False},
        )


class CollectionsView(PublicView):
    def answer(self, request, subject):
        described = [self.describe(collection) for collection in collections().values()]
        links = [self.link("self", request.path)]
        return JsonResponse(
            {"collections": described, "links": links}, json_dumps_params={"ensure_ascii": False}
        )

    def describe(self, collection):
        items = reverse("ogc:items", args=[collection.id])
        return {
            "id": collection.id,
            "title": str(collection.title),
            "description": str(collection.description),
            "itemType": "feature",
            "crs": list(OFFERED),
            "storageCrs": CRS84.uri,
            "links": [
                self.link("self", reverse("ogc:collection", args=[collection.id])),
                self.link("items", items, GEOJSON),
                *self.enclosures(collection),
                self.link("license", collection.license.url, "text/html", collection.license.title),
            ],
        }

    def enclosures(self, collection):
        """The whole collection as one file, in each format."""
        for extension, form in FORMATS.items():
            address = reverse("ogc:download", args=[collection.id, extension])
            title = f"{collection.title} – {form.title}"
            yield self.link("enclosure", address, form.media_type, title)


class CollectionView(CollectionsView):
    def subject(self, request, collection_id):
        super().subject(request)
        return find_collection(collection_id)

    def answer(self, request, collection):
        return JsonResponse(self.describe(collection), json_dumps_params={"ensure_ascii": False})


def read_parameters(asked, readers):
    """Read every parameter of a request; return what is wrong with them.

    readers: name → function that takes the text; other names, repeated and empty ones are errors.
    """
    errors = []
    for name, values in asked.lists():
        try:
            if name not in readers:
                raise ParameterError(name, _("Không có tham số này."))
            if len(values) > 1:
                raise ParameterError(name, _("Tham số chỉ được nêu một lần."))
            if not values[0].strip():
                raise ParameterError(name, _("Tham số không có giá trị."))
            if "\x00" in values[0]:
                raise ParameterError(name, _("Tham số có ký tự không dùng được."))
            readers[name](values[0])
        except ParameterError as error:
            errors.append(error)
    return errors


def refuse_unknown(asked, *, known):
    if errors := read_parameters(asked, known):
        raise BadParameters(errors)


# Parameters that choose a page or a form, not rows.
NOT_CONDITIONS = {"limit", "cursor", "sortby", "properties", "geometry", "crs", "f"}


@dataclass
class ItemsQuery:
    """What a request for items asks of a collection.

    Raises BadParameters with everything that is wrong, or unknown, or given twice or empty.
    """

    collection: object
    limit: int = parameters.DEFAULT_LIMIT
    after: list | None = None
    sort_keys: tuple = ()
    names: tuple = ()
    geometry: str = ""
    crs: Crs = CRS84
    conditions: dict = field(default_factory=dict)
    filters: dict = field(default_factory=dict)
    # What decides which rows match, as it was asked: the key under which their number is kept.
    asked: list = field(default_factory=list)

    @classmethod
    def parse(cls, collection, asked, **given):
        query = cls(collection, **given)
        readers = query.readers(bbox_crs=asked.get("bbox-crs", CRS84.uri))
        own = collection.filterset_class.base_filters if collection.filterset_class else {}
        errors = read_parameters(asked, readers | dict.fromkeys(own, str))
        query.filters = {name: asked[name] for name in asked if name in own}
        query.asked = sorted((name, asked[name]) for name in asked if name not in NOT_CONDITIONS)
        told = {error.parameter for error in errors}
        errors += [error for error in query.check_filters() if error.parameter not in told]
        if errors:
            raise BadParameters(errors)
        return query

    def readers(self, *, bbox_crs):
        """Parameter name → what notes its value; only those that the collection knows.

        bbox_crs: the URI of the system in which `bbox` is to be read.
        """

        def note(name, value):
            self.conditions[name] = value

        readers = {
            "limit": lambda text: setattr(self, "limit", parameters.limit(text)),
            "cursor": lambda text: setattr(self, "after", paging.read_cursor(text)),
            "sortby": lambda text: setattr(
                self, "sort_keys", paging.sort_keys(text, self.collection)
            ),
            "properties": lambda text: setattr(
                self, "names", parameters.properties(text, self.collection)
            ),
            # A bbox-crs that is none is told under its own name.
            "bbox": lambda text: note("bbox", parameters.bbox(text, OFFERED.get(bbox_crs, CRS84))),
            "bbox-crs": lambda text: parameters.crs(text, "bbox-crs"),
            "crs": lambda text: setattr(self, "crs", parameters.crs(text)),
            "f": parameters.output_format,
        }
        if self.collection.during:
            readers["datetime"] = lambda text: note("datetime", parameters.days(text))
        if self.collection.search:
            readers["q"] = lambda text: note("q", parameters.search(text))
        if self.collection.outline:
            readers["geometry"] = lambda text: setattr(
                self, "geometry", parameters.geometry(text, self.collection)
            )
        return readers

    def check_filters(self):
        if not self.filters:
            return []
        form = self.filterset().form
        return [ParameterError(name, " ".join(messages)) for name, messages in form.errors.items()]

    def filterset(self):
        return self.collection.filterset_class(self.filters, self.collection.queryset())

    def matched(self):
        """All rows that match, on whatever page."""
        rows = self.filterset().qs if self.filters else self.collection.queryset()
        if "bbox" in self.conditions:
            # Features without geometry match every box: /req/core/fc-bbox-response C.
            path = self.collection.geometry
            rows = rows.filter(
                Q(**{f"{path}__intersects": self.conditions["bbox"]})
                | Q(**{f"{path}__isnull": True})
            )
        if "datetime" in self.conditions:
            rows = self.collection.during(rows, self.conditions["datetime"])
        if "q" in self.conditions:
            rows = self.collection.search(rows, self.conditions["q"])
        return rows

    def page(self):
        """(id, feature text, values of the sort keys…) of the rows of this page, and of one more
        if another page follows.
        """
        rows = paging.ordered(self.matched(), self.collection, self.sort_keys, self.after)
        features = self.collection.features(
            rows,
            geometry=self.geometry,
            crs=self.crs,
            names=self.names,
            also=paging.columns_of(self.sort_keys),
        )
        return features[: self.limit + 1]

    def count(self, revision):
        """numberMatched: true for this revision, and counted once for it."""
        digest = hashlib.sha256(repr(self.asked).encode()).hexdigest()
        return revision.remember(f"{self.collection.id}:{digest}", self.matched().count)


def geojson(body, crs):
    """Features in that system, which the header names as well: /req/crs/ogc-crs-header."""
    return HttpResponse(body, content_type=GEOJSON, headers={"Content-Crs": f"<{crs.uri}>"})


class ItemsView(PublicView):
    def subject(self, request, collection_id):
        return ItemsQuery.parse(find_collection(collection_id), request.GET)

    def answer(self, request, query):
        try:
            rows = list(query.page())
        except ParameterError as error:
            # Whether a cursor fits the order is known only here.
            raise BadParameters([error]) from None
        page = rows[: query.limit]
        links = [
            self.link("self", request.get_full_path(), GEOJSON),
            self.link("collection", reverse("ogc:collection", args=[query.collection.id])),
        ]
        if len(rows) > len(page):
            asked = request.GET.copy()
            asked["cursor"] = paging.write_cursor([*page[-1][2:], page[-1][0]])
            links.append(self.link("next", f"{request.path}?{asked.urlencode()}", GEOJSON))
        pieces = feature_collection(
            (row[1] for row in page),
            numberMatched=query.count(self.revision),
            numberReturned=len(page),
            timeStamp=timezone.localtime().isoformat(timespec="seconds"),
            links=links,
        )
        return geojson("".join(pieces), query.crs)


class ItemView(PublicView):
    def subject(self, request, collection_id, item_id):
        refuse_unknown(request.GET, known={"f": parameters.output_format, "crs": parameters.crs})
        crs = OFFERED[request.GET.get("crs", CRS84.uri)]
        collection = find_collection(collection_id)
        if "\x00" in item_id:
            raise Http404(_("Không có mã này trong bộ dữ liệu."))
        rows = collection.queryset().filter(**{collection.key: item_id})
        found = collection.features(rows, crs=crs).first()
        if found is None:
            reason = collection.gone(item_id)
            if reason is not None:
                raise Gone(_("Đã rút khỏi dữ liệu công khai: %s") % reason)
            raise Http404(_("Không có “%s” trong bộ dữ liệu này.") % item_id)
        return collection, found[1], crs

    def answer(self, request, subject):
        collection, feature, crs = subject
        links = [
            self.link("self", request.path, GEOJSON),
            self.link("collection", reverse("ogc:collection", args=[collection.id])),
            self.link("license", collection.license.url, "text/html", collection.license.title),
        ]
        return geojson(with_links(feature, links), crs)
