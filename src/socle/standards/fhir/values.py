"""Search values as written in a query (R4 §3.1.1.4): escapes, alternatives, tokens."""

import re

_SPLIT = {",": re.compile(r"(?<!\\)((?:\\\\)*),"), "|": re.compile(r"(?<!\\)((?:\\\\)*)\|")}
_ESCAPE = re.compile(r"\\([\\,|$])")


def unescape(text: str) -> str:
    return _ESCAPE.sub(r"\1", text)


def alternatives(text: str) -> list[str]:
    """Split on commas that are not escaped; each part keeps its own escapes."""
    return _split(text, ",") if "," in text else [text]


def token_parts(text: str) -> tuple[str | None, str]:
    """(system, code) of `code`, `system|code`, `|code`, `system|`: system is None when there is no bar."""
    parts = _split(text, "|") if "|" in text else [text]
    if len(parts) == 1:
        return None, unescape(text)
    return unescape(parts[0]), unescape("|".join(parts[1:]))


def _split(text: str, mark: str) -> list[str]:
    pieces = _SPLIT[mark].split(text)
    return [
        pieces[position] + (pieces[position + 1] if position + 1 < len(pieces) else "")
        for position in range(0, len(pieces), 2)
    ]
