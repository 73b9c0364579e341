"""Tables of any file format as grids of cells."""

import dataclasses
import re
import unicodedata

from geodata.text import HIDDEN

# Cells of one table, or characters of one page.
MAX_CELLS = 200_000


@dataclasses.dataclass
class Spot:
    """A position of a grid.

    text: of the cell that covers it. down, right: whether the cell begins in a row above, or in a
    column to the left. tall: whether it covers more than one row.
    """

    text: str = ""
    down: bool = False
    right: bool = False
    tall: bool = False


@dataclasses.dataclass
class Grid:
    """A table, or the part of it on one page.

    rows: lists of Spots of equal length. places: of the rows. caption: the text above it.
    edges: x coordinates of the columns in a PDF, else ().
    """

    rows: list[list[Spot]]
    places: list[str]
    caption: str = ""
    edges: tuple[float, ...] = ()


def grid_of(regions, height, width):
    """Return the rows of Spots of a table.

    regions: (text, first row, row after, first column, column after) of each cell.
    """
    rows = [[Spot() for _ in range(width)] for _ in range(height)]
    for text, top, below, left, beyond in regions:
        for row in range(top, min(below, height)):
            for column in range(left, min(beyond, width)):
                rows[row][column] = Spot(text, row > top, column > left, below - top > 1)
    return rows


def joined(lines):
    """Return the lines of a cell as one line.

    A line that ends in a hyphen directly after a letter or digit continues without a space: the
    hyphen belongs to the word ("NH01-152"), Vietnamese has no hyphenation. A soft hyphen is
    removed.
    """
    text = ""
    for line in lines:
        line = " ".join(line.replace("\u00a0", " ").split())
        if not line:
            continue
        if text.endswith("\u00ad"):
            text = text[:-1] + line
        elif re.search(r"\w[-‑/]$", text):
            text += line
        else:
            text = f"{text} {line}" if text else line
    text = unicodedata.normalize("NFC", text).replace("‑", "-")
    return " ".join(re.sub(HIDDEN, "", text).split())
