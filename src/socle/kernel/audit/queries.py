"""Finding entries, the newest first, by position: a page costs the same however long the trail is.

One call looks at `MOST_LOOKED_AT` entries at most; what it found by then is a page, and the next one goes on from the
position where it stopped.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from socle.kernel.audit.entry import place_name
from socle.kernel.audit.faults import NO_ENTRY
from socle.kernel.audit.heads import last_head
from socle.kernel.audit.spans import Span, spans
from socle.kernel.audit.verification.documents import read
from socle.kernel.audit.wanted import CLOCK_SUBJECT, About, Wanted
from socle.kernel.db import Row, Session
from socle.kernel.db.dialect import Dialect
from socle.kernel.errors import SocleError

MOST_LOOKED_AT = 50_000
_FIRST_STEP, _GROWTH = 4, 8
_COLUMNS = "position, at, unit, facts, subject_sealed, actor_sealed"
_LOOKED_AT = (
    "SELECT count(*), min(position) FROM (SELECT position FROM audit_entry WHERE {where} "
    "AND position >= ?2 AND position < ?3 ORDER BY position DESC LIMIT ?4) AS looked"
)
# The words of the indexes that begin with these columns.
_BY = {
    "unit": "unit = ?1",
    "subject": "subject = ?1 AND subject <> ''",
    "actor": "actor = ?1",
}
_ABOUT = {
    About.RECORD: "(subject >= 'record:' AND subject < 'record;')",
    About.NOBODY: f"subject IN ('', '{CLOCK_SUBJECT}')",
    About.OTHER: f"(subject NOT IN ('', '{CLOCK_SUBJECT}') AND NOT (subject >= 'record:' AND subject < 'record;'))",
}
_ONE = f"SELECT {_COLUMNS} FROM audit_entry WHERE position = ?1"
_OF_UNIT = f"SELECT {_COLUMNS} FROM audit_entry WHERE unit = ?1 ORDER BY position"
_OPTIONAL = ("subject", "target", "purpose", "door", "request", "business")
_OLDEST = "SELECT min(position) FROM audit_entry WHERE position >= 0"
_EVENTS = (
    "SELECT kind, lane, at FROM outbox_event WHERE unit = ?1 "
    "UNION ALL SELECT kind, lane, at FROM outbox_inbox WHERE unit = ?1"
)


@dataclass(frozen=True, slots=True)
class Found:
    """An entry: its position, the bytes that are proven, and what they say; an empty document when they say nothing
    that can be read. The sealed details stay sealed."""

    position: int
    at: int
    unit: bytes
    facts: bytes
    document: dict[str, Any]
    sealed: tuple[bytes | None, bytes | None]

    @property
    def number(self) -> int:
        return int(self.document.get("n", 0))

    @property
    def name(self) -> tuple[bytes, int]:
        """(unit, number in it)."""
        return self.unit, self.number

    @property
    def place(self) -> str:
        """What its sealed details are bound to."""
        return place_name(self.unit.hex(), self.number)

    @property
    def fhir_id(self) -> str:
        """The identifier of its AuditEvent."""
        return f"{self.unit.hex()}-{self.number}"


@dataclass(frozen=True, slots=True)
class Page:
    """`before`: the position below which the next page begins; None when there is nothing more."""

    entries: list[Found]
    before: int | None


def find(session: Session, wanted: Wanted, count: int, before: int | None = None) -> Page:
    """The next entries below the position `before`, `count` at most, or fewer when that many were looked at."""
    walk = _Walk(session, wanted, count)
    if wanted.impossible:
        return Page([], None)
    for span in spans(session, wanted.period):
        high = span.high if before is None else min(span.high, before)
        if high > span.low and (stopped := walk.through(Span(span.low, high))) is not None:
            return Page(walk.found[:count], stopped)
    return Page(walk.found, None)


def entry_at(session: Session, position: int) -> Found:
    """Raises SocleError(NO_ENTRY)."""
    row = session.fetch_one(_ONE, position)
    if row is None:
        head = last_head(session)
        raise SocleError(NO_ENTRY, asked=position, size=head.size if head else 0)
    return _found(row)


def first_position(session: Session) -> int:
    """That of the oldest entry that retention has left; 0 when there is none."""
    row = session.fetch_one(_OLDEST)
    return int(row[0]) if row and row[0] is not None else 0


def of_unit(session: Session, unit: bytes) -> list[Found]:
    """The entries of one act, in order."""
    return [_found(row) for row in session.fetch(_OF_UNIT, unit)]


def events_of(session: Session, unit: bytes) -> list[Row]:
    """(kind, lane, at) of the events of one act that the outbox still holds."""
    return session.fetch(_EVENTS, unit)


class _Walk:
    """From span to span, until the page is full or enough was looked at."""

    def __init__(self, session: Session, wanted: Wanted, count: int) -> None:
        self._session, self._wanted, self._count = session, wanted, count
        self._left, self._step = MOST_LOOKED_AT, _FIRST_STEP * (count + 1)
        self._where, self._values = _conditions(session.dialect, wanted)
        self.found: list[Found] = []

    def through(self, span: Span) -> int | None:
        """Where to go on, when this is not over at the end of the span."""
        high = span.high
        while high > span.low:
            if self._left <= 0:
                return high
            low = self._low(span.low, high)
            # One more than the page holds: is there anything after it?
            asked = self._count + 1 - len(self.found)
            rows = self._session.fetch(
                f"SELECT {_COLUMNS} FROM audit_entry WHERE position >= ?2 AND position < ?3{self._where} "
                "ORDER BY position DESC LIMIT ?4",
                *(self._value, low, high, asked, *self._values),
            )
            self.found += [one for one in map(_found, rows) if self._is_wanted(one)]
            if len(self.found) > self._count:
                return self.found[self._count - 1].position
            high = rows[-1][0] if len(rows) == asked else low
        return None

    def _low(self, low: int, high: int) -> int:
        """How far down this step goes, and what it takes from what may be looked at. Most pages are filled by the first
        step; those that are not take longer and longer ones."""
        step = min(self._left, self._step)
        self._step *= _GROWTH
        if self._wanted.indexed is None:
            down = max(low, high - step)
            self._left -= high - down
            return down
        sql = _LOOKED_AT.format(where=_BY[self._wanted.indexed[0]])
        ((looked, lowest),) = self._session.fetch(sql, self._value, low, high, step)
        self._left -= looked
        return int(lowest) if looked >= step else low

    @property
    def _value(self) -> str | bytes:
        return self._wanted.indexed[1] if self._wanted.indexed else ""

    def _is_wanted(self, one: Found) -> bool:
        numbers = self._wanted.numbers
        return (numbers is None or one.name in numbers) and all(
            member.holds(one.document) for member in self._wanted.members
        )


def _conditions(dialect: Dialect, wanted: Wanted) -> tuple[str, list[Any]]:
    """SQL to follow `WHERE`, and its parameters from the fifth on. The first parameter is what an index leads to."""
    parts: list[str] = [_BY[wanted.indexed[0]]] if wanted.indexed else ["?1 = ''"]
    values: list[Any] = []

    def parameter(value: Any) -> int:
        values.append(value)
        return len(values) + 4

    for column, chosen in (
        ("actor", wanted.actors),
        ("subject", wanted.subjects),
        ("action", wanted.actions),
    ):
        if chosen is not None:
            parts.append(dialect.among_texts(column, parameter(dialect.listed(sorted(chosen)))))
    if wanted.units is not None and len(wanted.units) > 1:
        marks = ", ".join(f"?{parameter(unit)}" for unit in sorted(wanted.units))
        parts.append(f"unit IN ({marks})")
    if wanted.without:
        hidden = dialect.among_texts("action", parameter(dialect.listed(sorted(wanted.without))))
        parts.append(f"NOT {hidden}")
    if wanted.about is not None:
        parts.append(f"({' OR '.join(_ABOUT[one] for one in sorted(wanted.about))})")
    for bound, sign in ((wanted.period.low, ">="), (wanted.period.high, "<")):
        if bound is not None:
            parts.append(f"at {sign} ?{parameter(bound)}")
    for member in wanted.members:
        held = [dialect.holds_bytes("facts", parameter(needle)) for needle in member.needles]
        parts.append(f"({' OR '.join(held)})")
    return "".join(f" AND {part}" for part in parts), values


def _found(row: Row) -> Found:
    position, at, unit, facts, subject_sealed, actor_sealed = row
    # A column of SQLite holds whatever somebody put there by hand.
    facts = facts.encode() if isinstance(facts, str) else bytes(facts)
    sealed = tuple(None if one is None else bytes(one) for one in (subject_sealed, actor_sealed))
    return Found(position, at, bytes(unit), facts, _document(facts), (sealed[0], sealed[1]))


def _document(facts: bytes) -> dict[str, Any]:
    """An entry that is no document of ours was committed all the same; verification names it."""
    document = read(facts)
    return document if document is not None and _is_ours(document) else {}


def _is_ours(document: dict[str, Any]) -> bool:
    """Whether all that readers are shown is of its kind: one changed byte must not hide the entries beside it."""
    actor = document["actor"]
    texts = [document.get(name, "") for name in _OPTIONAL]
    texts += [document.get("outcome"), actor.get("assurance"), actor.get("organisation", "")]
    return all(isinstance(text, str) for text in texts) and isinstance(document.get("data", {}), dict)


def pages(session: Session, wanted: Wanted, count: int) -> Iterator[Sequence[Found]]:
    """Every page to the end, some of them empty."""
    page = find(session, wanted, count)
    yield page.entries
    while page.before is not None:
        page = find(session, wanted, count, page.before)
        yield page.entries
