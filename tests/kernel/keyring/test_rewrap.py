"""Changing the master key: everything opens before, during and after, and nothing opens without it."""

from collections.abc import Callable, Iterator

import pytest

from socle.kernel.audit.verification import verify
from socle.kernel.db import Database
from socle.kernel.errors import SocleError
from socle.kernel.keyring import rewrap as rewrapping
from socle.kernel.keyring.envelopes import forget_keys
from socle.kernel.keyring.manifest import envelopes, health
from socle.kernel.keyring.rewrap import left_to_rewrap, rewrap
from socle.kernel.keyring.signing import _private, signing_key
from socle.kernel.keyring.tombstones import tombstones
from socle.kernel.keys import derived_key
from socle.kernel.privacy.erasure import Reason, erase
from socle.kernel.sealing import seal, unseal
from socle.kernel.settings import settings
from tests.support.trail import drain

FIRST, SECOND = "the first master key, thirty-two long", "the second master key, thirty-two long"
Hold = Callable[..., None]


@pytest.fixture
def hold(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hold]:
    """Have the process hold this master key, and perhaps the one before."""

    def held(secret: str, previous: str = "") -> None:
        monkeypatch.setenv("SOCLE_SECRET", secret)
        monkeypatch.setenv("SOCLE_SECRET_PREVIOUS", previous)
        forget()

    def forget() -> None:
        for cached in (settings, derived_key, _private):
            cached.cache_clear()
        forget_keys()

    yield held
    monkeypatch.undo()
    forget()


@pytest.fixture
def boxes(database: Database, hold: Hold) -> dict[str, bytes]:
    """What was sealed under the first master key, by subject."""
    hold(FIRST)
    with database.unit() as unit:
        signing_key(unit, "audit-head")
        sealed = {
            subject: seal(unit, subject, "here", [subject]) for subject in ("agent:1", "record:1", "record:2")
        }
    erase(database, "record:3", Reason.REQUEST)
    return sealed


def all_opens(db: Database, boxes: dict[str, bytes]) -> bool:
    with db.reading() as session:
        signing_key(session, "audit-head").sign(b"")
        assert [stone.subject for stone in tombstones(session)] == ["record:3"]
        return all(unseal(session, subject, "here", box) == [subject] for subject, box in boxes.items())


def test_nothing_opens_under_another_master_key(
    database: Database, boxes: dict[str, bytes], hold: Hold
) -> None:
    assert all_opens(database, boxes)
    assert health(database) is None
    hold(SECOND)
    assert health(database) == "master-key-missing"
    with pytest.raises(SocleError, match="master-key-unknown"):
        all_opens(database, boxes)
    with pytest.raises(SocleError, match="master-key-unknown"):
        rewrap(database)


def test_after_the_change_the_earlier_master_key_is_not_needed(
    database: Database, boxes: dict[str, bytes], hold: Hold
) -> None:
    hold(SECOND, previous=FIRST)
    assert all_opens(database, boxes)
    told: list[tuple[int, int]] = []
    assert rewrap(database, tell=lambda _, done, total: told.append((done, total))) == 5
    assert told[-1] == (5, 5)
    assert (left_to_rewrap(database), rewrap(database), envelopes(database)) == (0, 0, 3)
    hold(SECOND)
    assert all_opens(database, boxes)
    hold(FIRST)
    with pytest.raises(SocleError, match="master-key-unknown"):
        all_opens(database, boxes)


def test_an_interrupted_change_is_taken_up_again(
    database: Database, boxes: dict[str, bytes], hold: Hold, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rewrapping, "_BATCH", 2)
    hold(SECOND, previous=FIRST)

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rewrap(database, tell=interrupt)
    assert left_to_rewrap(database) == 3
    assert all_opens(database, boxes)
    assert rewrap(database) == 3
    hold(SECOND)
    assert all_opens(database, boxes)


def test_an_erasure_under_a_key_that_is_gone_is_told_and_no_other_is_believed(
    database: Database, boxes: dict[str, bytes], hold: Hold
) -> None:
    """`boxes` has one erasure, under the first master key."""
    drain(database)
    assert verify(database).unvouched == []
    hold(SECOND, previous=FIRST)
    rewrap(database)
    erase(database, "record:2", Reason.REQUEST)
    drain(database)
    assert (verify(database).findings, verify(database).unvouched) == ([], [])
    hold(SECOND)
    report = verify(database)
    assert (report.findings, len(report.unvouched)) == ([], 1)
    hold(FIRST)
    erase(database, "record:1", Reason.REQUEST)
    hold(SECOND)
    assert [one.kind.code for one in verify(database).findings] == ["erasure-forged"]
    hold(SECOND, previous=FIRST)
    assert verify(database).findings == []
