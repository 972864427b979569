"""XML as a stranger sends it: a tree, without entities, without network, of bounded size and depth.

XML 1.0 and Namespaces 1.0. A document type declaration is refused whole, which leaves no entity to expand and nothing
to fetch; what remains is what the exchanged formats (CDA, SOAP, SVS) use.
"""

from __future__ import annotations

from typing import Final
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

LARGEST_BYTES: Final = 20_000_000
DEEPEST: Final = 200


class XmlFault(ValueError):
    """Why a text is not taken. `line` and `column` count from 1; 0 when the whole text is at fault."""

    def __init__(self, why: str, line: int = 0, column: int = 0) -> None:
        super().__init__(f"line {line}, column {column}: {why}" if line else why)
        self.why, self.line, self.column = why, line, column


def parse(data: bytes, *, largest: int = LARGEST_BYTES, deepest: int = DEEPEST) -> Element:
    """The root element; names are `{namespace}local`, comments and processing instructions are left out.

    Raises XmlFault.
    """
    if len(data) > largest:
        raise XmlFault(f"{len(data)} bytes; {largest} are accepted")
    builder = _Builder(deepest)
    try:
        builder.parser.Parse(data, True)
        return builder.tree.close()
    except expat.ExpatError as error:
        raise XmlFault(expat.ErrorString(error.code), error.lineno, error.offset + 1) from None
    except (LookupError, ValueError) as error:
        # An encoding that Python does not know, or whose bytes lie: the parser leaves it to a codec.
        if isinstance(error, XmlFault):
            raise
        raise XmlFault(str(error)) from None


class _Builder:
    def __init__(self, deepest: int) -> None:
        self.tree = TreeBuilder()
        self.parser = expat.ParserCreate(namespace_separator="}")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self.tree.data
        self.parser.StartDoctypeDeclHandler = self._refuse_doctype
        self._left = deepest

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if not self._left:
            raise self._fault("elements nested too deep")
        self._left -= 1
        self.tree.start(_clark(name), {_clark(key): value for key, value in attributes.items()})

    def _end(self, name: str) -> None:
        self._left += 1
        self.tree.end(_clark(name))

    def _refuse_doctype(self, *_declared: object) -> None:
        raise self._fault("a document type declaration (DOCTYPE) is not accepted: remove it")

    def _fault(self, why: str) -> XmlFault:
        return XmlFault(why, self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1)


def _clark(name: str) -> str:
    return f"{{{name}" if "}" in name else name
