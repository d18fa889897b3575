"""Rows of text in columns, as wide as they need to be."""

from __future__ import annotations

import sys
from collections.abc import Sequence


def tell_rows(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print the rows under their heads on standard output."""
    widths = [max(len(row[place]) for row in (heads, *rows)) for place in range(len(heads))]
    for row in (heads, *rows):
        line = "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True))
        sys.stdout.write(line.rstrip() + "\n")
