"""The open-data API, shaped as OGC API – Features Part 1: thin views over the Collections."""

import hashlib
from dataclasses import dataclass, field

from django.db.models import Q
from django.http import Http404, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import http_date
from django.utils.translation import gettext as _
from rest_framework.permissions import AllowAny
from rest_framework.views import APIView

from . import parameters
from .collection import collections
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
        response = get_conditional_response(
            request, etag, self.revision.last_modified.timestamp().__int__()
        ) or self.answer(request, subject)
        response.headers.setdefault("ETag", etag)
        response.headers["Last-Modified"] = http_date(self.revision.last_modified.timestamp())
        response.headers["Cache-Control"] = "public, max-age=300"
        patch_vary_headers(response, ["Accept", "Accept-Encoding"])
        return response

    def subject(self, request, **kwargs):
        """What the answer is about; raises when there is no such thing or the question is bad."""

    def answer(self, request, subject):
        raise NotImplementedError

    def etag(self, request):
        asked = hashlib.sha256(request.get_full_path().encode()).hexdigest()[:12]
        described = "".join(c.fingerprint for c in collections().values())
        release = hashlib.sha256(described.encode()).hexdigest()[:8]
        return f'"{self.revision}-{release}-{asked}"'

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
            self.link("license", collections()["products"].license.url, "text/html"),
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
            "links": [
                self.link("self", reverse("ogc:collection", args=[collection.id])),
                self.link("items", items, GEOJSON),
                self.link("license", collection.license.url, "text/html", collection.license.title),
            ],
        }


class CollectionView(CollectionsView):
    def subject(self, request, collection_id):
        return find_collection(collection_id)

    def answer(self, request, collection):
        return JsonResponse(self.describe(collection), json_dumps_params={"ensure_ascii": False})


@dataclass
class ItemsQuery:
    """What a request for items asks of a collection.

    Raises BadParameters with everything that is wrong, or unknown, or given twice or empty.
    """

    collection: object
    limit: int = parameters.DEFAULT_LIMIT
    after: str = ""
    geometry: str = ""
    conditions: dict = field(default_factory=dict)

    @classmethod
    def parse(cls, collection, asked):
        query = cls(collection)
        errors = []
        readers = query.readers()
        own = collection.filterset_class.base_filters if collection.filterset_class else {}
        for name, values in asked.lists():
            try:
                if name not in readers and name not in own:
                    raise ParameterError(name, _("Không có tham số này."))
                if len(values) > 1:
                    raise ParameterError(name, _("Tham số chỉ được nêu một lần."))
                if not values[0]:
                    raise ParameterError(name, _("Tham số không có giá trị."))
                if "\x00" in values[0]:
                    raise ParameterError(name, _("Tham số có ký tự không dùng được."))
                if name in readers:
                    readers[name](values[0])
            except ParameterError as error:
                errors.append(error)
        query.filters = {name: asked[name] for name in asked if name in own}
        errors += query.check_filters()
        if errors:
            raise BadParameters(errors)
        return query

    def readers(self):
        """Parameter name → what notes its value; only those that the collection knows."""

        def note(name, value):
            self.conditions[name] = value

        readers = {
            "limit": lambda text: setattr(self, "limit", parameters.limit(text)),
            "cursor": lambda text: setattr(self, "after", parameters.cursor(text)),
            "bbox": lambda text: note("bbox", parameters.bbox(text)),
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
        """(key, feature text) of the rows of this page, and one more if another page follows."""
        key = self.collection.key
        rows = self.matched().order_by(key)
        if self.after:
            rows = rows.filter(**{f"{key}__gt": self.after})
        return self.collection.features(rows, geometry=self.geometry)[: self.limit + 1]

    def count(self, revision):
        """numberMatched: true for this revision, and counted once for it."""
        asked = repr((sorted(self.filters.items()), sorted(self.conditions.items(), key=str)))
        digest = hashlib.sha256(asked.encode()).hexdigest()
        return revision.remember(f"{self.collection.id}:{digest}", self.matched().count)


class ItemsView(PublicView):
    def subject(self, request, collection_id):
        return ItemsQuery.parse(find_collection(collection_id), request.GET)

    def answer(self, request, query):
        rows = list(query.page())
        page = rows[: query.limit]
        links = [
            self.link("self", request.get_full_path(), GEOJSON),
            self.link("collection", reverse("ogc:collection", args=[query.collection.id])),
        ]
        if len(rows) > len(page):
            asked = request.GET.copy()
            asked["cursor"] = parameters.write_cursor(page[-1][0])
            links.append(self.link("next", f"{request.path}?{asked.urlencode()}", GEOJSON))
        pieces = feature_collection(
            (feature for _key, feature in page),
            numberMatched=query.count(self.revision),
            numberReturned=len(page),
            timeStamp=timezone.localtime().isoformat(timespec="seconds"),
            links=links,
        )
        return HttpResponse("".join(pieces), content_type=GEOJSON)


class ItemView(PublicView):
    def subject(self, request, collection_id, item_id):
        collection = find_collection(collection_id)
        rows = collection.queryset().filter(**{collection.key: item_id})
        found = collection.features(rows).first() if "\x00" not in item_id else None
        if found is None:
            reason = collection.gone(item_id)
            if reason is not None:
                raise Gone(_("Đã rút khỏi dữ liệu công khai: %s") % reason)
            raise Http404(_("Không có “%s” trong bộ dữ liệu này.") % item_id)
        return collection, found[1]

    def answer(self, request, subject):
        collection, feature = subject
        links = [
            self.link("self", request.path, GEOJSON),
            self.link("collection", reverse("ogc:collection", args=[collection.id])),
            self.link("license", collection.license.url, "text/html", collection.license.title),
        ]
        return HttpResponse(with_links(feature, links), content_type=GEOJSON)
