"""The number: its shape, its key, its authority, and what is warned about rather than refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socle.standards.ins.authorities import COMPUTED, DEMO, FICTIVE, NIA, NIR, NUMBERS, TEST, authority_of
from socle.standards.ins.faults import Refused
from socle.standards.ins.matricule import Ins, KeyRule, ins, key_of, parse, tidied

digits = "0123456789"
departments = st.one_of(st.sampled_from(["2A", "2B"]), st.from_regex(r"[0-9]{2}", fullmatch=True))
bodies = st.builds(
    "{}{}{}{}{}".format,
    st.sampled_from("123478"),
    st.text(digits, min_size=2, max_size=2),
    st.sampled_from([f"{month:02d}" for month in (*range(1, 13), 20, 30, 42, 50, 99)]),
    departments,
    st.text(digits, min_size=6, max_size=6),
)

VERIFIED = [
    ("297022A020778", "78"),
    ("2360663220836", "56"),
    ("1090763220834", "89"),
    ("2090763220834", "39"),
    ("2090663220123", "55"),
    ("2790351215189", "89"),
]
# Published, and wrong.
SAMPLES = [("276037510669380", "26"), ("170017510112313", "88"), ("194052203228988", "80")]


@pytest.mark.parametrize(("body", "key"), VERIFIED)
def test_keys_that_were_published(body: str, key: str) -> None:
    assert key_of(body) == key
    assert parse(body + key, NIR.oid) == (Ins(body + key, NIR), ())


@given(bodies)
def test_a_body_followed_by_its_key_is_accepted_without_a_warning(body: str) -> None:
    made = ins(body, NIR)
    assert parse(made.number, NIR.uri) == (made, ())
    assert (made.body, made.key) == (body, key_of(body))
    assert 1 <= int(made.key) <= 97


@given(bodies)
def test_the_letters_of_corsica_count_as_0_less_a_million_or_two(body: str) -> None:
    # The same rule as the standard's other wording.
    less = {"A": 1_000_000, "B": 2_000_000}.get(body[6], 0)
    number = int(body.replace("A", "0").replace("B", "0")) - less
    assert int(key_of(body)) == 97 - number % 97


@given(bodies, st.integers(0, 12), st.data())
def test_one_wrong_digit_is_always_seen(body: str, rank: int, data: st.DataObject) -> None:
    key = key_of(body)
    if not body[rank].isdigit() or rank == 0 or (rank in (5, 6) and not body[6].isdigit()):
        return
    other = data.draw(st.sampled_from(digits).filter(lambda digit: digit != body[rank]))
    with pytest.raises(Refused) as refused:
        parse(body[:rank] + other + body[rank + 1 :] + key, NIR.oid)
    assert refused.value.code == "ins-matricule-key"


@given(st.text(max_size=20), st.text(max_size=24))
def test_no_text_makes_the_parser_fail_otherwise_than_by_a_refusal(number: str, oid: str) -> None:
    with pytest.raises(Refused) as refused:
        parse(number, oid)
    assert refused.value.sentence("fr") != refused.value.sentence("en")


@given(st.from_regex(r"[1-478][0-9]{4}(?:[0-9]{2}|2[AB])[0-9]{8}", fullmatch=True))
def test_with_a_warning_instead_of_a_refusal_every_well_formed_number_is_kept(number: str) -> None:
    kept, warnings = parse(number, NIR.oid, key_rule=KeyRule.WARN)
    assert kept.number == number
    assert ("ins-matricule-key" in {warning.code for warning in warnings}) is (
        key_of(number[:13]) != number[13:]
    )


@pytest.mark.parametrize(
    "number",
    [
        "",
        "29702202077878",
        "297022A0207787",
        "297022C02077878",
        "597022A02077878",
        "297022a02077878",
        "297022A020778٧8",
        "297022A02077878 ",
        "297022A0207787٨",
    ],
)
def test_a_number_of_another_shape_is_refused_with_an_example(number: str) -> None:
    with pytest.raises(Refused) as refused:
        parse(number, NIR.oid)
    assert refused.value.code == "ins-matricule-shape"
    assert "297022A02077878" in refused.value.sentence("fr")


def test_a_real_number_with_a_wrong_key_is_refused_with_the_key_it_should_have() -> None:
    with pytest.raises(Refused) as refused:
        parse("297022A02077879", NIR.oid)
    assert refused.value.code == "ins-matricule-key"
    assert "La clé 78 était attendue" in refused.value.sentence("fr")
    assert "The key 78 was expected" in refused.value.sentence("en")


@pytest.mark.parametrize(("sample", "expected"), SAMPLES)
def test_the_wrong_key_of_a_fictive_patient_is_a_warning(sample: str, expected: str) -> None:
    for authority in (TEST, DEMO):
        kept, warnings = parse(sample, authority.oid, accepted=FICTIVE)
        assert kept == Ins(sample, authority)
        assert [(warning.code, warning.data["expected"]) for warning in warnings] == [
            ("ins-matricule-key", expected)
        ]
        with pytest.raises(Refused):
            parse(sample, authority.oid, accepted=FICTIVE, key_rule=KeyRule.REFUSE)


def test_a_month_that_no_register_gives_is_a_warning() -> None:
    made = ins("1234567890122", TEST)
    assert [warning.code for warning in parse(made.number, TEST.oid, accepted=NUMBERS).warnings] == [
        "ins-matricule-month"
    ]


@given(bodies, st.sampled_from([TEST, DEMO]))
def test_a_fictive_number_never_passes_for_a_real_one(body: str, fictive: object) -> None:
    authority = TEST if fictive is TEST else DEMO
    made = ins(body, authority)
    assert made != ins(body, NIR)
    assert made.is_fictive
    with pytest.raises(Refused) as refused:
        parse(made.number, authority.oid)
    assert refused.value.code == "ins-authority-fictive"


def test_the_computed_ins_identifies_nobody() -> None:
    with pytest.raises(Refused) as refused:
        parse("0093876492823371705143", COMPUTED.oid, accepted=NUMBERS)
    assert refused.value.code == "ins-authority-obsolete"


def test_an_unknown_authority_is_told_with_those_that_exist() -> None:
    with pytest.raises(Refused) as refused:
        authority_of("1.2.250.1.213.1.4.7")
    assert NIR.oid in refused.value.sentence()


def test_the_uses_that_fr_core_gives() -> None:
    assert {(a.code, a.use) for a in (*NUMBERS, COMPUTED)} == {
        ("INS-NIR", "official"),
        ("INS-NIA", "temp"),
        ("INS-NIR-TEST", "official"),
        ("INS-NIR-DEMO", "official"),
        ("INS-C", "secondary"),
    }


def test_neither_a_refusal_nor_an_ins_shows_the_number_in_a_log() -> None:
    with pytest.raises(Refused) as refused:
        parse("297022A02077879", NIA.oid)
    assert "297022A" not in f"{refused.value!s} {refused.value!r} {refused.value.fault!r}"
    assert "297022A" in refused.value.sentence()
    assert "297022A" not in repr(ins("297022A020778", NIA))


def test_what_a_person_types_is_tidied_for_a_search() -> None:
    assert tidied("2 97 02 2a 020 778\u00a078") == "297022A02077878"
