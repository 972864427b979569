"""Acronyms explained at their first use, from one table (WCAG 2.2, 3.1.4)."""

import re
import tomllib
from functools import cache
from importlib.resources import files

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString


@cache
def entries() -> dict[str, dict[str, str]]:
    """Acronym, then its expansion by language."""
    return tomllib.loads((files("socle.kernel.web") / "glossary.toml").read_text("utf-8"))


@cache
def _pattern() -> re.Pattern[str]:
    longest_first = sorted(entries(), key=len, reverse=True)
    return re.compile(rf"(?<!\w)({'|'.join(map(re.escape, longest_first))})(?![\w+])")


def explained(text: str, lang: str) -> SafeString:
    """The text as HTML, each acronym of the table wrapped in `<abbr>` the first time it occurs."""
    seen: set[str] = set()
    pieces: list[tuple[SafeString | str]] = []
    # The pattern has one group: odd pieces are acronyms.
    for position, piece in enumerate(_pattern().split(text)):
        if position % 2 and piece not in seen:
            seen.add(piece)
            pieces.append((format_html('<abbr title="{}">{}</abbr>', entries()[piece][lang], piece),))
        else:
            pieces.append((piece,))
    return format_html_join("", "{}", pieces)
