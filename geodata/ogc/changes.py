"""The change feed of a collection: insert, update and delete of features, in commit order.

A client that has read `items` follows the link `changes` of its first page, or begins at 0. It
inserts, fetches again or deletes each id that is listed, and then has what `items` contains.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.request import Request

from geodata.collection import Collection, rfc3339
from geodata.models import Change
from geodata.problems import BadParameters, ParameterError

from . import parameters
from .query import refuse_unknown, url_with
from .views import GEOJSON, JSON, DocumentView


@dataclass
class ChangesQuery:
    """The parsed query of a request for the changes of a collection.

    since: number of the last change that the client knows. limit: changes in a page at most.
    """

    collection: Collection
    since: int = 0
    limit: int = parameters.DEFAULT_LIMIT

    def parsers(self) -> dict[str, Callable[[str], Any]]:
        """Return parameter name → function that parses its text and stores the value in self."""

        def attribute(name, parse):
            return lambda text: setattr(self, name, parse(text))

        return {
            "since": attribute("since", parameters.since),
            "limit": attribute("limit", parameters.limit),
        }

    def page(self) -> list[Change]:
        """Return the changes of this page, and one more if another page follows.

        Raises ParameterError if `since` is greater than the number of the newest change of all
        collections.
        """
        changes = Change.objects.of(self.collection)
        found = list(changes.filter(seq__gt=self.since)[: self.limit + 1])
        # Such a number was never published here: it belongs to an earlier database.
        if not found and self.since > Change.objects.newest():
            raise ParameterError(
                "since", _("Chưa có thay đổi nào mang số này; hãy đọc lại từ đầu.")
            )
        return found


def about_changes() -> str:
    """Return what the change feed contains and what it does not, for users."""
    return _(
        "Mọi lần một đối tượng được thêm, sửa, xoá hay rút, theo đúng thứ tự ghi vào cơ sở dữ liệu;"
        " giữ mãi, kể cả lần xoá. Dữ liệu liên quan (chủ thể, xếp hạng, quyền, đơn vị, nguồn) thay"
        " đổi mà đối tượng thể hiện thì cũng là đối tượng thay đổi. Điều chỉ đổi theo lịch, như xếp"
        " hạng hay quyền hết hạn, không có trong danh sách."
    )


class ChangesView(DocumentView):
    """GET /collections/{id}/changes: a page of the change feed."""

    template = "geodata/api/changes.html"

    def get_object(self, request: Request, collection_id: str) -> ChangesQuery:
        """Return the parsed query; raise Http404 for an unknown collection, or BadParameters."""
        query = ChangesQuery(self.find_collection(collection_id))
        refuse_unknown(request.GET, known={"f": self.parse_format, **query.parsers()})
        return query

    def document(self, request: Request, query: ChangesQuery) -> dict[str, Any]:
        """Return the changes of the page, and `lastSeq`, the `since` of the next request.

        Raises BadParameters for a `since` that was never published.
        """
        try:
            found = query.page()
        except ParameterError as error:
            raise BadParameters([error]) from None
        changes = found[: query.limit]
        last = changes[-1].seq if changes else query.since
        id = query.collection.id
        following = url_with(request, since=last)
        next_links = [self.link("next", following)] if len(found) > len(changes) else []
        return {
            "collection": id,
            "description": about_changes(),
            "changes": [
                {
                    "seq": change.seq,
                    "op": change.op,
                    "id": change.feature_id,
                    "at": rfc3339(change.at),
                }
                for change in changes
            ],
            "numberReturned": len(changes),
            "lastSeq": last,
            "timeStamp": timezone.localtime().isoformat(timespec="seconds"),
            "links": [
                *self.self_links,
                *next_links,
                self.link("changes", following, JSON, _("Những thay đổi tiếp theo")),
                self.collection_link(query.collection),
                self.link("items", reverse("ogc:items", args=[id]), GEOJSON),
            ],
        }

    def html_response(
        self, request: Request, document: dict[str, Any], **context: Any
    ) -> HttpResponse:
        """Return the changes as a table whose rows link to the features."""
        collection = context["found"].collection
        rows = [
            {
                **change,
                "title": Change.Op(change["op"]).label,
                "address": reverse("ogc:item", args=[collection.id, change["id"]]),
            }
            for change in document["changes"]
        ]
        return super().html_response(request, document, collection=collection, rows=rows)
