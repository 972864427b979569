"""The HL7 v2 form: escapes, repetitions, statuses that version 2 does not have."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socle.standards.ins import pid
from socle.standards.ins.authorities import NIR, NUMBERS, TEST
from socle.standards.ins.faults import Fault, Refused
from socle.standards.ins.identity import Carried
from socle.standards.ins.matricule import ins
from socle.standards.ins.statuses import Status
from socle.standards.ins.traits import Sex
from socle.standards.ins.transitions import Check, Recovery
from tests.standards.ins.carried import DAY, dominique, identities
from tests.standards.ins.people import DOMINIQUE, attempted

NUMBER = ins("2790351215189", NIR)
OTHERS = [pid.STANDARD, pid.Encoding("#", "*", "!", "$")]
# Another sender: an address before the place of birth, the account of a stay, an identity indicator.
OTHER_SENDER = (
    "PID|||279035121518989^^^ASIP-SANTE-INS-NIR&1.2.250.1.213.1.4.10&ISO^INS^^20260101||PAT-TROIS^DOMINIQUE^DOMINIQUE"
    "^^^^L||19790328|F|||1 place de l\\X27\\Exemple^^LIMOGES^^87000^FRA^H~^^^^^^BDL^^51215|||||||77^^^CHU^AN"
    "|||||||||||||N|VALI"
)


def as_version_2_tells(identity: Carried) -> Carried:
    """Version 2 has neither RECUP, nor the evidence; old local numbers travel in MRG."""
    recovered = identity.status is Status.RECOVERED
    return replace(
        identity,
        status=Status.PROVISIONAL if recovered else identity.status,
        local_ids=tuple(one for one in identity.local_ids if not one.is_old),
        channel=None,
        document="",
        checked_on=None,
        is_date_uncertain=False,
    )


@given(identities(), st.sampled_from(OTHERS))
def test_what_is_written_is_read_back_as_far_as_version_2_tells(
    identity: Carried, encoding: pid.Encoding
) -> None:
    segment, zfd = pid.write(identity, encoding), pid.write_zfd(identity, encoding)
    assert "\r" not in segment
    read = pid.read(segment, zfd or "", encoding, accepted=NUMBERS)
    assert read == (as_version_2_tells(identity), ())


@given(st.text(max_size=20), st.sampled_from(OTHERS))
def test_an_escaped_text_has_no_separator_and_comes_back(text: str, encoding: pid.Encoding) -> None:
    escaped = pid.escape(text, encoding)
    assert not {*encoding, "\r", "\n"} & set(escaped)
    assert pid.unescape(escaped, encoding) == text


def test_escapes_that_others_write() -> None:
    assert pid.unescape("a\\.br\\b\\X41E9\\c\\H\\d\\") == "a\nbAéc\\H\\d\\"


def test_a_segment_in_full() -> None:
    written = pid.write(dominique(Recovery(NUMBER, DAY), Check("CN", DAY)))
    assert written == (
        "PID|1||1234567890121^^^CHU&1.2.3.4.567.8.9.10&ISO^PI~279035121518989^^^ASIP-SANTE-INS-NIR&1.2.250.1.213.1.4.8"
        "&ISO^INS||PAT-TROIS^DOMINIQUE^DOMINIQUE MARIE-LOUISE^^^^L||19790328|F|||^^^^^^BDL^^51215"
        "|||||||||||||||||||||VALI"
    )
    assert pid.write_zfd(dominique(Recovery(NUMBER, DAY))) == "ZFD||||||20261122"


def test_a_segment_of_another_sender() -> None:
    identity, warnings = pid.read(OTHER_SENDER, accepted=NUMBERS)
    assert (identity.status, identity.ins, warnings) == (Status.QUALIFIED, ins("2790351215189", TEST), ())
    assert identity.traits == replace(DOMINIQUE, given_names="DOMINIQUE")
    with pytest.raises(Refused) as refused:
        pid.read(OTHER_SENDER)
    assert refused.value.code == "ins-authority-fictive"


@pytest.mark.parametrize(
    ("codes", "number", "status", "warned"),
    [
        ("VALI", False, "VALI", []),
        ("VALI", True, "QUAL", []),
        ("QUAL", True, "QUAL", []),
        ("PROV~FICT", False, "PROV", []),
        ("PROV", True, "PROV", ["ins-number-dropped"]),
        ("", True, "QUAL", []),
        ("", False, None, []),
    ],
)
def test_the_status_follows_from_the_code_and_the_number(
    codes: str, number: bool, status: str | None, warned: list[str]
) -> None:
    identifier = f"{NUMBER.number}^^^X&{NUMBER.oid}&ISO^INS" if number else "1^^^X^PI"
    segment = f"PID|||{identifier}||A^B^B^^^^L||19790328|F{'|' * 24}{codes}"
    identity, warnings = pid.read(segment)
    assert identity.status == (status and Status(status))
    assert [found.code for found in warnings] == warned


def test_incomplete_dates_null_values_and_names_in_use() -> None:
    identity = pid.read('PID|||1^^^X^PI||""^USED^^^^^D~A^B^B C^^^^L||195007|U|||""').identity
    assert (identity.traits.birth_name, identity.traits.used_name, identity.traits.used_given_name) == (
        "A",
        "",
        "USED",
    )
    assert (identity.traits.birth_date, identity.traits.lunar) == (date(1950, 7, 1), "1950-07")
    assert identity.traits.sex is Sex.INDETERMINATE
    assert pid.read("PID|||||A^^B C^^^^L||19500712103000.1+0100|M").identity.traits.first_given_name == "B"


@pytest.mark.parametrize(
    ("segment", "zfd", "code"),
    [
        ("MSH|^~\\&", "", "ins-carried-shape"),
        ("PID|||1", "", "ins-carried-missing"),
        ("PID|||||A^B||1979-03-28|F", "", "ins-carried-shape"),
        ("PID|||||A^B||19791328|F", "", "ins-birth-date"),
        ("PID|||||A^B||19790328|F", "ZFD||||||tomorrow", "ins-carried-shape"),
        ("PID|||||A^B||19790328|F", "ZBE|1", "ins-carried-shape"),
        ("PID|||||A^B||19790328|F\rPV1|1", "", "ins-carried-shape"),
    ],
)
def test_what_is_refused(segment: str, zfd: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        pid.read(segment, zfd)
    assert refused.value.code == code


@given(st.text(st.sampled_from("|^~&\\\rXAB01279"), max_size=60), st.integers(0, len(OTHER_SENDER)))
def test_no_segment_makes_the_reader_fail_otherwise_than_by_a_refusal(text: str, cut: int) -> None:
    for segment in (text, f"PID|{text}", OTHER_SENDER[:cut] + text):
        read = attempted(pid.read, segment, accepted=NUMBERS)
        assert isinstance(read, Fault) or read.identity.traits.birth_name
