"""What became of the features of a collection, in the order of the commits, without an end.

A client that has read `items` goes on with the link `changes` of its first page, or begins at 0; it
puts in, reads anew or takes out each id that it finds, and then holds what `items` holds.
"""

from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from geodata.collection import moment
from geodata.models import Change
from geodata.problems import BadParameters, ParameterError

from . import parameters
from .query import refuse_unknown, url_with
from .views import GEOJSON, JSON, DocumentView, find_collection


@dataclass
class ChangesQuery:
    """What a request asks of the list of changes of a collection."""

    collection: object
    since: int = 0
    limit: int = parameters.DEFAULT_LIMIT

    def readers(self):
        """Parameter name → what notes its value."""

        def put(name, read):
            return lambda text: setattr(self, name, read(text))

        return {"since": put("since", parameters.since), "limit": put("limit", parameters.limit)}

    def page(self):
        """The changes of this page, and one more if another page follows.

        Raises ParameterError when they are to begin after the newest change of all.
        """
        changes = Change.objects.of(self.collection)
        found = list(changes.filter(seq__gt=self.since)[: self.limit + 1])
        # No answer gave such a number: it is of a database that was there before this one.
        if not found and self.since > Change.objects.newest():
            raise ParameterError(
                "since", _("Chưa có thay đổi nào mang số này; hãy đọc lại từ đầu.")
            )
        return found


def about_changes():
    """What the list holds and what it does not, for readers."""
    return _(
        "Mọi lần một đối tượng được thêm, sửa, xoá hay rút, theo đúng thứ tự ghi vào cơ sở dữ liệu;"
        " giữ mãi, kể cả lần xoá. Dữ liệu liên quan (chủ thể, xếp hạng, quyền, đơn vị, nguồn) thay"
        " đổi mà đối tượng thể hiện thì cũng là đối tượng thay đổi. Điều chỉ đổi theo lịch, như xếp"
        " hạng hay quyền hết hạn, không có trong danh sách."
    )


class ChangesView(DocumentView):
    template = "geodata/api/changes.html"

    def subject(self, request, collection_id):
        query = ChangesQuery(find_collection(collection_id))
        refuse_unknown(request.GET, known={"f": self.read_form, **query.readers()})
        return query

    def document(self, request, query):
        try:
            found = query.page()
        except ParameterError as error:
            raise BadParameters([error]) from None
        changes = found[: query.limit]
        last = changes[-1].seq if changes else query.since
        id = query.collection.id
        onwards = url_with(request, since=last)
        more = [self.link("next", onwards)] if len(found) > len(changes) else []
        return {
            "collection": id,
            "description": about_changes(),
            "changes": [
                {
                    "seq": change.seq,
                    "op": change.op,
                    "id": change.feature_id,
                    "at": moment(change.at),
                }
                for change in changes
            ],
            "numberReturned": len(changes),
            # Of what the reader now knows; where to ask for what is yet to come.
            "lastSeq": last,
            "timeStamp": timezone.localtime().isoformat(timespec="seconds"),
            "links": [
                *self.links_to_itself,
                *more,
                self.link("changes", onwards, JSON, _("Những thay đổi tiếp theo")),
                self.link_to(query.collection),
                self.link("items", reverse("ogc:items", args=[id]), GEOJSON),
            ],
        }

    def page(self, request, document, *, subject):
        rows = [
            {
                **change,
                "words": Change.Op(change["op"]).label,
                "address": reverse("ogc:item", args=[subject.collection.id, change["id"]]),
            }
            for change in document["changes"]
        ]
        return super().page(request, document, collection=subject.collection, rows=rows)
