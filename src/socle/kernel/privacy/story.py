"""The story of a request, as the audit trail tells it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from socle.kernel.audit.actions import CATALOGUE
from socle.kernel.audit.entry import micros_of
from socle.kernel.db import Session
from socle.kernel.manifest import Text
from socle.kernel.privacy.requests import Request

_AT_MOST = 2_000
_LOGGED = f"SELECT facts FROM audit_entry WHERE subject = ?1 ORDER BY position DESC LIMIT {_AT_MOST}"
# What was done within the last second has no position yet.
_WAITING = f"SELECT facts FROM audit_inbox ORDER BY seq DESC LIMIT {_AT_MOST}"


@dataclass(frozen=True, slots=True)
class Step:
    """What was done, when (microseconds UTC), by whom: `kind:id` of the actor."""

    at: int
    action: str
    what: Text
    actor: str


def story_of(session: Session, request: Request) -> list[Step]:
    """The last one first. Readings of the dossier are left out: an auditor finds them in the trail."""
    target = f"Request/{request.id}"
    found = [
        facts
        for facts in (*_facts(session, _WAITING), *_logged(session, request))
        if facts.get("target") == target and facts["action"] != "privacy.request-read"
    ]
    steps = {(facts["unit"], facts["n"]): _step(facts) for facts in found}
    return sorted(steps.values(), key=lambda step: step.at, reverse=True)


def _logged(session: Session, request: Request) -> Iterator[dict[str, Any]]:
    """What was done with the person's data on its account is told of the person."""
    for subject in {request.subject, request.person} - {""}:
        yield from _facts(session, _LOGGED, subject)


def _facts(session: Session, sql: str, *parameters: str) -> Iterator[dict[str, Any]]:
    for (facts,) in session.fetch(sql, *parameters):
        yield orjson.loads(bytes(facts))


def _step(facts: dict[str, Any]) -> Step:
    known = CATALOGUE.get(facts["action"])
    what = Text(known.fr, known.en) if known else Text(facts["action"], facts["action"])
    actor = facts["actor"]
    return Step(micros_of(facts["at"]), facts["action"], what, f"{actor['kind']}:{actor['id']}")
