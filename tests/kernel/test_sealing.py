"""Sealed details open for their subject and place only, and never again once the subject's key is gone."""

import asyncio
import threading
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from socle.kernel.db import Database, Unit
from socle.kernel.errors import SocleError
from socle.kernel.keyring.envelopes import ShortMemory, forget_keys, key_to_seal
from socle.kernel.sealing import seal, unseal

DETAILS = {"address": "192.0.2.7", "words": ["dr", "exemple"]}
PLACE = "audit:00:0"
names = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=12)
documents = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
    max_leaves=8,
)
one_database = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    forget_keys()
    yield
    forget_keys()


def sealed(db: Database, subject: str = "record:1", place: str = PLACE, document: object = DETAILS) -> bytes:
    with db.unit() as unit:
        return seal(unit, subject, place, document)


def opened(db: Database, box: bytes, subject: str = "record:1", place: str = PLACE) -> object:
    with db.reading() as session:
        return unseal(session, subject, place, box)


def refusal(db: Database, box: bytes, subject: str = "record:1", place: str = PLACE) -> str:
    with pytest.raises(SocleError) as refused:
        opened(db, box, subject, place)
    return refused.value.code


@one_database
@given(subject=names, place=names, document=documents)
def test_what_was_sealed_is_read_again(
    database: Database, subject: str, place: str, document: object
) -> None:
    assert opened(database, sealed(database, subject, place, document), subject, place) == document


def test_the_same_document_is_never_sealed_twice_alike(database: Database) -> None:
    assert sealed(database) != sealed(database)


def test_nothing_clear_is_left_in_what_is_sealed(database: Database) -> None:
    assert b"192.0.2.7" not in sealed(database)


@one_database
@given(at=st.integers(0, 60), by=st.integers(1, 255))
def test_each_changed_byte_is_found(database: Database, at: int, by: int) -> None:
    box = bytearray(sealed(database))
    box[at % len(box)] ^= by
    assert refusal(database, bytes(box)) == "sealed-damaged"


@pytest.mark.parametrize("length", [0, 1, 12, 13, 28])
def test_what_was_cut_is_damaged(database: Database, length: int) -> None:
    assert refusal(database, sealed(database)[:length]) == "sealed-damaged"


def test_sealed_details_open_in_their_place_only(database: Database) -> None:
    assert refusal(database, sealed(database), place="audit:00:1") == "sealed-damaged"


def test_sealed_details_open_for_their_subject_only(database: Database) -> None:
    sealed(database, "record:2")
    assert refusal(database, sealed(database), "record:2") == "sealed-damaged"


@one_database
@given(names, names, names)
def test_subject_and_place_cannot_be_cut_elsewhere(database: Database, a: str, b: str, c: str) -> None:
    """(a+b, c) and (a, b+c) share no associated data, even under one key."""
    box = sealed(database, a + b, c)
    with database.unit() as unit:
        unit.execute("DELETE FROM keyring_envelope WHERE subject <> ?1", a + b)
    assert refusal(database, box, a + b, c + b) == "sealed-damaged"
    assert refusal(database, box, a, b + c) == "sealed-erased"


def test_an_erased_subject_is_told_as_such(database: Database) -> None:
    box = sealed(database)
    with database.unit() as unit:
        unit.execute("DELETE FROM keyring_envelope WHERE subject = ?1", "record:1")
    assert refusal(database, box) == "sealed-erased"


def test_a_key_moved_to_another_subject_does_not_open(database: Database) -> None:
    sealed(database, "record:1")
    box = sealed(database, "record:2")
    opened(database, box, "record:2")
    with database.unit() as unit:
        row = unit.fetch_one("SELECT wrapped FROM keyring_envelope WHERE subject = ?1", "record:2")
        assert row is not None
        unit.execute("UPDATE keyring_envelope SET wrapped = ?1 WHERE subject = ?2", row[0], "record:1")
    assert refusal(database, box, "record:1") == "key-damaged"


def test_a_key_made_in_a_unit_that_failed_is_not_used_again(database: Database) -> None:
    def interrupted() -> None:
        with database.unit() as unit:
            seal(unit, "record:1", PLACE, DETAILS)
            raise InterruptedError

    with pytest.raises(InterruptedError):
        interrupted()
    assert opened(database, sealed(database)) == DETAILS


def test_two_units_that_make_a_key_at_once_agree_on_one(database: Database) -> None:
    """The second waits for the first, on either engine, and seals under its key."""
    boxes: list[bytes] = []
    second = threading.Thread(target=lambda: boxes.append(sealed(database)))
    with database.unit() as unit:
        boxes.append(seal(unit, "record:1", PLACE, DETAILS))
        second.start()
    second.join()
    assert [opened(database, box) for box in boxes] == [DETAILS, DETAILS]


def test_acts_committed_together_share_no_key_of_one_that_failed(database: Database) -> None:
    def failing(unit: Unit) -> bytes:
        seal(unit, "record:1", PLACE, DETAILS)
        raise InterruptedError

    async def together() -> list[bytes | BaseException]:
        acts = (lambda unit: seal(unit, "record:1", PLACE, DETAILS),) * 3
        return await asyncio.gather(
            *(database.run(act) for act in (failing, *acts, failing, *acts)), return_exceptions=True
        )

    boxes = [box for box in asyncio.run(together()) if isinstance(box, bytes)]
    assert [opened(database, box) for box in boxes] == [DETAILS] * 6


def test_one_unit_seals_for_a_subject_under_one_key(database: Database) -> None:
    with database.unit() as unit:
        boxes = [seal(unit, "record:1", str(place), DETAILS) for place in range(3)]
    assert [opened(database, box, place=str(place)) for place, box in enumerate(boxes)] == [DETAILS] * 3
    with database.reading() as session:
        assert session.fetch("SELECT count(*) FROM keyring_envelope") == [(1,)]


def test_no_key_lies_in_clear_in_the_database(database: Database) -> None:
    with database.unit() as unit:
        seal(unit, "record:1", PLACE, DETAILS)
        key = key_to_seal(unit, "record:1")
        ((wrapped,),) = unit.fetch("SELECT wrapped FROM keyring_envelope")
    assert key not in bytes(wrapped)


# -- The short memory


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.integers(0, 5)), max_size=40))
def test_what_is_remembered_is_bounded_and_recent(history: list[tuple[str, int]]) -> None:
    clock = {"at": 0}
    memory: ShortMemory[str] = ShortMemory(2, 3, lambda: clock["at"])
    put: dict[str, int] = {}
    for name, elapsed in history:
        clock["at"] += elapsed
        memory.put(name, name.encode())
        put[name] = clock["at"]
        known = [one for one in "abcd" if memory.get(one)]
        assert len(known) <= 2
        assert all(clock["at"] - put[one] < 3 for one in known)
    memory.forget()
    assert not any(memory.get(name) for name in "abcd")
