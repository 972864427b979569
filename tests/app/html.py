"""What a page says of itself, read with the parser of the standard library."""

import re
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser

VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
# Written without an end tag in SVG, as XML allows.
SVG = frozenset(["path", "rect", "circle", "line", "polygon"])


@dataclass
class Page(HTMLParser):
    """Elements, identifiers, links and text; `faults` names what is not well formed."""

    source: str
    faults: list[str] = field(default_factory=list)
    identifiers: list[str] = field(default_factory=list)
    references: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    assets: list[str] = field(default_factory=list)
    headings: list[int] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    attributes: set[str] = field(default_factory=set)
    tags: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._open: list[str] = []
        self.feed(self.source)
        self.close()
        self.faults += [f"<{tag}> is never closed" for tag in self._open]

    @property
    def twice(self) -> list[str]:
        """Identifiers that stand more than once."""
        return sorted({one for one in self.identifiers if self.identifiers.count(one) > 1})

    @property
    def has_an_outline(self) -> bool:
        """Whether headings go down one step at a time from a single title, which comes first."""
        steps = zip(self.headings, self.headings[1:], strict=False)
        single = self.headings[:1] == [1] and self.headings.count(1) == 1
        return single and all(after <= before + 1 for before, after in steps)

    @property
    def inline(self) -> list[str]:
        """Styles and scripts written into the page, which the content security policy would refuse."""
        found = [name for name in self.attributes if name == "style" or name.startswith("on")]
        return sorted(found) + [tag for tag in self.tags if tag == "style"]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._see(tag, attrs)
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._see(tag, attrs)
        if tag not in VOID | SVG:
            self.faults.append(f"<{tag}/> is not a void element")

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            self.faults.append(f"</{tag}> closes something else at {self.getpos()}")

    def handle_data(self, data: str) -> None:
        if data.strip() and "code" not in self._open:
            self.texts.append(" ".join(data.split()))

    def _see(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if len(given) != len(attrs):
            self.faults.append(f"<{tag}> repeats an attribute")
        self.tags.append(tag)
        self.attributes |= given.keys()
        if tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
            self.headings.append(int(tag[1]))
        if identifier := given.get("id"):
            self.identifiers.append(identifier)
        for name in ("aria-labelledby", "aria-describedby", "for"):
            self.references += (given.get(name) or "").split()
        if tag == "a" and given.get("href"):
            self.links.append(str(given["href"]))
        if tag in ("link", "script", "img"):
            self.assets.append(str(given.get("href") or given.get("src")))


def typed(html: str) -> tuple[str, dict[str, str]]:
    """The address and the headers of the first `curl` that a page shows."""
    shown = unescape(html.replace("<wbr>", ""))
    found = re.search(r"""curl -H "([\w-]+): ([^"]+)" '([^']+)'""", shown)
    assert found, "no command on this page"
    return found[3], {found[1]: found[2]}
