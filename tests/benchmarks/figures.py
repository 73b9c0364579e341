"""Targets of the benchmark and their evaluation."""

import statistics
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """A target: a ratio with a minimum or maximum."""

    name: str
    bound: float
    at_least: bool = True

    def judge(self, ratios, of=statistics.median):
        """Print the ratio; return whether the target is met.

        of: reduces several ratios to one.
        """
        ratio = of(ratios)
        reached = ratio >= self.bound if self.at_least else ratio <= self.bound
        sign = "≥" if self.at_least else "≤"
        print(
            f"{'' if reached else 'MISSED '}{self.name}: {ratio:.2f}"
            f" ({min(ratios):.2f}–{max(ratios):.2f}; to reach {sign} {self.bound})",
            flush=True,
        )
        return reached
