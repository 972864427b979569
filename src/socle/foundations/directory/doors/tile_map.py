"""The country in tiles, one a department, shaded by density: drawn as SVG without script or style."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from typing import Final

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from socle.foundations.directory import country
from socle.foundations.directory.densities import Density, level, thresholds
from socle.kernel.web.templatetags.components import figure

_HEIGHT: Final = 30
_BASELINE: Final = 18


@dataclass(frozen=True, slots=True)
class TileMap:
    """`drawn` are the tiles, `legend` says what each shade stands for."""

    drawn: SafeString
    height: int
    legend: list[tuple[int, str]]


def tile_map(found: Sequence[Density]) -> TileMap:
    """Every department of the country; those without a density are drawn empty. Lengths across are in percent, so
    that one drawing serves a phone and a printed page."""
    places = country.tiles()
    cuts = thresholds(found)
    shades = {one.code: level(one, cuts) for one in found}
    step = 100 / (max(column for column, _row in places.values()) + 1)
    drawn = (_tile(code, column, row, step, shades.get(code, 0)) for code, (column, row) in places.items())
    rows = max(row for _column, row in places.values()) + 1
    return TileMap(SafeString("".join(drawn)), rows * _HEIGHT, _legend(cuts))


def _tile(code: str, column: int, row: int, step: float, shade: int) -> str:
    top = row * _HEIGHT
    return (
        f'<rect x="{column * step:.2f}%" y="{top}" width="{step * 0.94:.2f}%" height="{_HEIGHT - 2}" rx="3" '
        f'class="tile tile-{shade}" /><text x="{(column + 0.47) * step:.2f}%" y="{top + _BASELINE}" '
        f'text-anchor="middle" class="tile-code tile-code-{shade}">{escape(code)}</text>'
    )


def _legend(cuts: Sequence[float]) -> list[tuple[int, str]]:
    said = [figure(round(cut, 1)) for cut in cuts]
    if not said:
        return [(1, _("couvert"))]
    between = [_("de %(low)s à %(high)s") % {"low": low, "high": high} for low, high in pairwise(said)]
    words = [_("moins de %(high)s") % {"high": said[0]}, *between, _("%(low)s et plus") % {"low": said[-1]}]
    return list(enumerate(words, 1))
