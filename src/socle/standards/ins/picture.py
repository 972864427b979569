"""The INS datamatrix as a picture: SVG, sharp at any size, on a label, a page or a screen.

ISO/IEC 16022 ECC 200, square, with a quiet zone of one module as ANS asks ("INS, format datamatrix" 2.2). The library
chooses the encodation of the symbol, which every reader undoes; rectangles of the later DMRE extension are left out.
"""

from __future__ import annotations

from html import escape
from itertools import groupby
from math import isqrt
from typing import Any, Final, cast

import zxingcpp

from socle.standards.ins.datamatrix import MENTION

QUIET_ZONE: Final = 1
_DARK: Final = 0


def modules(text: str) -> tuple[tuple[bool, ...], ...]:
    """The square symbol of a text, row by row, true where it is dark, without quiet zone."""
    symbol = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.DataMatrix, force_square=True)
    # The library's types do not say that a picture of it is a buffer of bytes.
    pixels = memoryview(cast(Any, symbol.to_image(scale=1, add_quiet_zones=False))).tobytes()
    side = isqrt(len(pixels))
    rows = (pixels[start : start + side] for start in range(0, len(pixels), side))
    return tuple(tuple(value == _DARK for value in row) for row in rows)


def svg(text: str, title: str = MENTION) -> str:
    """A picture of one unit for each module, dark on white whatever the page's colours; `title` is what a screen
    reader says. To be scaled by the page: ANS asks for modules that a scanner can tell apart once printed."""
    rows = modules(text)
    side = len(rows) + 2 * QUIET_ZONE
    path = "".join(_bars(row, rank + QUIET_ZONE) for rank, row in enumerate(rows))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" role="img" '
        f'shape-rendering="crispEdges"><title>{escape(title)}</title>'
        f'<path fill="#fff" d="M0 0h{side}v{side}H0z"/><path fill="#000" d="{path}"/></svg>'
    )


def _bars(row: tuple[bool, ...], top: int) -> str:
    drawn, left = "", QUIET_ZONE
    for dark, run in groupby(row):
        width = sum(1 for _ in run)
        drawn += f"M{left} {top}h{width}v1h-{width}z" if dark else ""
        left += width
    return drawn
