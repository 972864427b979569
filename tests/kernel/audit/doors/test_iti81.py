"""The search of [ITI-81] as it is written, read into what is wanted: nothing that cannot be answered is let through."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socle.kernel.accounts import actions as _accounts
from socle.kernel.audit.doors.iti81 import COUNT, MOST, PARAMETERS, Asked, described, read_id, read_search
from socle.kernel.audit.faults import TRAIL_PARAMETER, TRAIL_PERIOD
from socle.kernel.audit.wanted import About, Member, Period, Wanted
from socle.kernel.errors import SocleError
from socle.kernel.fhir.faults import BAD_VALUE

ORIGIN = "socle.example/audit"
DAY = ("date", "2026-11-22")
PERIOD = Period(1_795_305_600_000_000, 1_795_392_000_000_000)
UNIT = "0660e0a09eab88500e76545b0633e9d3"
ANY = frozenset(About)
assert _accounts.SIGNED_IN.code == "session.opened"


def asked(*pairs: tuple[str, str]) -> Asked:
    return read_search((DAY, *pairs), ORIGIN)


def wanted(*pairs: tuple[str, str]) -> Wanted:
    return asked(*pairs).wanted


def test_a_day_is_a_period() -> None:
    assert asked() == Asked(Wanted(PERIOD), COUNT, None, (DAY,))


@pytest.mark.parametrize(
    ("dates", "period"),
    [
        (("ge2026-11-22", "lt2026-11-23"), PERIOD),
        (("ge2026-11-22", "le2026-11-22"), PERIOD),
        (("gt2026-11-21", "eb2026-11-23"), PERIOD),
        (("sa2026-11-21", "2026-11"), Period(PERIOD.low, 1_796_083_200_000_000)),
        (("ge2026-11-22T01:00:00+01:00", "le2026-11-22T23:59:59Z"), PERIOD),
        (("2026-11-22", "2026-11-23"), Period(PERIOD.high, PERIOD.high)),
    ],
)
def test_dates_have_prefixes_and_all_of_them_hold(dates: tuple[str, ...], period: Period) -> None:
    assert read_search([("date", date) for date in dates], ORIGIN).wanted.period == period


@pytest.mark.parametrize("dates", [(), ("ge2026-11-22",), ("le2026-11-22", "lt2026-11-21")])
def test_both_ends_of_the_period_are_required(dates: tuple[str, ...]) -> None:
    with pytest.raises(SocleError) as refused:
        read_search([("date", date) for date in dates], ORIGIN)
    assert refused.value.kind is TRAIL_PERIOD


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("agent.identifier", "agent:a-1", Wanted(PERIOD, actors=frozenset({"agent:a-1"}))),
        ("agent.identifier", "urn:socle:audit:actor|x", Wanted(PERIOD, actors=frozenset({"x"}))),
        (
            "agent.identifier",
            "690900006",
            Wanted(PERIOD, members=(Member(("actor", "organisation"), frozenset({"690900006"})),)),
        ),
        ("agent.identifier", "urn:oid:1.2|x", Wanted(PERIOD, actors=frozenset())),
        (
            "patient.identifier",
            "record:7,record:8",
            Wanted(PERIOD, subjects=frozenset({"record:7", "record:8"})),
        ),
        ("patient.identifier", "agent:a-1", Wanted(PERIOD, subjects=frozenset())),
        ("patient.identifier", "urn:oid:1.2|record:7", Wanted(PERIOD, subjects=frozenset())),
        ("entity.identifier", "record:7", Wanted(PERIOD, subjects=frozenset({"record:7"}))),
        ("entity.identifier", UNIT, Wanted(PERIOD, units=frozenset({bytes.fromhex(UNIT)}))),
        (
            "entity.identifier",
            "urn:socle:audit:target|Key/1",
            Wanted(PERIOD, members=(Member(("target",), frozenset({"Key/1"})),)),
        ),
        ("entity.identifier", "urn:oid:1.2|7", Wanted(PERIOD, units=frozenset())),
        ("entity", "Basic/1", Wanted(PERIOD, members=(Member(("target",), frozenset({"Basic/1"})),))),
        ("entity-type", "1", Wanted(PERIOD, about=frozenset({About.RECORD, About.OTHER}))),
        ("entity-type", "2", Wanted(PERIOD, about=ANY)),
        ("entity-type", "3", Wanted(PERIOD, about=frozenset())),
        ("entity-role", "1", Wanted(PERIOD, about=frozenset({About.RECORD}))),
        ("entity-role", "6,1", Wanted(PERIOD, about=frozenset({About.RECORD, About.OTHER}))),
        ("type", "110110", Wanted(PERIOD, about=frozenset({About.RECORD}))),
        (
            "type",
            "http://dicom.nema.org/resources/ontology/DCM|110100",
            Wanted(PERIOD, about=frozenset({About.OTHER, About.NOBODY})),
        ),
        ("subtype", "session.opened", Wanted(PERIOD, actions=frozenset({"session.opened"}))),
        ("outcome", "4,8", Wanted(PERIOD, members=(Member(("outcome",), frozenset({"4", "8"})),))),
        ("site", "/fhir/v2", Wanted(PERIOD, members=(Member(("door",), frozenset({"/fhir/v2"})),))),
        ("source", ORIGIN, Wanted(PERIOD)),
        ("source.identifier", f"urn:socle:audit:origin|{ORIGIN}", Wanted(PERIOD)),
        ("source", "elsewhere", Wanted(PERIOD, units=frozenset())),
        ("_sort", "-date", Wanted(PERIOD)),
        ("_format", "json", Wanted(PERIOD)),
    ],
)
def test_each_parameter_is_read(name: str, value: str, expected: Wanted) -> None:
    assert wanted((name, value)) == expected


def test_the_kind_of_an_action_is_that_of_the_catalogue() -> None:
    found = wanted(("action", "E")).actions
    assert found is not None
    assert {"session.opened", "access.refused"} <= found
    assert "account.invited" not in found


def test_an_identifier_is_that_of_an_entry_in_its_act() -> None:
    found = wanted(("_id", f"{UNIT}-2"))
    assert found == Wanted(
        PERIOD, units=frozenset({bytes.fromhex(UNIT)}), numbers=frozenset({(bytes.fromhex(UNIT), 2)})
    )
    assert wanted(("_id", "nothing")).impossible
    assert read_id(f"{UNIT}-02") is None


def test_what_is_asked_twice_must_hold_twice() -> None:
    assert wanted(("subtype", "a,b"), ("subtype", "b,c")).actions == frozenset({"b"})
    assert wanted(("patient.identifier", "record:1"), ("patient.identifier", "record:2")).impossible
    assert len(wanted(("outcome", "0"), ("outcome", "4")).members) == 2


def test_a_page_has_a_size_and_a_place() -> None:
    assert asked(("_count", "7"), ("_before", "12")) == Asked(Wanted(PERIOD), 7, 12, (DAY, ("_count", "7")))
    assert asked(("_count", "0")).count == 1
    assert asked(("_count", "99999")).count == MOST


@pytest.mark.parametrize(
    "name", ["address", "agent-name", "patient", "_include", "date:missing", "Outcome", ""]
)
def test_what_cannot_be_answered_is_refused_with_what_can(name: str) -> None:
    with pytest.raises(SocleError) as refused:
        asked((name, "x"))
    assert refused.value.kind is TRAIL_PARAMETER
    assert "patient.identifier" in refused.value.sentence("fr")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("date", date) for date in ("2026-13", "ne2026", "ap2026-01-01", "2026,2027", "", "ge")),
        *(("_count", count) for count in ("", "-1", "dix", "²", "1" * 30)),
        *(("_sort", order) for order in ("date", "", "-recorded")),
        *((name, "") for name in ("agent.identifier", "outcome", "patient.identifier", "type", "source")),
        *(("outcome", value) for value in (",", "0,", "http://hl7.org/fhir/audit-event-outcome|")),
        ("agent.identifier", "agent:a-1,690900006"),
        ("entity.identifier", f"{UNIT},record:7"),
        ("_before", "x"),
    ],
)
def test_a_value_that_is_none_is_refused(name: str, value: str) -> None:
    with pytest.raises(SocleError) as refused:
        asked((name, value))
    assert refused.value.kind is BAD_VALUE
    assert name in refused.value.sentence("en")


@given(st.lists(st.tuples(st.sampled_from([*PARAMETERS, "_before", "x"]), st.text(max_size=20)), max_size=4))
def test_whatever_is_written_is_read_or_refused(pairs: list[tuple[str, str]]) -> None:
    found: Asked | None = None
    told = ""
    try:
        found = asked(*pairs)
    except SocleError as refused:
        told = refused.code
    assert (told in {one.code for one in (BAD_VALUE, TRAIL_PARAMETER)}) is (found is None)
    if found is not None:
        assert found.wanted.period.low is not None
        assert all(pair in (DAY, *pairs) for pair in found.pairs)


def test_what_is_declared_is_what_is_read() -> None:
    assert {one["name"] for one in described()} == set(PARAMETERS) - {"_count", "_sort"}
    assert {one["type"] for one in described()} == {"date", "reference", "token"}
