"""One entry, checked as verification checks all of them: for who looks at it."""

from dataclasses import dataclass
from typing import Any

from socle.kernel.audit.heads import HeadRow, read_note
from socle.kernel.audit.introductions import listed_keys
from socle.kernel.audit.proofs import Proof, prove_entry
from socle.kernel.audit.queries import first_position
from socle.kernel.audit.verification.findings import (
    ENTRY_CHANGED,
    HEAD_KEY,
    HEAD_SIGNATURE,
    TILE_CHANGED,
    Finding,
)
from socle.kernel.audit.verification.ranges import check_range, place_of
from socle.kernel.db import Session
from socle.standards.merkle import TILE_WIDTH, TileMissing, proves_inclusion
from socle.standards.signed_note import NoteFault, NoteKey, parse


@dataclass(frozen=True, slots=True)
class Checked:
    """`proof` is that the entry is under `head`, None where none could be made; `findings` is what is wrong with the
    entry, its leaf, or the signature of the head."""

    head: HeadRow
    proof: Proof | None
    findings: list[Finding]

    @property
    def sound(self) -> bool:
        return self.proof is not None and not self.findings


def check_entry(session: Session, head: HeadRow, position: int) -> Checked:
    """`position` is below the size of the head, which is the last one."""
    findings = _of_entry(session, head.size, position)
    try:
        proof = prove_entry(session, position)
    except TileMissing as missing:
        findings.append(Finding(TILE_CHANGED, f"tile {missing.level}/{missing.index}"))
        return Checked(head, None, findings)
    if not findings and not _included(proof, head):
        findings.append(Finding(ENTRY_CHANGED, place_of(position)))
    return Checked(head, proof, [*findings, *_of_head(session, head)])


def _of_entry(session: Session, size: int, position: int) -> list[Finding]:
    """Document, leaf, columns and sealed details: those of the whole tile are compared, and this entry's kept."""
    start = position - position % TILE_WIDTH
    found = check_range(session, start, min(start + TILE_WIDTH, size), first_position(session))
    return [one for one in found.findings if one.place == place_of(position)]


def _included(proof: dict[str, Any], head: HeadRow) -> bool:
    path = [bytes.fromhex(one) for one in proof["inclusion"]]
    leaf = bytes.fromhex(proof["leaf"])
    return proves_inclusion(leaf, proof["position"], head.size, path, head.root)


def _of_head(session: Session, head: HeadRow) -> list[Finding]:
    place = f"head {head.size}"
    try:
        signed = read_note(head.checkpoint)
        sound = NoteKey(signed.origin, head.signer).signs(parse(head.checkpoint)) and (
            (signed.size, signed.root) == (head.size, head.root)
        )
    except NoteFault:
        sound = False
    if not sound:
        return [Finding(HEAD_SIGNATURE, place)]
    return [] if head.signer in listed_keys(session) else [Finding(HEAD_KEY, place)]
