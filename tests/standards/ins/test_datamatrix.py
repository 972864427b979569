"""The datamatrix: written and read back, as a string and as a picture that a scanner reads."""

from dataclasses import replace
from datetime import date

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st

from socle.standards.ins.authorities import NIR, NUMBERS, TEST
from socle.standards.ins.datamatrix import GS, HEADER, MENTION, Label, decode, encode, label_of
from socle.standards.ins.faults import Fault, Refused
from socle.standards.ins.identity import Carried
from socle.standards.ins.matricule import Ins, ins
from socle.standards.ins.picture import modules, svg
from socle.standards.ins.statuses import Status
from socle.standards.ins.traits import Sex, Traits
from tests.standards.ins.people import DOMINIQUE, attempted, numbers, traits

SARAH = Label(Ins("277010115400329", NIR), "SARAH-LOU ANNA", "GARCIA-HAMMADI", Sex.FEMALE, date(1977, 1, 21))
TEXT = encode(SARAH)


@st.composite
def labels(draw: st.DrawFn) -> Label:
    return label_of(Carried(draw(traits()), Status.QUALIFIED, draw(numbers())))


def test_a_label_without_a_place() -> None:
    assert TEXT == (
        "IS010000000000000000000000S1277010115400329S21.2.250.1.213.1.4.8\x1d"
        "S3SARAH-LOU ANNA\x1dS4GARCIA-HAMMADI\x1dS5FS621-01-1977"
    )
    assert SARAH.traits == Traits(
        "GARCIA-HAMMADI", "SARAH-LOU", date(1977, 1, 21), Sex.FEMALE, "99999", "SARAH-LOU ANNA"
    )


@given(labels())
def test_what_is_written_is_read_back_without_a_warning(label: Label) -> None:
    assert decode(encode(label), accepted=NUMBERS) == (label, ())


@given(st.text(max_size=60), st.booleans())
def test_no_scan_makes_the_reader_fail_otherwise_than_by_a_refusal(text: str, headed: bool) -> None:
    read = attempted(decode, HEADER + text if headed else text)
    assert isinstance(read, Fault)
    assert read.sentence("fr") != read.sentence("en")


@given(st.integers(0, len(TEXT) - 1), st.sampled_from([GS, "S", "1", "Z", "é", ""]))
def test_a_damaged_scan_is_refused_or_still_reads_as_a_label(rank: int, instead: str) -> None:
    read = attempted(decode, TEXT[:rank] + instead + TEXT[rank + 1 :])
    if not isinstance(read, Fault):
        assert encode(read.label) in (TEXT, TEXT[:rank] + instead + TEXT[rank + 1 :])


def test_a_full_block_has_no_separator_and_the_last_neither() -> None:
    full = replace(SARAH, birth_name="A" * 100, ins=ins("2770101154003", TEST), birth_place="01154")
    text = encode(full)
    assert text.count(GS) == 1
    assert text.endswith("S6" + "21-01-1977" + "S701154")
    assert decode(text, accepted=NUMBERS).label == full


def test_a_separator_too_many_is_a_warning_and_blocks_may_come_in_another_order() -> None:
    start = HEADER + "S5F" + GS + "S621-01-1977" + "S1277010115400329" + "S4GARCIA-HAMMADI" + GS
    label, warnings = decode(f"]d1{start}S3SARAH-LOU ANNA{GS}S21.2.250.1.213.1.4.8{GS}")
    assert label == SARAH
    assert [(found.code, found.data["received"]) for found in warnings] == [
        ("ins-datamatrix-separator", '"S5"'),
        ("ins-datamatrix-separator", '"S2"'),
    ]


@pytest.mark.parametrize(
    ("scanned", "code"),
    [
        ("3SEANN1234", "ins-datamatrix-header"),
        (TEXT.replace("IS01", "IS02"), "ins-datamatrix-header"),
        (HEADER, "ins-datamatrix-missing"),
        (TEXT.replace("S5F", ""), "ins-datamatrix-missing"),
        (TEXT + "S8X", "ins-datamatrix-block"),
        (TEXT + "S5F", "ins-datamatrix-block"),
        (TEXT + "S7011", "ins-datamatrix-length"),
        (TEXT.replace("S3SARAH-LOU ANNA\x1d", "S3SARAH-LOU ANNA"), "ins-datamatrix-missing"),
        (TEXT.replace("S3SARAH-LOU ANNA", "S3"), "ins-datamatrix-length"),
        (TEXT.replace("ANNA", "ANNé"), "ins-name-character"),
        (TEXT.replace("S5F", "S5I"), "ins-sex"),
        (TEXT.replace("21-01-1977", "31-02-1977"), "ins-datamatrix-date"),
        (TEXT.replace("21-01-1977", "1977-01-21"), "ins-datamatrix-date"),
        (TEXT + "S7PARIS", "ins-birth-place"),
        (TEXT.replace("15400329", "15400330"), "ins-matricule-key"),
        (TEXT.replace("1.4.8", "1.4.7"), "ins-authority-unknown"),
        (encode(replace(SARAH, ins=ins("2770101154003", TEST))), "ins-authority-fictive"),
    ],
)
def test_what_is_refused(scanned: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        decode(scanned)
    assert refused.value.code == code


def test_only_a_qualified_identity_is_printed() -> None:
    with pytest.raises(Refused) as refused:
        label_of(Carried(DOMINIQUE, Status.VALIDATED))
    assert refused.value.code == "ins-not-qualified"
    with pytest.raises(Refused) as refused:
        label_of(Carried(replace(DOMINIQUE, birth_name="A" * 101), Status.QUALIFIED, SARAH.ins))
    assert refused.value.code == "ins-name-long"


def test_a_field_that_has_not_the_form_of_its_block_is_not_printed() -> None:
    for wrong in ({"sex": Sex.INDETERMINATE}, {"birth_place": "1234"}, {"given_names": "anna"}):
        with pytest.raises(Refused):
            encode(replace(SARAH, **wrong))


@given(labels())
@settings(max_examples=15)
def test_a_scanner_reads_the_picture(label: Label) -> None:
    text = encode(label)
    rows = [[False] * len(modules(text))] * 4 + list(modules(text)) + [[False] * len(modules(text))] * 4
    quiet = [False] * 4
    read = zxingcpp.read_barcodes(Picture([[*quiet, *row, *quiet] for row in rows]))
    assert [(found.format, found.bytes.decode()) for found in read] == [
        (zxingcpp.BarcodeFormat.DataMatrix, text)
    ]


class Picture:
    """Modules drawn as a grey picture, in the form that the reader takes."""

    def __init__(self, rows: list[list[bool]], scale: int = 4) -> None:
        lines = [bytes(0 if dark else 255 for dark in row for _ in range(scale)) for row in rows]
        self.data = bytearray(b"".join(line for line in lines for _ in range(scale)))
        self.__array_interface__ = {
            "shape": (len(rows) * scale, len(rows[0]) * scale),
            "typestr": "|u1",
            "data": self.data,
            "version": 3,
        }


def test_the_svg_draws_the_modules_inside_a_quiet_zone() -> None:
    drawn = svg(TEXT, "<INS>")
    side = len(modules(TEXT))
    assert f'viewBox="0 0 {side + 2} {side + 2}"' in drawn
    assert "<title>&lt;INS&gt;</title>" in drawn
    assert MENTION in svg(TEXT)
    # The left edge of the symbol is one solid bar: each row starts dark, one unit from the border.
    assert all(f"M1 {row}h" in drawn for row in range(1, side + 1))
    assert "M0 " not in drawn.split('fill="#000"')[1]
