"""XML that strangers send: read like the standard library reads it, but for what could hurt."""

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socle.standards.xml import XmlFault, parse

BOMB = b"""<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;">]><a>&c;</a>"""
EXTERNAL = b"""<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>"""


def test_names_text_and_attributes() -> None:
    root = parse(
        b'<?xml version="1.0"?><!-- c --><a xmlns="urn:x" xmlns:y="urn:y" y:k="1" l="2">t<b>u&amp;v</b>w</a>'
    )
    assert (root.tag, root.attrib, root.text) == ("{urn:x}a", {"{urn:y}k": "1", "l": "2"}, "t")
    assert [(child.tag, child.text, child.tail) for child in root] == [("{urn:x}b", "u&v", "w")]


@pytest.mark.parametrize("document", [BOMB, EXTERNAL, b"<!DOCTYPE a><a/>"])
def test_a_doctype_is_refused_with_its_place(document: bytes) -> None:
    with pytest.raises(XmlFault, match="DOCTYPE") as refused:
        parse(document)
    assert refused.value.line == 1


def test_size_and_depth_are_bounded() -> None:
    with pytest.raises(XmlFault, match="11 bytes; 10 are accepted"):
        parse(b"<a>1234</a>", largest=10)
    nested = b"<a>" * 5 + b"</a>" * 5
    assert parse(nested, deepest=5).tag == "a"
    with pytest.raises(XmlFault, match="too deep"):
        parse(nested, deepest=4)


@pytest.mark.parametrize(
    "document", [b"", b"<a>", b"<a></b>", b"<y:a/>", b'<a b="1" b="2"/>', b"\xff\xfe", b"<a>\xe9</a>"]
)
def test_what_is_not_xml_is_refused_with_its_place(document: bytes) -> None:
    with pytest.raises(XmlFault) as refused:
        parse(document)
    assert refused.value.line >= 1


def test_an_unknown_encoding_is_refused() -> None:
    with pytest.raises(XmlFault):
        parse(b'<?xml version="1.0" encoding="x-none"?><a/>')


names = st.sampled_from(["a", "{urn:x}b", "{urn:y}c"])
texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=8)


@st.composite
def elements(draw: st.DrawFn, depth: int = 2) -> ElementTree.Element:
    element = ElementTree.Element(draw(names), draw(st.dictionaries(names, texts, max_size=2)))
    element.text = draw(texts)
    for _ in range(draw(st.integers(0, depth))):
        child = draw(elements(depth - 1))
        child.tail = draw(texts)
        element.append(child)
    return element


@given(elements(), st.sampled_from(["utf-8", "utf-16"]))
def test_what_is_written_is_read_back(element: ElementTree.Element, encoding: str) -> None:
    assert flat(parse(ElementTree.tostring(element, encoding))) == flat(element)


@given(st.binary(max_size=60))
def test_no_bytes_make_the_reader_fail_otherwise_than_by_a_refusal(document: bytes) -> None:
    with pytest.raises(XmlFault):
        parse(b"<" + document + b"\x00")


def flat(element: ElementTree.Element) -> object:
    return element.tag, element.attrib, element.text or "", [(flat(e), e.tail or "") for e in element]
