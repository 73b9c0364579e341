"""Imports producers from a CSV file gathered from public pages.

The columns are documented in the README of the file's folder. Values that a page states are
imported, inferred ones are marked as such, unknown ones stay empty.
"""

from products.register.models import Basis, Position, Producer

from .csv_file import csv_rows, joined_note
from .unit_names import UnitNames
from .writing import PLACE_REFERENCES, RecordRow, unless_on_commune, write_records

PRODUCER_KINDS = {
    "hop_tac_xa": Producer.Kind.COOPERATIVE,
    "doanh_nghiep": Producer.Kind.COMPANY,
    "ho_kinh_doanh": Producer.Kind.HOUSEHOLD,
    "to_hop_tac": Producer.Kind.GROUP,
    "": "",
}


def load_producers(path, report):
    """Load producers; those without coordinates get the point of their declared commune.

    The columns lat and lon, which the page of the row states, are optional.
    """
    columns = ["producer_id", "name", "type", "type_basis", "commune", "district"]
    columns += [
        "address_as_stated",
        "public_website",
        "products_or_activity",
        "source_url",
        "source_date",
        "note",
    ]
    unit_names = UnitNames()
    rows = []
    for row in csv_rows(path, columns, report, key=["producer_id"]):
        kind = row.choice("type", PRODUCER_KINDS)
        point = row.point()
        values = {
            "name": row["name"],
            "kind": kind,
            # The file states "from name", 'assumed from "Cơ sở"' or "text says HTX": no register.
            "kind_basis": Basis.INFERRED if kind else "",
            "activity": row["products_or_activity"],
            "address": row["address_as_stated"],
            "website": row["public_website"],
            "point": point,
            "position": Position.MAP if point else "",
            "source": row.source(),
            "note": joined_note(row["note"], row["type_basis"] and f"type: {row['type_basis']}"),
            **unit_names.declared(row, "commune", "district"),
        }
        if row.ok:
            rows.append(RecordRow(row.line, row["producer_id"], unless_on_commune(values)))
    write_records(Producer, rows, report, related=PLACE_REFERENCES)
