"""The components of UI.md as template tags. Every template has them without `{% load %}`.

Block tags wrap what the template writes; the others take values that a view prepared.
"""

import re
from dataclasses import dataclass, field
from html import escape
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from socle.kernel.manifest import Fidelity
from socle.kernel.web.assets import assets
from socle.kernel.web.charts import BarChart
from socle.kernel.web.glossary import explained
from socle.kernel.web.wording import translate

register = template.Library()
register.tag("translate", translate)
_SEPARATORS = re.compile(r"(?<=[/?&=])(?=[^/?&=])")
_TONES = ("good", "warm", "bad", "plain")
_FIDELITIES = {
    Fidelity.PUBLISHED: (_("publié"), "good"),
    Fidelity.OBSERVED: (_("observé"), "plain"),
    Fidelity.ASSUMED: (_("supposé"), "warm"),
    Fidelity.OWN: (_("propre à Socle"), "plain"),
}


@dataclass(frozen=True, slots=True)
class Column:
    """`numeric` columns are set flush right in tabular figures."""

    heading: str
    numeric: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells under a caption; the first cell of a row names it. A cell is text, or HTML made by
    `format_html`."""

    caption: str
    columns: tuple[Column, ...]
    rows: list[tuple[Any, ...]] = field(default_factory=list)

    @property
    def lines(self) -> list[list[tuple[Column, Any]]]:
        return [list(zip(self.columns, row, strict=True)) for row in self.rows]


@register.simple_tag
def asset(name: str) -> str:
    """The address of a static file, with its content in its name."""
    return assets().url(name)


@register.filter
def figure(value: object) -> str:
    """A number as people of this language write it; what is no number passes unchanged."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    return str(number_format(value, use_l10n=True, force_grouping=True))


def _toned(tone: str) -> str:
    if tone not in _TONES:
        raise template.TemplateSyntaxError(f"tone {tone!r}: expected one of {', '.join(_TONES)}")
    return tone


@register.simple_tag
def tag(text: str, tone: str = "plain") -> SafeString:
    """A word on a soft colour; the word carries the meaning."""
    return format_html('<span class="tag tag-{}">{}</span>', _toned(tone), text)


@register.simple_tag
def fidelity(value: str) -> SafeString:
    """How far an endpoint is known to match the national one, as a tag."""
    words, tone = _FIDELITIES[Fidelity(value)]
    return tag(str(words), tone)


@register.simple_block_tag
def note(content: str, tone: str = "good") -> SafeString:
    """A remark with a coloured edge. `bad` is announced at once by screen readers."""
    role = ' role="alert"' if tone == "bad" else ""
    return format_html('<div class="note note-{}"{}>{}</div>', _toned(tone), SafeString(role), content)


@register.filter
def acronyms(text: str) -> SafeString:
    """Text in which each acronym of the glossary is explained where it first occurs."""
    return explained(text, get_language() or "fr")


@register.filter
def breakable(text: str) -> SafeString:
    """Text that may be cut after the separators of an address, where the eye expects it; what is copied is the same."""
    return SafeString("<wbr>".join(escape(piece) for piece in _SEPARATORS.split(text)))


@register.simple_block_tag
def empty(content: str, title: str) -> SafeString:
    """An empty state: what will be here, and how to begin."""
    return format_html('<div class="empty"><p class="empty-title">{}</p>{}</div>', title, content)


@register.inclusion_tag("socle/components/breadcrumb.html")
def breadcrumb(*steps: str, here: str) -> dict[str, Any]:
    """Where this page is: pairs of address and label, then the page itself."""
    return {"steps": list(zip(steps[::2], steps[1::2], strict=True)), "here": here}


@register.inclusion_tag("socle/components/code.html")
def code(text: str, label: str) -> dict[str, str]:
    """Text to copy. Selectable as it is; a button joins it where scripts run. `label` says what it is."""
    return {"text": text, "label": label}


@register.inclusion_tag("socle/components/table.html")
def data_table(table: Table) -> dict[str, Table]:
    return {"table": table}


@register.simple_tag
def bar_chart(chart: BarChart) -> str:
    """The drawing, then the same figures as a table that opens on demand."""
    rows = [(measure.label, measure.shown) for measure in chart.measures]
    columns = (Column(chart.label_heading), Column(chart.value_heading, numeric=True))
    return render_to_string(
        "socle/components/bar_chart.html", {"chart": chart, "table": Table(chart.title, columns, rows)}
    )


@register.inclusion_tag("socle/components/progress.html")
def progress(
    label: str, done: int, total: int, detail: str = "", identifier: str = "progress"
) -> dict[str, Any]:
    """How far a long work is. `detail` says what it is doing and whether one may leave the page."""
    return {"label": label, "done": done, "total": total, "detail": detail, "identifier": identifier}


@register.inclusion_tag("socle/components/pagination.html")
def pagination(previous: str = "", following: str = "", position: str = "") -> dict[str, str]:
    """Previous and next pages of a list; without an address, that direction is not shown."""
    return {"previous": previous, "following": following, "position": position}
