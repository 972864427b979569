"""Signed heads: each signature, each root, each link to the head before; keys and clock as the trail tells them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from socle.kernel.audit.entry import stamp
from socle.kernel.audit.heads import Head, HeadRow, parse_head
from socle.kernel.audit.introductions import keys_digest
from socle.kernel.audit.verification.findings import (
    FOREIGN_CUT,
    FOREIGN_KEY,
    FOREIGN_ROOT,
    HEAD_CHANGED,
    HEAD_CLOCK,
    HEAD_KEY,
    HEAD_MISSING,
    HEAD_ROOT,
    HEAD_SIGNATURE,
    KEY_CHANGED,
    TILE_CHANGED,
    Finding,
)
from socle.kernel.audit.verification.telling import Told
from socle.kernel.db import Session
from socle.standards.merkle import TileMissing, TileTree, root_at
from socle.standards.signed_note import Note, NoteFault, NoteKey, parse, signing

_PAGE, _FIRST = 2_000, -(2**63)
_HEADS = "SELECT size, at, root, signer, checkpoint FROM audit_head WHERE size > ?1 ORDER BY size LIMIT ?2"


def head_rows(session: Session) -> Iterator[HeadRow]:
    """Every head by size."""
    after = _FIRST
    while rows := session.fetch(_HEADS, after, _PAGE):
        yield from map(HeadRow.of, rows)
        after = rows[-1][0]


@dataclass(slots=True)
class Heads:
    """Follows the heads in order. `keys` are those introduced, by position; the first head's key may come after it,
    since nothing came before. `ancestors` are, for each key, those whose signatures vouch for it."""

    tree: TileTree
    told: Told
    keys: Mapping[bytes, int] = field(default_factory=dict)
    ancestors: Mapping[bytes, frozenset[bytes]] = field(default_factory=dict)
    floor: int = 0
    findings: list[Finding] = field(default_factory=list)
    last: Head | None = None
    count: int = 0

    def check(self, row: HeadRow) -> None:
        place = f"head {row.size}"
        self.count += 1
        try:
            note = parse(row.checkpoint)
            head = parse_head(note.text)
        except NoteFault as fault:
            self._changed(place, f"illisible ({fault})", f"cannot be read ({fault})")
            return
        self._check_columns(place, row, head)
        self._check_signature(place, row, head, note)
        self._check_root(place, head)
        self._check_order(place, head)
        self.last = head

    def _check_columns(self, place: str, row: HeadRow, head: Head) -> None:
        said = {"size": head.size, "at": head.at, "root": head.root}
        for column, value in said.items():
            if getattr(row, column) != value:
                self._changed(
                    place,
                    f"la colonne {column} dit autre chose que la tête",
                    f"the column {column} says something else than the head",
                )

    def _check_signature(self, place: str, row: HeadRow, head: Head, note: Note) -> None:
        try:
            key = NoteKey(head.origin, row.signer)
        except NoteFault as fault:
            self._changed(place, f"clé illisible ({fault})", f"unreadable key ({fault})")
            return
        if len(note.signatures) != 1 or not key.signs(note):
            self.findings.append(Finding(HEAD_SIGNATURE, place))
        if row.signer not in self.keys or not any(map(self._is_vouched, self._with_ancestors(row.signer))):
            self.findings.append(Finding(HEAD_KEY, place))

    def _with_ancestors(self, signer: bytes) -> frozenset[bytes]:
        return self.ancestors.get(signer, frozenset()) | {signer}

    def _is_vouched(self, key: bytes) -> bool:
        """Whether the trail introduced the key under a head before this one, or began with it."""
        introduced = self.keys.get(key)
        if introduced is None:
            return False
        return self.last is None or introduced < self.last.size or self._is_first_key(key)

    def _is_first_key(self, signer: bytes) -> bool:
        return signer == min(self.keys, key=lambda key: self.keys[key])

    def _check_root(self, place: str, head: Head) -> None:
        try:
            if root_at(self.tree.node, head.size) != head.root:
                self.findings.append(Finding(HEAD_ROOT, place))
        except TileMissing as missing:
            self.findings.append(Finding(TILE_CHANGED, f"tile {missing.level}/{missing.index}"))

    def _check_order(self, place: str, head: Head) -> None:
        previous = self.last
        if head.previous != (previous.size if previous else 0):
            self.findings.append(Finding(HEAD_MISSING, f"head {head.previous}"))
        if previous is None or head.at >= previous.at:
            return
        if head.size < self.floor:
            # The entry that says so comes after the head, and was purged.
            return
        if (stamp(previous.at), stamp(head.at)) not in self.told.set_back:
            self.findings.append(Finding(HEAD_CLOCK, place))

    def _changed(self, place: str, what: str, what_en: str) -> None:
        self.findings.append(Finding(HEAD_CHANGED, place, (("what", what), ("what_en", what_en))))


def check_foreign(note: Note, head: Head, heads: Heads) -> Iterator[Finding]:
    """A head that somebody else holds, against the trail as it is."""
    place = f"foreign head {head.size}"
    origin = heads.last.origin if heads.last else head.origin
    followed = {key for key, before in heads.ancestors.items() if before & heads.keys.keys()}
    keys = [NoteKey(head.origin, key) for key in heads.keys.keys() | followed]
    if head.origin != origin or signing(note, keys) is None:
        yield Finding(FOREIGN_KEY, place)
    proven = heads.last.size if heads.last else 0
    if head.size > proven:
        yield Finding(FOREIGN_CUT, place, (("told", str(head.size)), ("found", str(proven))))
        return
    try:
        if root_at(heads.tree.node, head.size) != head.root:
            yield Finding(FOREIGN_ROOT, place)
    except TileMissing as missing:
        yield Finding(TILE_CHANGED, f"tile {missing.level}/{missing.index}")


def check_keys(
    rows: Mapping[bytes, int], told: Told, floor: int, size: int, digest: str
) -> Iterator[Finding]:
    """The list of keys against the entries that introduce them, and for purged ones against the purge."""
    for key in rows.keys() | told.introduced.keys():
        listed, introduced = rows.get(key), told.introduced.get(key)
        waits = introduced is not None and introduced >= size
        purged = listed is not None and listed < floor
        if listed != introduced and not (waits and listed is None) and not purged:
            yield Finding(KEY_CHANGED, f"key {key.hex()}")
    if floor and keys_digest(rows, floor) != digest:
        yield Finding(KEY_CHANGED, f"keys before {floor}")
