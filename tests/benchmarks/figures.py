"""What the benchmark is to reach, and whether it does."""

import statistics
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One thing to reach: a ratio that is to be at least, or at most, so much."""

    name: str
    bound: float
    at_least: bool = True

    def judge(self, ratios, of=statistics.median):
        """Print the ratio; return whether it is reached.

        of: which of several counts.
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
