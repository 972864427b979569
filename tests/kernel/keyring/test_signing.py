"""The life of signing keys, and what they sign."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import orjson
import pytest
import time_machine
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from socle.kernel.db import Database
from socle.kernel.errors import SocleError
from socle.kernel.keyring.signing import PURPOSES, public_keys, remove_outlived, rotate, signing_key

START = datetime(2026, 11, 22, 12, tzinfo=UTC)
HEADS = "audit-head"


def actions(db: Database) -> list[str]:
    with db.reading() as session:
        rows = session.fetch("SELECT facts FROM audit_inbox ORDER BY seq")
    return [orjson.loads(bytes(facts))["action"] for (facts,) in rows]


def states(db: Database, purpose: str = HEADS) -> list[str]:
    with db.reading() as session:
        return [key.state for key in public_keys(session, purpose, removed=True)]


def made(db: Database, purpose: str = HEADS) -> str:
    with db.unit() as unit:
        return signing_key(unit, purpose).kid


def test_the_first_key_is_made_once_and_told(database: Database) -> None:
    assert made(database) == made(database)
    assert states(database) == ["active"]
    assert actions(database) == ["keys.activated"]


def test_reading_makes_no_key(database: Database) -> None:
    with pytest.raises(SocleError, match="signing-key-missing"), database.reading() as session:
        signing_key(session, HEADS)
    assert states(database) == []


def test_an_unknown_purpose_is_refused(database: Database) -> None:
    with pytest.raises(SocleError, match="signing-purpose-unknown"), database.unit() as unit:
        signing_key(unit, "letters")


def test_heads_are_signed_with_ed25519(database: Database) -> None:
    with database.unit() as unit:
        key = signing_key(unit, HEADS)
    public = load_der_public_key(key.public)
    assert isinstance(public, Ed25519PublicKey)
    public.verify(key.sign(b"head"), b"head")
    assert key.raw == public.public_bytes_raw()
    with database.reading() as session:
        assert [served.raw for served in public_keys(session, HEADS)] == [key.raw]


def test_tokens_are_signed_with_es256_as_jose_writes_it(database: Database) -> None:
    with database.unit() as unit:
        key = signing_key(unit, "token")
    signature = key.sign(b"token")
    assert len(signature) == 64
    public = load_der_public_key(key.public)
    assert isinstance(public, EllipticCurvePublicKey)
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    public.verify(encode_dss_signature(r, s), b"token", ECDSA(SHA256()))


def test_a_new_key_is_announced_before_it_signs(database: Database) -> None:
    with time_machine.travel(START, tick=False) as clock:
        first = made(database)
        clock.shift(1)
        with database.unit() as unit:
            announced = rotate(unit, HEADS)
        assert (announced.state, made(database)) == ("announced", first)
        with pytest.raises(SocleError, match="signing-key-too-early"), database.unit() as unit:
            rotate(unit, HEADS)
        clock.shift(PURPOSES[HEADS].announced)
        with database.unit() as unit:
            assert rotate(unit, HEADS).kid == announced.kid
    assert made(database) == announced.kid
    assert states(database) == ["retired", "active"]
    assert actions(database) == ["keys.activated", "keys.announced", "keys.activated"]


def test_a_stolen_key_is_replaced_at_once(database: Database) -> None:
    made(database)
    for _ in range(2):
        with database.unit() as unit:
            rotate(unit, HEADS, forced=True)
    assert states(database) == ["retired", "active"]


def test_a_retired_key_has_no_private_part(database: Database) -> None:
    made(database)
    for _ in range(2):
        with database.unit() as unit:
            rotate(unit, HEADS, forced=True)
    with database.reading() as session:
        rows = session.fetch("SELECT state, sealed FROM keyring_signing ORDER BY state")
    assert [(state, sealed is None) for state, sealed in rows] == [("active", False), ("retired", True)]


def test_a_private_key_moved_to_another_name_does_not_open(database: Database) -> None:
    made(database)
    with database.unit() as unit:
        unit.execute("UPDATE keyring_signing SET kid = ?1", "0" * 32)
    with pytest.raises(SocleError, match="key-damaged"):
        made(database)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=12)
@given(st.lists(st.tuples(st.sampled_from(["rotate", "remove"]), st.integers(0, 72)), max_size=12))
def test_whatever_happens_one_key_signs_and_its_checkers_know_it(
    database: Database, history: list[tuple[str, int]]
) -> None:
    """Any order of rotations and removals, hours apart: one key active, at most one announced, every active key was
    announced long enough, and a key that signed is served as long as its signatures are shown."""
    purpose = PURPOSES["token"]
    with database.unit() as unit:
        unit.execute("DELETE FROM keyring_signing")
    with time_machine.travel(START, tick=False) as clock:
        made(database, "token")
        clock.shift(1)
        for step, hours in history:
            clock.shift(timedelta(hours=hours))
            # Too early, at times.
            with suppress(SocleError), database.unit() as unit:
                rotate(unit, "token") if step == "rotate" else remove_outlived(unit)
            with database.reading() as session:
                keys = public_keys(session, "token", removed=True)
            told = [key.state for key in keys]
            assert told.count("active") == 1
            assert told.count("announced") <= 1
            for key in keys[1:]:
                assert key.activated is None or key.activated - key.announced >= purpose.announced
            for key in keys:
                assert key.removed is None or key.retired is None or key.removed - key.retired >= purpose.kept
