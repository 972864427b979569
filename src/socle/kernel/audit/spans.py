"""Between which positions the entries of a period lie.

Entries are nearly in the order of their instants: an entry is stamped just before its commit and gets its position
just after, so that neighbours may stand the wrong way round by as long as a commit takes. The edges of a period are
therefore searched for with `SLACK` on both sides, and each entry's own instant decides.

Where the clock was set back by more than that, the order begins anew. The sequencer says so by an entry about
`CLOCK_SUBJECT`, which an index finds; each stretch between two of them is searched by itself.
"""

from dataclasses import dataclass
from itertools import pairwise

import orjson

from socle.kernel.audit.entry import micros_of
from socle.kernel.audit.sequencer import BATCH, CLOCK_SET_BACK
from socle.kernel.audit.wanted import CLOCK_SUBJECT, Period
from socle.kernel.db import Session

SLACK = 5 * 60_000_000
# Each by itself is one look at the index; SQLite reads the whole table for both together.
_ENDS = (
    "SELECT (SELECT min(position) FROM audit_entry WHERE position >= 0), "
    "(SELECT max(position) FROM audit_entry WHERE position >= 0)"
)
_NEXT = (
    "SELECT position, at FROM audit_entry WHERE position >= ?1 AND position < ?2 AND at > 0 "
    "ORDER BY position LIMIT 1"
)
_SET_BACK = (
    "SELECT position, facts FROM audit_entry WHERE subject = ?1 AND subject <> '' AND action = ?2 "
    "ORDER BY position"
)
# The head before the clock was set back is one of those just before the entry that says so.
_HEAD = "SELECT size FROM audit_head WHERE size > ?1 AND size <= ?2 AND at = ?3 ORDER BY size DESC LIMIT 1"


@dataclass(frozen=True, slots=True)
class Span:
    """Positions from `low` to before `high`."""

    low: int
    high: int


def spans(session: Session, period: Period) -> list[Span]:
    """Where the entries of the period are, the highest positions first."""
    ends = session.fetch_one(_ENDS)
    if ends is None or ends[0] is None:
        return []
    whole = Span(ends[0], ends[1] + 1)
    if period == Period():
        return [whole]
    found: list[Span] = []
    for stretch, ordered in _stretches(session, whole):
        found.append(_within(session, stretch, period) if ordered else stretch)
    return [span for span in reversed(found) if span.low < span.high]


def _stretches(session: Session, whole: Span) -> list[tuple[Span, bool]]:
    """Whole stretches in order of position, and whether their instants are in order too: not so around a moment at
    which the clock was set back, where entries of before and after it were sequenced together."""
    edges = [whole.low]
    for position, facts in session.fetch(_SET_BACK, CLOCK_SUBJECT, CLOCK_SET_BACK.code):
        start = max(edges[-1], _last_before(session, position, bytes(facts)))
        edges += [start, max(start, min(position + 1, whole.high))]
    edges.append(whole.high)
    return [(Span(low, high), number % 2 == 0) for number, (low, high) in enumerate(pairwise(edges))]


def _last_before(session: Session, position: int, facts: bytes) -> int:
    """The size of the last head that was signed before the clock was set back."""
    try:
        before = micros_of(orjson.loads(facts)["data"]["before"])
    except (ValueError, KeyError, TypeError):
        return max(0, position - 2 * BATCH)
    row = session.fetch_one(_HEAD, position - 4 * BATCH, position, before)
    return int(row[0]) if row else max(0, position - 2 * BATCH)


def _within(session: Session, stretch: Span, period: Period) -> Span:
    low = stretch.low if period.low is None else _first(session, stretch, period.low - SLACK)
    high = stretch.high if period.high is None else _first(session, stretch, period.high + SLACK)
    return Span(low, high)


def _first(session: Session, stretch: Span, moment: int) -> int:
    """The first position of an entry of that moment or later, as if they were in order."""
    low, high = stretch.low, stretch.high
    while low < high:
        middle = (low + high) // 2
        row = session.fetch_one(_NEXT, middle, high)
        if row is None or row[1] >= moment:
            high = middle
        else:
            low = row[0] + 1
    return low
