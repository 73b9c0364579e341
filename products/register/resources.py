"""The table of producers that officials import."""

from django.utils.translation import gettext_lazy

from .importing.cells import Choice, Column
from .importing.resources import LocatedResource, code_column
from .models import Basis, Producer


class ProducerResource(LocatedResource):
    """One producer in each row. Contacts are not imported: each needs the producer's consent."""

    kind = "producers"
    title = gettext_lazy("Chủ thể")
    model = Producer
    bases = {"kind": "kind_basis"}

    code = code_column("Mã chủ thể", aliases=("Mã", "producer_id"))
    name = Column(
        "Tên chủ thể",
        attribute="name",
        aliases=("Chủ thể", "Tên"),
        example="HTX Ví Dụ",
        required=True,
    )
    type = Column(
        "Loại chủ thể",
        Choice(Producer.Kind.choices),
        attribute="kind",
        aliases=("Loại", "Loại hình"),
        example="hợp tác xã",
    )
    kind_basis = Column("Loại biết từ", Choice(Basis.choices), attribute="kind_basis")
    activity = Column("Hoạt động", attribute="activity")
    website = Column("Trang web", attribute="website", aliases=("Website",))

    class Meta:
        export_order = ("code", "name", "type", "kind_basis", "activity", "website")

    def _field_values(self, record, cells):
        # `kind` is that of the table.
        renamed = {"kind" if name == "type" else name: value for name, value in cells.items()}
        return super()._field_values(record, renamed)
