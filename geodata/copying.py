"""Texts from PostgreSQL as bytes, without a row object and a str for each."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection

# The binary format of COPY: this signature with 8 further bytes, then rows (number of columns in 2
# bytes; length in 4 bytes and content of each), then a row of -1 columns.
_SIGNATURE, _HEADER_BYTES = b"PGCOPY\n\xff\r\n\0", 19
_END = b"\xff\xff"


def copy_texts(sql: str, values: Sequence[Any], receive: Callable[..., object]) -> None:
    """Call receive(text, …) with the UTF-8 of the columns of each row.

    sql, values: a query of texts that are not null, and its parameters.

    10,000 features of 900 bytes take half of the time that fetching them as rows takes. In the
    binary format PostgreSQL does not search the texts for characters to escape.
    """
    with connection.cursor() as cursor:
        statement = cursor.mogrify(sql, values).decode()
        cursor.copy_expert(f"COPY ({statement}) TO STDOUT (FORMAT binary)", _Receiver(receive))


class _Receiver:
    """The file that psycopg2 writes to: libpq returns one row of COPY at a time."""

    def __init__(self, receive):
        self.receive = receive

    def write(self, row):
        if row.startswith(_SIGNATURE):
            # The header comes with the first row.
            row = row[_HEADER_BYTES:]
        if not row or row == _END:
            return
        if row[1] == 1:
            self.receive(row[6:])
            return
        texts, start = [], 2
        while start < len(row):
            end = start + 4 + int.from_bytes(row[start : start + 4])
            texts.append(row[start + 4 : end])
            start = end
        self.receive(*texts)
