"""How many cells of annexes in several layouts are read rightly; wrong ones are printed."""

from difflib import SequenceMatcher

import pytest

from products.ocop.annex import FIELDS
from products.ocop.annex.files import read
from tests.products.annexes.documents import FIRST, LATER

LEAST = 0.95


def compared(document, rows):
    """Return (number of cells, texts of those that are wrong).

    Cells that are empty in the document and in the row are not counted. A missing or additional row
    is wrong in all of its cells.
    """
    found = [{name: getattr(row, name) for name in FIELDS} for row in rows]
    names = [[one.get("name") for one in side] for side in (document.expected, found)]
    pairs = []
    for _tag, a, b, c, d in SequenceMatcher(None, *names, autojunk=False).get_opcodes():
        left, right = document.expected[a:b], found[c:d]
        length = max(len(left), len(right))
        left += [{}] * (length - len(left))
        right += [{}] * (length - len(right))
        pairs += zip(left, right, strict=True)
    cells, wrong = 0, []
    for wanted, got in pairs:
        for name in FIELDS:
            one, other = wanted.get(name) or "", got.get(name) or ""
            if one or other:
                cells += 1
                if one != other:
                    row = wanted.get("name") or got.get("name")
                    wrong.append(f"{document.name}, {row}, {name}: {other!r}, not {one!r}")
    return cells, wrong


@pytest.mark.parametrize("document", FIRST + LATER, ids=lambda document: document.name)
def test_at_least_95_percent_of_the_cells_are_right(document, tmp_path):
    cells, wrong = compared(document, read(document.content(tmp_path)).rows)

    print(f"{document.name}: {cells - len(wrong)} of {cells} cells")
    print("\n".join(wrong))
    assert cells
    assert 1 - len(wrong) / cells >= LEAST
