"""Instructing a request: who may, in which order, what is undone, what is left of it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import orjson
import pytest

from socle.app.manifests import house
from socle.kernel.access import OPERATOR, Refused
from socle.kernel.accounts.acts.invite import invite
from socle.kernel.accounts.tokens import digest_of
from socle.kernel.actors import BY_SYSTEM, Acting, Actor, ActorKind, Assurance
from socle.kernel.clock import business_date, business_shift
from socle.kernel.db import Database, Unit
from socle.kernel.errors import SocleError
from socle.kernel.keyring.envelopes import key_to_read
from socle.kernel.privacy.acts.erasing import call_off_erasure, erase_due, order_erasure
from socle.kernel.privacy.acts.files import discard_file, forget_files, make_file, take_file
from socle.kernel.privacy.acts.instruct import ask, identify, note_read, reply, stage_of, unidentify, warn
from socle.kernel.privacy.acts.own import ask_for_oneself, withdraw_own
from socle.kernel.privacy.acts.requests import answer, deposit, extend, refuse, reopen, withdraw
from socle.kernel.privacy.acts.restricting import lift_for, restrict_for
from socle.kernel.privacy.files import file_of
from socle.kernel.privacy.grounds import GROUNDS, grounds_for
from socle.kernel.privacy.holdings import fill, holdings
from socle.kernel.privacy.messages import messages_of
from socle.kernel.privacy.requests import Request, Right, State, answer_of, details_of, find, followed
from socle.kernel.privacy.restriction import restricted_since
from socle.kernel.privacy.retention import purge_requests
from socle.kernel.privacy.settings import privacy_settings
from socle.kernel.privacy.story import story_of
from socle.kernel.sealing import seal
from tests.kernel.privacy.conftest import NOBODY, OFFICER, OTHER

PERSON = "record:7"
Act = Callable[[Unit, Acting, str], Any]
ON_THEIR_OWN: list[Act] = [
    note_read,
    unidentify,
    order_erasure,
    call_off_erasure,
    restrict_for,
    lift_for,
    reopen,
    discard_file,
    lambda unit, by, id: identify(unit, by, id, person="", proof="vue"),
    lambda unit, by, id: ask(unit, by, id, "quoi ?"),
    lambda unit, by, id: extend(unit, by, id, "pourquoi"),
    lambda unit, by, id: answer(unit, by, id, "voici"),
    lambda unit, by, id: refuse(unit, by, id, GROUNDS[0], "non"),
]


@pytest.fixture(autouse=True)
def _house() -> None:
    fill(house)


@pytest.fixture
def no_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    """Erasures that are decided take place at the next look."""
    monkeypatch.setenv("SOCLE_PRIVACY_ERASURE_HOURS", "0")
    monkeypatch.setattr("socle.kernel.privacy.acts.erasing.privacy_settings", privacy_settings.__wrapped__)


def deposited(db: Database, kind: Right = Right.ACCESS) -> Request:
    with db.unit() as unit:
        made = deposit(unit, NOBODY, kind=kind, name="Nora Exemple", contact="06", said="tout")
    return made.request


def known(db: Database, kind: Right = Right.ACCESS) -> Request:
    made = deposited(db, kind)
    with db.unit() as unit:
        # Something is held of them.
        seal(unit, PERSON, "anywhere", "said")
        return identify(unit, OFFICER, made.id, person=PERSON, proof="carte vue")


def done(db: Database, act: Act, id: str, by: Acting = OFFICER) -> Any:
    with db.unit() as unit:
        return act(unit, by, id)


def events(db: Database) -> list[tuple[str, dict[str, Any]]]:
    with db.reading() as session:
        rows = session.fetch("SELECT kind, document FROM outbox_inbox ORDER BY at, id")
    return [(kind, orjson.loads(bytes(document))["data"]) for kind, document in rows]


def test_a_link_leads_to_its_request_and_to_no_other(database: Database) -> None:
    with database.unit() as unit:
        made = deposit(unit, NOBODY, kind=Right.ACCESS, name=" Nora ", contact="06", said="tout")
    deposited(database)
    with database.reading() as session:
        assert followed(session, digest_of(made.token)) == made.request
        assert followed(session, digest_of(made.token[:-1])) is None
        assert followed(session, digest_of("")) is None
        assert details_of(session, made.request) == {"name": "Nora", "contact": "06", "said": "tout"}
    assert made.path.endswith(made.token)
    assert [kind for kind, _ in events(database)] == ["privacy.request-received.1"] * 2


def test_only_who_instructs_may_touch_a_dossier(database: Database) -> None:
    made = known(database)
    for act in ON_THEIR_OWN:
        with pytest.raises(Refused):
            done(database, act, made.id, OTHER)
    with pytest.raises(Refused):
        make_file(database, OTHER, made.id, holdings())
    with database.reading() as session:
        assert find(session, made.id) == made


def test_an_identity_is_verified_by_account_or_identifier_and_undone(database: Database) -> None:
    made = deposited(database)
    with database.unit() as unit:
        account = invite(unit, BY_SYSTEM, email="nora@exemple.test", role=OPERATOR).account
        found = identify(unit, OFFICER, made.id, person="Nora@exemple.test", proof="vue")
        assert (found.person, found.identified) == (f"agent:{account}", business_date())
        assert (unidentify(unit, OFFICER, made.id).person, find(unit, made.id).identified) == ("", None)
        assert identify(unit, OFFICER, made.id, person="", proof="vue").identified == business_date()
    other = deposited(database)
    for wrong in (
        "quelqu’un",
        "record:",
        "record:9",
        f"requester:{other.id}",
        "personne@exemple.test",
        "a@b",
    ):
        with pytest.raises(SocleError, match="privacy-nothing-held"), database.unit() as unit:
            identify(unit, OFFICER, other.id, person=wrong, proof="vue")


def test_an_identity_that_was_verified_is_not_replaced_by_another(database: Database) -> None:
    """What is decided concerns whom it was decided of: not another person, by a second verification."""
    made = known(database, Right.ERASURE)
    done(database, order_erasure, made.id)
    with database.unit() as unit:
        seal(unit, "record:8", "anywhere", "said")
        own = ask_for_oneself(unit, OTHER, Right.ERASURE, "tout")
    for request in (made, own):
        for person in ("record:8", ""):
            with pytest.raises(SocleError, match="privacy-identified-already"), database.unit() as unit:
                identify(unit, OFFICER, request.id, person=person, proof="vue")
        with database.reading() as session:
            assert find(session, request.id).person == request.person
    with pytest.raises(SocleError, match="privacy-not-undone"):
        done(database, unidentify, own.id)


def test_a_file_that_was_discarded_no_longer_counts_and_one_that_was_taken_does(database: Database) -> None:
    made = known(database)
    make_file(database, OFFICER, made.id, holdings())
    with pytest.raises(SocleError, match="privacy-not-undone"):
        done(database, unidentify, made.id)
    done(database, discard_file, made.id)
    assert done(database, unidentify, made.id).identified is None
    with database.unit() as unit:
        seal(unit, "record:8", "anywhere", "said")
        identify(unit, OFFICER, made.id, person="record:8", proof="vue")
    make_file(database, OFFICER, made.id, holdings())
    done(database, take_file, made.id, NOBODY)
    make_file(database, OFFICER, made.id, holdings())
    done(database, discard_file, made.id)
    with pytest.raises(SocleError, match="privacy-not-undone"):
        done(database, unidentify, made.id)


def test_what_was_relied_upon_is_not_undone(database: Database) -> None:
    made = known(database, Right.ERASURE)
    for doing, undoing in ((restrict_for, lift_for), (order_erasure, call_off_erasure)):
        done(database, doing, made.id)
        with pytest.raises(SocleError, match="privacy-not-undone"):
            done(database, unidentify, made.id)
        done(database, undoing, made.id)
    assert done(database, unidentify, made.id).identified is None


def test_both_sides_write_to_each_other(database: Database) -> None:
    made = deposited(database)
    with pytest.raises(SocleError, match="privacy-nothing-asked"), database.unit() as unit:
        reply(unit, NOBODY, made.id, "rien")
    with database.unit() as unit:
        assert ask(unit, OFFICER, made.id, "Quel service ?").asked == business_date()
    with database.unit() as unit:
        assert reply(unit, NOBODY, made.id, " L’annuaire ").asked is None
        extend(unit, OFFICER, made.id, "Beaucoup de demandes")
    with database.reading() as session:
        told = [(one.text, one.by_person) for one in messages_of(session, made)]
    assert told == [("Quel service ?", False), ("L’annuaire", True), ("Beaucoup de demandes", False)]


def test_a_refusal_has_a_ground_of_the_law_and_is_taken_back_the_same_day(database: Database) -> None:
    made = known(database, Right.ERASURE)
    ground = grounds_for(Right.ERASURE)[2]
    with database.unit() as unit:
        closed = refuse(unit, OFFICER, made.id, ground, "La loi le demande")
        assert answer_of(unit, closed) == {"ground": ground.code, "said": "La loi le demande"}
    reopened = done(database, reopen, made.id)
    assert (reopened.state, reopened.closed, reopened.due) == (State.OPEN, None, made.due)
    with database.unit() as unit:
        answer(unit, OFFICER, made.id, "")
    with business_shift(1), pytest.raises(SocleError, match="privacy-not-reopened"):
        done(database, reopen, made.id)


def test_what_a_person_withdrew_stays_withdrawn(database: Database) -> None:
    made = known(database, Right.ERASURE)
    done(database, order_erasure, made.id)
    withdrawn = done(database, withdraw, made.id, NOBODY)
    assert (withdrawn.state, withdrawn.erase_at) == (State.WITHDRAWN, None)
    with pytest.raises(SocleError, match="privacy-not-reopened"):
        done(database, reopen, made.id)


def test_each_right_has_its_grounds() -> None:
    assert {right for ground in GROUNDS for right in ground.rights} == set(Right)
    assert len({ground.code for ground in GROUNDS}) == len(GROUNDS)
    assert all(len(grounds_for(right)) > 2 for right in Right)


def test_a_file_is_taken_once(database: Database) -> None:
    made = deposited(database)
    with pytest.raises(SocleError, match="privacy-person-needed"):
        make_file(database, OFFICER, made.id, holdings())
    made = known(database)
    make_file(database, OFFICER, made.id, holdings())
    document = done(database, take_file, made.id, NOBODY)
    assert document["privacy"]["requests"][0]["id"] == made.id
    assert "accounts" in document
    with pytest.raises(SocleError, match="privacy-file-gone"):
        done(database, take_file, made.id, NOBODY)
    make_file(database, OFFICER, made.id, holdings())
    done(database, discard_file, made.id)
    with pytest.raises(SocleError, match="privacy-file-gone"):
        done(database, take_file, made.id)
    with database.reading() as session:
        assert session.fetch("SELECT sealed FROM privacy_file") == [(None,)]


def test_a_file_that_nobody_takes_goes(database: Database) -> None:
    made = known(database)
    make_file(database, OFFICER, made.id, holdings())
    with database.unit() as unit:
        assert forget_files(unit) == 0
        unit.execute("UPDATE privacy_file SET expires = 1")
    with pytest.raises(SocleError, match="privacy-file-gone"):
        done(database, take_file, made.id)
    with database.unit() as unit:
        assert forget_files(unit) == 1
        found = file_of(unit, made.id)
    assert found is not None
    assert not found.there


@pytest.mark.usefixtures("no_hold")
def test_an_erasure_that_was_decided_is_done_and_closes_its_request(database: Database) -> None:
    made = known(database, Right.ERASURE)
    make_file(database, OFFICER, made.id, holdings())
    with database.unit() as unit:
        seal(unit, PERSON, "here", "said")
    assert erase_due(database) == {"persons": 0}
    assert done(database, order_erasure, made.id).erasure_ordered
    with pytest.raises(SocleError, match="privacy-erasure-pending"), database.unit() as unit:
        answer(unit, OFFICER, made.id, "voici")
    assert erase_due(database) == {"persons": 1}
    assert erase_due(database) == {"persons": 0}
    with database.reading() as session:
        left = find(session, made.id)
        assert (left.state, left.erased, left.erasure_ordered) == (State.ANSWERED, business_date(), False)
        assert key_to_read(session, PERSON) is None
        assert file_of(session, made.id) is None
        # Who asked is still told, and may be reached.
        assert answer_of(session, left) == {"erased": business_date().isoformat()}
        assert details_of(session, left)["contact"] == "06"
    for late in (reopen, call_off_erasure):
        with pytest.raises(SocleError):
            done(database, late, made.id)


def test_an_erasure_is_called_off_in_time(database: Database) -> None:
    made = known(database, Right.ERASURE)
    done(database, order_erasure, made.id)
    assert erase_due(database) == {"persons": 0}
    assert not done(database, call_off_erasure, made.id).erasure_ordered
    with pytest.raises(SocleError, match="privacy-nothing-ordered"):
        done(database, call_off_erasure, made.id)


def test_only_what_asks_for_erasure_leads_to_one(database: Database) -> None:
    made = known(database, Right.ACCESS)
    with pytest.raises(SocleError, match="privacy-erasure-not-asked"):
        done(database, order_erasure, made.id)
    with pytest.raises(SocleError, match="privacy-person-needed"):
        done(database, order_erasure, deposited(database, Right.ERASURE).id)


@pytest.mark.usefixtures("no_hold")
def test_somebody_with_an_account_asks_for_themselves_and_is_erased(database: Database) -> None:
    """Nothing that was said can be read again, nor written: the delay that was kept stays."""
    with database.unit() as unit:
        account = invite(unit, BY_SYSTEM, email="nora@exemple.test", role=OPERATOR).account
    me = Acting(Actor(ActorKind.AGENT, account, Assurance.SUBSTANTIAL), door="tests")
    with database.unit() as unit:
        first = ask_for_oneself(unit, me, Right.ACCESS, "")
        made = ask_for_oneself(unit, me, Right.ERASURE, "tout")
        assert made.identified == business_date()
        assert withdraw_own(unit, me, first.id).state is State.WITHDRAWN
    with pytest.raises(SocleError, match="privacy-request-unknown"), database.unit() as unit:
        withdraw_own(unit, OTHER, made.id)
    done(database, order_erasure, made.id)
    assert erase_due(database) == {"persons": 1}
    with database.reading() as session:
        left = find(session, made.id)
        assert (left.state, left.sealed_details, left.sealed_answer) == (State.ANSWERED, None, None)
        assert session.fetch("SELECT state FROM accounts_account WHERE id = ?1", account) == [("left",)]


def test_a_restriction_begins_and_ends_from_the_dossier(database: Database) -> None:
    made = known(database, Right.RESTRICTION)
    done(database, restrict_for, made.id)
    with database.reading() as session:
        assert restricted_since(session, PERSON) == business_date()
    done(database, lift_for, made.id)
    with database.reading() as session:
        assert restricted_since(session, PERSON) is None


@pytest.mark.parametrize(
    ("left", "stage"),
    [(8, ""), (7, "week"), (2, "week"), (1, "last"), (0, "last"), (-1, "late"), (-90, "late")],
)
def test_a_delay_warns_in_stages(left: int, stage: str) -> None:
    assert stage_of(left) == stage


def test_each_stage_is_told_once(database: Database) -> None:
    made = deposited(database)
    left = (made.due - business_date()).days
    counts = []
    for days in (0, left - 7, left - 6, left - 1, left, left + 1, left + 2):
        with business_shift(days):
            counts.append(warn(database)["warned"])
    assert counts == [0, 1, 0, 1, 0, 1, 0]
    assert [data["stage"] for kind, data in events(database) if kind == "privacy.request-due.1"] == [
        "week",
        "last",
        "late",
    ]


def test_the_story_is_that_of_the_trail_before_and_after_the_sequencer(database: Database) -> None:
    from socle.kernel.audit.sequencer import sequence

    made = known(database)
    deposited(database)
    with database.unit() as unit:
        note_read(unit, OFFICER, made.id)
    with database.reading() as session:
        before = story_of(session, made)
    assert [step.action for step in before] == ["privacy.identified", "privacy.request-received"]
    assert [step.actor for step in before] == ["agent:dpo", "anonymous:-"]
    while sequence(database):
        pass
    with database.reading() as session:
        assert story_of(session, made) == before


def test_what_was_said_is_destroyed_in_time(database: Database) -> None:
    made = deposited(database)
    with database.unit() as unit:
        ask(unit, OFFICER, made.id, "Quoi ?")
        answer(unit, OFFICER, made.id, "voici")
    later = timedelta(days=6 * 366).days
    with business_shift(later), database.unit() as unit:
        assert purge_requests(unit) == 1
    with database.reading() as session:
        assert session.fetch("SELECT count(*) FROM privacy_message") == [(0,)]
        assert key_to_read(session, made.subject) is None
