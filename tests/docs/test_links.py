"""Nothing in the documentation leads nowhere, and no page is out of reach."""

import re
from pathlib import Path

import pytest

from tests.support import tree

LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ +(.+?)\s*$", re.MULTILINE)
FENCED = re.compile(r"```.*?```", re.DOTALL)
PAGES = [pytest.param(path, id=tree.name_of(path)) for path in tree.documents()]


def links(page: Path) -> list[tuple[Path, str]]:
    """The local targets of a page: file and anchor."""
    text = FENCED.sub("", page.read_text(encoding="utf-8"))
    local = [link.partition("#") for link in LINK.findall(text) if "://" not in link]
    return [((page.parent / path).resolve() if path else page, anchor) for path, _, anchor in local]


def anchors(page: Path) -> set[str]:
    """How the usual renderers of Markdown name the headings."""
    headings = HEADING.findall(FENCED.sub("", page.read_text(encoding="utf-8")))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_somewhere(page: Path) -> None:
    broken = [
        f"{target.name}#{anchor}"
        for target, anchor in links(page)
        if not target.exists() or (anchor and anchor not in anchors(target))
    ]
    assert not broken


def test_every_page_is_reached_from_the_readme() -> None:
    reached: set[Path] = set()
    waiting = [tree.ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        reached.add(page)
        waiting += [target for target, _ in links(page) if target.suffix == ".md" and target not in reached]
    unreached = [tree.name_of(path) for path in set(tree.documents()) - reached if path.name != "template.md"]
    assert not unreached


def test_decisions_are_numbered_without_a_gap() -> None:
    numbers = sorted(int(path.name[:4]) for path in (tree.ROOT / "docs" / "adr").glob("[0-9]*.md"))
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize("part", ["Context", "Decision", "Consequences", "Alternatives"])
def test_each_decision_has_the_parts_of_the_template(part: str) -> None:
    lacking = [
        path.name
        for path in (tree.ROOT / "docs" / "adr").glob("*.md")
        if f"\n## {part}\n" not in path.read_text()
    ]
    assert not lacking
