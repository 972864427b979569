"""The catalogues of the pages, as texts."""

from functools import cache

from babel.messages.catalog import Catalog

from tools import messages


@cache
def translations() -> tuple[frozenset[str], frozenset[str]]:
    """The French texts and their English ones, without those that hold a variable or markup."""
    pairs = [pair for package in messages.packages() for pair in _pairs(messages.read(package))]
    plain = [(fr, en) for fr, en in pairs if not {"%(", "<"} & {part for part in ("%(", "<") if part in fr}]
    return frozenset(fr for fr, _ in plain), frozenset(en for _, en in plain)


def _pairs(catalog: Catalog) -> list[tuple[str, str]]:
    return [
        (str(message.id), str(message.string))
        for message in catalog
        if message.id and isinstance(message.id, str)
    ]
