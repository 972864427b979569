"""The few scripts of the pages."""

import re

from tests.support import tree

# What makes markup, or code, of a text.
_RENDERS = re.compile(
    r"\b(innerHTML|outerHTML|insertAdjacentHTML|createContextualFragment|setHTMLUnsafe|eval|Function)\b"
    r"|document\.write|javascript:|set(Timeout|Interval)\(\s*[\"'`]"
)


def test_no_script_makes_markup_or_code_of_a_text() -> None:
    """OWASP ASVS 5.0, 3.2.2."""
    scripts = sorted((tree.ROOT / "src").rglob("*.js"))
    assert scripts
    found = {file.name: _RENDERS.findall(file.read_text("utf-8")) for file in scripts}
    assert {name: what for name, what in found.items() if what} == {}


def test_what_is_looked_for_is_found() -> None:
    for text in ("a.innerHTML = b", "document.write(b)", "setTimeout('b()', 1)", "eval(b)"):
        assert _RENDERS.search(text)
    assert not _RENDERS.search("a.textContent = b; setTimeout(b, 1)")
