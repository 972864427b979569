"""The error catalogue names every module that declares errors."""

import re
from pathlib import Path

import socle
from socle.app.faults import DECLARED_IN, catalogue

SOURCES = Path(socle.__file__).parent


def test_every_module_that_declares_errors_is_in_the_catalogue() -> None:
    declaring = {
        ".".join(("socle", *path.relative_to(SOURCES).with_suffix("").parts))
        for path in SOURCES.rglob("*.py")
        # The standards, below the kernel, have kinds of their own, which whoever serves them puts into the catalogue.
        if "standards" not in path.parts and re.search(r"^[A-Z_]+ = kind\($", path.read_text(), re.MULTILINE)
    }
    assert declaring == {*DECLARED_IN, "socle.app.faults"}


def test_every_error_says_both_languages_and_its_rule() -> None:
    assert [code for code, kind in catalogue().items() if not (kind.fr and kind.en and kind.rule)] == []
