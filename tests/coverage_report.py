"""Print how many lines of the applications the tests ran, and the files of which least were run.

Usage: python -m tests.coverage_report FILE.json (written by Slipcover). Lines that only other
processes run, such as a served site or a command started as a program, are not counted.
"""

import json
import sys
from pathlib import Path

LOW_PERCENT = 90


def report(coverage):
    """Yield lines of text about Slipcover's coverage, the least covered file first."""
    percent_of = {
        name: file["summary"]["percent_covered"] for name, file in coverage["files"].items()
    }
    low = sorted((percent, name) for name, percent in percent_of.items() if percent < LOW_PERCENT)
    for percent, name in low:
        yield f"{percent:5.1f} %  {name}"
    total = coverage["summary"]["percent_covered"]
    yield f"{total:5.1f} %  of all lines; files above: those below {LOW_PERCENT} %"


if __name__ == "__main__":
    for line in report(json.loads(Path(sys.argv[1]).read_text())):
        print(line)
