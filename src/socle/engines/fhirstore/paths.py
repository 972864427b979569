"""Element paths compiled to functions: the part of FHIRPath (2.0.0) that search parameters use.

`A.b.c | A.d.extension('u').value`: each alternative starts with the type's name, which is dropped. Arrays are entered;
`value` takes whichever `value[x]` is there; `where(resolve() is T)` decides nothing here, because the type of a
reference is read from its literal by the caller; `as(T)` and `ofType(T)` select the choice element of that type.

A compiled path is the name of a top-level element and a function from one such element to the values selected in it:
elements that many resources share are then looked into once.
"""

import re
from collections.abc import Callable
from functools import reduce
from typing import Any, NamedTuple

Step = Callable[[list[Any]], list[Any]]
Selector = Callable[[Any], list[Any]]

_STEP = re.compile(
    r"""\s*\.?\s*(?:
        extension\('(?P<extension>[^']+)'\)
      | where\(resolve\(\)\s+is\s+\w+\)(?P<resolve>)
      | (?:as|ofType)\((?P<cast>\w+)\)
      | (?P<name>[A-Za-z_]\w*)
    )""",
    re.VERBOSE,
)


class PathError(ValueError):
    """The expression uses more of FHIRPath than search parameters need here."""


class Path(NamedTuple):
    """`select` gives the values that one item of the top-level `element` holds."""

    element: str
    select: Selector


def compile_path(expression: str) -> tuple[Path, ...]:
    """One path an alternative of the union."""
    return tuple(_alternative(part.strip()) for part in _split_union(expression))


def _split_union(expression: str) -> list[str]:
    """Split on `|` outside quotes (extension URLs may hold one)."""
    return re.split(r"\|(?=(?:[^']*'[^']*')*[^']*$)", expression)


def _alternative(text: str) -> Path:
    """The first name is the type's, the second the top-level element's."""
    names: list[str] = []
    steps: list[Step] = []
    position = 0
    while position < len(text):
        match = _STEP.match(text, position)
        if match is None or match.end() == position:
            raise PathError(f"cannot compile {text!r} at character {position}")
        position = match.end()
        if len(names) < 2:
            _open(names, steps, match)
        elif match["cast"] and not steps:
            names[1] += match["cast"][0].upper() + match["cast"][1:]
        else:
            _append(steps, match)
    if len(names) < 2:
        raise PathError(f"{text!r} names no element")
    return Path(names[1], _selector(steps))


def _open(names: list[str], steps: list[Step], match: "re.Match[str]") -> None:
    if match["name"]:
        names.append(match["name"])
    elif match["extension"] and len(names) == 1:
        names.append("extension")
        steps.append(_with_url(match["extension"]))
    else:
        raise PathError(f"{match.group()!r} cannot begin a path")


def _append(steps: list[Step], match: "re.Match[str]") -> None:
    if (url := match["extension"]) is not None:
        steps.append(_extension(url))
    elif (cast := match["cast"]) is not None:
        steps[-1] = _child(getattr(steps[-1], "element", "value") + cast[0].upper() + cast[1:])
    elif (name := match["name"]) is not None:
        steps.append(_SPECIAL.get(name) or _child(name))


def _selector(steps: list[Step]) -> Selector:
    if not steps:
        return _itself
    if len(steps) == 1:
        only = steps[0]
        return _child_of(only.element) if hasattr(only, "element") else lambda item: only([item])
    return lambda item: reduce(lambda values, step: step(values) if values else values, steps, [item])


def _itself(item: Any) -> list[Any]:
    return [item]


def _child_of(name: str) -> Selector:
    """What most parameters select: the child of one item, without the lists that longer paths go through."""

    def select(item: Any) -> list[Any]:
        child = item.get(name) if isinstance(item, dict) else None
        if child is None:
            return []
        return child if isinstance(child, list) else [child]

    return select


def _child(name: str) -> Step:
    def step(values: list[Any]) -> list[Any]:
        found: list[Any] = []
        for value in values:
            child = value.get(name) if isinstance(value, dict) else None
            if isinstance(child, list):
                found.extend(child)
            elif child is not None:
                found.append(child)
        return found

    step.element = name  # type: ignore[attr-defined]
    return step


def _extension(url: str) -> Step:
    return lambda values: [
        extension
        for value in values
        if isinstance(value, dict)
        for extension in value.get("extension", ())
        if extension.get("url") == url
    ]


def _with_url(url: str) -> Step:
    return lambda values: [value for value in values if isinstance(value, dict) and value.get("url") == url]


def _choice(values: list[Any]) -> list[Any]:
    """`value`: in an extension the one `value[x]`, in any other element its `value`."""
    found: list[Any] = []
    for value in values:
        if not isinstance(value, dict):
            continue
        for key, child in value.items():
            if key == "value" or (key.startswith("value") and "url" in value):
                found.append(child)
    return found


def address_lines(address: dict[str, Any]) -> list[str]:
    """The lines of an Address; a line told only by its ISO 21090 parts is put together from them."""
    lines: list[str | None] = list(address.get("line", ()))
    for position, sibling in enumerate(address.get("_line", ())):
        if sibling and (position >= len(lines) or not lines[position]):
            parts = [
                str(part["valueString"]) for part in sibling.get("extension", ()) if "valueString" in part
            ]
            lines.append(" ".join(parts))
    return [line for line in lines if line]


def _lines(values: list[Any]) -> list[Any]:
    return [line for value in values if isinstance(value, dict) for line in address_lines(value)]


_SPECIAL: dict[str, Step] = {"value": _choice, "line": _lines}
