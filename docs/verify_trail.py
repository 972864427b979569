#!/usr/bin/env python3
"""Checks an exported audit trail without Socle: `python verify_trail.py EXPORT [--head FILE]`.

EXPORT is what `socle audit export` wrote; FILE is a signed head kept elsewhere (`socle audit head`). One file, Python
3.11 or later, the package `cryptography` and nothing else, so that whoever audits can read all of it. It prints one
line for each thing that is wrong and exits with 1; what it cannot see (columns of the database, sealed details, events)
is checked by `socle audit verify`. Neither can it see whether a purge or an erasure was made by the program: that takes
the master key. It prints each of them, for you to ask who decided it.

Sources: RFC 9162 §2.1 (tree), https://c2sp.org/signed-note and https://c2sp.org/tlog-checkpoint (heads).
"""

import argparse
import base64
import binascii
import json
import re
import sys
from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

FORMAT = "socle-audit-trail-1"
HEADER = {"format", "origin", "size", "floor", "keys", "successions"}
SIGNATURE = re.compile(r"— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})")
WHEN = re.compile(r"(\S+Z) after (0|[1-9][0-9]*)")
INTRODUCING = ("keys.announced", "keys.activated")


class Wrong(Exception):
    """The export, or the head, is not of the form it should have: nothing more can be said."""


class Head(NamedTuple):
    """A checkpoint of four lines and its signatures, (key name, key id, 64 bytes)."""

    text: str
    origin: str
    size: int
    root: bytes
    at: str
    previous: int
    signatures: list[tuple[str, bytes, bytes]]


class Edge:
    """The right edge of a Merkle tree: of each level, the node that waits for its sibling."""

    def __init__(self) -> None:
        self.size = 0
        self.waiting: list[bytes] = []

    def append(self, leaf: bytes) -> None:
        node, size = leaf, self.size
        while size & 1:
            node = sha256(b"\x01" + self.waiting.pop() + node).digest()
            size >>= 1
        self.waiting.append(node)
        self.size += 1

    def root(self) -> bytes:
        if not self.waiting:
            return sha256(b"").digest()
        node = self.waiting[-1]
        for left in self.waiting[-2::-1]:
            node = sha256(b"\x01" + left + node).digest()
        return node


def parse_head(note: str) -> Head:
    text, found, signed = note.rpartition("\n\n")
    lines = text.split("\n")
    if not found or not signed.endswith("\n") or len(lines) != 4 or not all(lines):
        raise Wrong("a head is four lines, an empty line, and signatures")
    origin, size, root, when = lines
    told = WHEN.fullmatch(when)
    if not re.fullmatch("0|[1-9][0-9]*", size) or told is None:
        raise Wrong("a head whose size, instant or previous size cannot be read")
    try:
        datetime.fromisoformat(told[1])
    except ValueError:
        raise Wrong(f"a head of the instant {told[1]!r}") from None
    signatures = [signature(line) for line in signed[:-1].split("\n")]
    return Head(f"{text}\n", origin, int(size), unbase64(root), told[1], int(told[2]), signatures)


def signature(line: str) -> tuple[str, bytes, bytes]:
    met = SIGNATURE.fullmatch(line)
    if met is None:
        raise Wrong(f"not a signature: {line[:60]!r}")
    held = unbase64(met[2])
    return met[1], held[:4], held[4:]


def unbase64(text: str) -> bytes:
    try:
        held = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Wrong(f"not base64: {text[:60]!r}") from None
    if base64.b64encode(held).decode() != text:
        raise Wrong(f"base64 with idle bits: {text[:60]!r}")
    return held


def unhex(text: str) -> bytes:
    held = bytes.fromhex(text)
    if held.hex() != text:
        raise Wrong(f"not lower-case hexadecimal: {text[:70]!r}")
    return held


def is_signed_by(head: Head, public: bytes) -> bool:
    key_id = sha256(head.origin.encode() + b"\n\x01" + public).digest()[:4]
    given = [value for name, key, value in head.signatures if name == head.origin and key == key_id]
    try:
        for value in given:
            Ed25519PublicKey.from_public_bytes(public).verify(value, head.text.encode())
    except (InvalidSignature, ValueError):
        return False
    return bool(given)


def introduced_key(facts: dict[str, Any]) -> bytes | None:
    data = facts.get("data")
    if facts.get("action") not in INTRODUCING or not isinstance(data, dict):
        return None
    if data.get("purpose") != "audit-head":
        return None
    try:
        key = load_der_public_key(base64.b64decode(data["public"], validate=True))
    except (KeyError, TypeError, ValueError, UnsupportedAlgorithm):
        return None
    return key.public_bytes_raw() if isinstance(key, Ed25519PublicKey) else None


def sound_successions(told: list[dict[str, str]]) -> Iterator[tuple[bytes, bytes]]:
    """(new key, key before it) where the signature by the key before holds: it is over three lines, the last two the
    keys in base64."""
    for one in told:
        new, before = unhex(one["public"]), unhex(one["predecessor"])
        keys = (base64.b64encode(key).decode() for key in (before, new))
        said = "\n".join(("socle audit-head succession 1", *keys, "")).encode()
        try:
            Ed25519PublicKey.from_public_bytes(before).verify(unhex(one["signature"]), said)
        except (InvalidSignature, ValueError):
            continue
        yield new, before


class Check:
    """One pass over the export. `wrong` collects sentences."""

    def __init__(self, lines: Iterator[bytes], foreign: Head | None) -> None:
        self.lines, self.foreign = lines, foreign
        self.wrong: list[str] = []
        self.edge = Edge()
        self.asked = {foreign.size} if foreign else set()
        self.roots: dict[int, bytes] = {}
        self.introduced: dict[bytes, int] = {}
        self.set_back: set[tuple[str, str]] = set()
        self.purge: dict[str, Any] = {}
        self.removals: list[str] = []
        self.waiting = 0
        self.units: dict[str, int] = {}

    def run(self) -> None:
        self.header = next(self.documents(), {})
        if self.header.get("format") != FORMAT:
            raise Wrong(f"not an export of the form {FORMAT}")
        if strange := self.header.keys() - HEADER:
            raise Wrong(f"unknown members in the first line: {', '.join(sorted(strange))}")
        self.floor = integer(self.header, "floor")
        self.listed = {unhex(key["public"]): integer(key, "position") for key in self.header["keys"]}
        self.successions = list(sound_successions(self.header.get("successions", [])))
        self.heads: list[tuple[Head, bytes]] = []
        for document in self.documents():
            if "checkpoint" in document and not self.edge.size:
                self.heads.append((parse_head(document["checkpoint"]), unhex(document["signer"])))
                self.asked.add(self.heads[-1][0].size)
            elif "waiting" in document:
                self.wait(document)
            else:
                self.entry(document)
        self.judge_heads()
        self.judge_keys_and_purge()
        if self.foreign is not None:
            self.judge_foreign(self.foreign)

    def documents(self) -> Iterator[dict[str, Any]]:
        for line in self.lines:
            document = json.loads(line)
            if not isinstance(document, dict):
                raise Wrong("a line that is not a JSON object")
            yield document

    def entry(self, document: dict[str, Any]) -> None:
        position = integer(document, "position")
        if self.waiting:
            raise Wrong(f"entry {position}: it comes after entries that wait for their head")
        if position != self.edge.size:
            self.wrong.append(f"entry {self.edge.size}: not there (the next one is {position})")
            raise Wrong("the entries after a hole cannot be placed in the tree")
        self.keep_root()
        if "leaf" in document:
            leaf = unhex(document["leaf"])
            if position >= self.floor or len(leaf) != 32:
                self.wrong.append(f"entry {position}: only its leaf is there, and no purge says so")
            self.edge.append(leaf)
            return
        facts = written(document)
        self.edge.append(sha256(b"\x00" + facts).digest())
        self.hear(position, facts)

    def wait(self, document: dict[str, Any]) -> None:
        """An entry that no head covers yet: nothing proves it, and it may say what the program has just purged."""
        if integer(document, "waiting") != self.waiting:
            raise Wrong(f"waiting entry {self.waiting}: not there")
        self.hear(self.edge.size + self.waiting, written(document))
        self.waiting += 1

    def keep_root(self) -> None:
        """The root at each size that a head speaks of."""
        if self.edge.size in self.asked:
            self.roots[self.edge.size] = self.edge.root()

    def hear(self, position: int, text: bytes) -> None:
        try:
            facts = json.loads(text)
            unit, number, action = facts["unit"], facts["n"], facts["action"]
            actor = facts["actor"]["kind"], facts["actor"]["id"], facts["at"]
        except (ValueError, KeyError, TypeError):
            self.wrong.append(f"entry {position}: its document is not that of an entry")
            return
        if not all(isinstance(one, str) for one in (unit, action, *actor)):
            self.wrong.append(f"entry {position}: its document is not that of an entry")
            return
        self.number(position, unit, number)
        data = facts.get("data") if isinstance(facts.get("data"), dict) else {}
        key = introduced_key(facts)
        if key is not None:
            self.introduced.setdefault(key, position)
        elif action == "clock.set-back":
            self.set_back.add((str(data.get("before")), str(data.get("after"))))
        elif action == "audit.purged":
            self.purge = max(self.purge, data, key=lambda one: one.get("size", -1))
            what = f"entries before {data.get('size')}, older than {data.get('before')}, purged"
            self.removals.append(f"{what} at {facts['at']} by {':'.join(actor[:2])} (entry {position})")
        elif action == "privacy.erased":
            what = f"{facts.get('subject')} erased at {facts['at']}"
            self.removals.append(f"{what} by {':'.join(actor[:2])} (entry {position})")

    def number(self, position: int, unit: str, number: int) -> None:
        """Entries of one act are numbered from 0, in order; the first ones may have been purged."""
        expected = self.units.get(unit, number if self.floor else 0)
        if number != expected:
            self.wrong.append(f"entry {position}: number {number} of its act, expected {expected}")
        self.units[unit] = number + 1

    def judge_heads(self) -> None:
        self.keep_root()
        last: Head | None = None
        known = self.introduced | self.listed
        first_key = min(known, key=lambda key: known[key], default=None)
        for head, signer in self.heads:
            place = f"head {head.size}"
            if len(head.signatures) != 1 or not is_signed_by(head, signer):
                self.wrong.append(f"{place}: its signature is not valid")
            trusted = {key for key in known if last is None or known[key] < last.size or key == first_key}
            if signer not in known or not trusted & self.with_ancestors(signer):
                self.wrong.append(f"{place}: its key was not introduced under an earlier head")
            if self.roots.get(head.size) != head.root:
                self.wrong.append(f"{place}: its root is not that of the entries")
            if head.previous != (last.size if last else 0):
                self.wrong.append(f"head {head.previous}: not there, though {place} names it")
            if (
                last
                and head.at < last.at
                and head.size >= self.floor
                and (last.at, head.at) not in self.set_back
            ):
                self.wrong.append(f"{place}: earlier than the one before it, and no entry says so")
            last = head
        if last is None or last.size != self.edge.size or self.header.get("size") != self.edge.size:
            self.wrong.append(f"{self.edge.size} entries, and no head that covers them all")
        if last and self.header.get("origin") != last.origin:
            self.wrong.append("the export names another trail than its heads do")

    def with_ancestors(self, key: bytes) -> set[bytes]:
        """The key, and those from which it follows by signatures: each key vouched for the one after it."""
        found = {key}
        while True:
            more = {one for new, one in self.successions if new in found} - found
            if not more:
                return found
            found |= more

    def judge_keys_and_purge(self) -> None:
        """What was purged comes with an entry that says how far, and with which keys; it may still wait for its head,
        as may one that introduces a key."""
        for key in self.listed.keys() | self.introduced.keys():
            if self.listed.get(key, -1) >= self.floor and self.listed.get(key) != self.introduced.get(key):
                self.wrong.append(f"key {key.hex()}: listed and introduced at different places")
            if key not in self.listed and self.introduced[key] < self.edge.size:
                self.wrong.append(f"key {key.hex()}: introduced and not listed")
        if not self.floor:
            return
        before = sorted((position, key) for key, position in self.listed.items() if position < self.floor)
        digest = sha256(b"".join(position.to_bytes(8, "big", signed=True) + key for position, key in before))
        if self.purge.get("size") != self.floor or self.purge.get("keys") != digest.hexdigest():
            self.wrong.append(f"entries before {self.floor}: taken out, and no entry says exactly so")

    def judge_foreign(self, foreign: Head) -> None:
        place = f"head kept elsewhere ({foreign.size})"
        known = self.introduced.keys() | self.listed.keys()
        known |= {new for new, _ in self.successions if self.with_ancestors(new) & known}
        if not any(is_signed_by(foreign, key) for key in known):
            self.wrong.append(f"{place}: no key of this trail signed it")
        if foreign.size > self.edge.size:
            self.wrong.append(f"{place}: the trail is shorter, its end was cut")
        elif self.roots.get(foreign.size) != foreign.root:
            self.wrong.append(f"{place}: this trail is not the one it was signed over")


def written(document: dict[str, Any]) -> bytes:
    return unbase64(document["base64"]) if "base64" in document else document["facts"].encode()


def integer(document: dict[str, Any], name: str) -> int:
    value = document.get(name)
    if type(value) is not int or value < 0:
        raise Wrong(f"{name}: got {value!r}; expected a number")
    return value


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("export", type=Path)
    parser.add_argument("--head", type=Path, help="a signed head kept elsewhere")
    chosen = parser.parse_args()
    try:
        foreign = parse_head(chosen.head.read_text(encoding="utf-8")) if chosen.head else None
    except (Wrong, UnicodeDecodeError) as wrong:
        print(f"WRONG  {chosen.head}: {wrong}")
        return 1
    with chosen.export.open("rb") as lines:
        check = Check(lines, foreign)
        try:
            check.run()
        except Wrong as wrong:
            check.wrong.append(str(wrong))
        except (ValueError, KeyError, TypeError, AttributeError) as wrong:
            check.wrong.append(f"a line that cannot be read ({type(wrong).__name__}: {wrong})")
    return told(check)


def told(check: Check) -> int:
    for sentence in check.wrong:
        print(f"WRONG  {sentence}")
    for sentence in check.removals:
        print(f"TOLD   {sentence}")
    if check.wrong:
        return 1
    print(f"OK     {check.edge.size} entries, {len(check.heads)} heads, root {check.edge.root().hex()}")
    if check.waiting:
        print(f"       {check.waiting} entries wait for their head: nothing proves them yet")
    if check.foreign is None:
        print("       no head kept elsewhere: this holds against whoever does not have the signing key")
    else:
        print(f"       proven by the head kept elsewhere up to entry {check.foreign.size - 1}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
