"""Charts as inline SVG, without script or style attribute, always with the same figures as a table beside them.

Lengths are percentages of the width and text keeps its size, so that one drawing serves a phone and a printed page.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measure:
    """One labelled value; `shown` is the value as people read it."""

    label: str
    value: float
    shown: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A measure placed in the drawing: `top` in pixels, `width` in percent."""

    label: str
    shown: str
    top: int
    width: str

    @property
    def baseline(self) -> int:
        return self.top + _TEXT

    @property
    def bar_top(self) -> int:
        return self.top + _TEXT + 8


_TEXT, _ROW = 16, 46


@dataclass(frozen=True, slots=True)
class BarChart:
    """Horizontal bars from zero. `sentence` says what the chart shows; it is the description read aloud."""

    identifier: str
    title: str
    sentence: str
    label_heading: str
    value_heading: str
    measures: Sequence[Measure]

    @property
    def height(self) -> int:
        return _ROW * len(self.measures)

    @property
    def bars(self) -> list[Bar]:
        largest = max((measure.value for measure in self.measures), default=0) or 1
        return [
            Bar(measure.label, measure.shown, row * _ROW, f"{max(measure.value, 0) / largest:.2%}")
            for row, measure in enumerate(self.measures)
        ]
