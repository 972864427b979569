"""`python -m benchmarks.trail`: the sequencer, the verification and the proofs of the audit trail, on each engine.

Entries are written into the inbox as acts write them, but in bulk: how fast acts are is measured elsewhere. Proofs are
drawn from a tree whose leaves are numbers, so that it can be as large as a country's.
"""

import argparse
import json
import os
import statistics
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any

from benchmarks import machine
from benchmarks.engines import NAMES, engine
from benchmarks.loads import migrate
from benchmarks.settings import REPORTS
from benchmarks.targets import TRAIL
from socle.kernel.actors import Acting, Actor, ActorKind, Assurance
from socle.kernel.audit.actions import Kind, action
from socle.kernel.audit.entry import Entry, Place, Sealed, combined_hash, events_hash, facts_of
from socle.kernel.audit.sequencer import BATCH, sequence
from socle.kernel.audit.tiles import append_to_tiles, tile_tree
from socle.kernel.audit.verification import verify
from socle.kernel.db import BulkTable, Column, Database
from socle.standards.merkle import Frontier, inclusion_proof, leaf_hash, proves_inclusion

_READ = action("bench.read", Kind.READ, "Lu", "Read")
_DOCTOR = Actor(ActorKind.PROFESSIONAL, "0b6f2a6e-7a55-4f0e-9c53", Assurance.HIGH, organisation="o-1201")
_BY = Acting(_DOCTOR, door="/fhir/v2", request="01JD9Q4ZC2", purpose="TREAT")
_START = 1_780_000_000_000_000
_PIECE = 20_000
_PROOFS = 500
_UNIT = BulkTable(
    "audit_unit",
    (
        Column("id", "bytes"),
        Column("at", "int8"),
        Column("entries", "int4"),
        Column("events", "int4"),
        Column("events_hash", "bytes"),
        Column("combined", "bytes"),
    ),
)
_INBOX = BulkTable(
    "audit_inbox",
    (
        Column("unit", "bytes"),
        Column("number", "int4"),
        Column("facts", "bytes"),
        Column("actor_sealed", "bytes"),
    ),
)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.trail", description=__doc__)
    parser.add_argument("--engine", choices=(*NAMES, "both"), default="both")
    parser.add_argument("--entries", type=int, default=1_000_000, help="sequenced and verified")
    parser.add_argument(
        "--leaves", type=int, default=10_000_000, help="of the tree that proofs are drawn from"
    )
    parser.add_argument("--out", type=Path, default=REPORTS / "trail", help="folder of the reports")
    chosen = parser.parse_args()
    names = NAMES if chosen.engine == "both" else (chosen.engine,)
    missed = [line for name in names for line in _measured(name, chosen)]
    print("\n".join(missed) if missed else "every target is met")
    return int(bool(missed))


def _measured(name: str, chosen: argparse.Namespace) -> Iterator[str]:
    with engine(name) as measured:
        figures: dict[str, Any] = {"entries": chosen.entries, "leaves": chosen.leaves}
        with measured.database("trail") as place:
            migrate(place.home, place.url)
            db = Database(place.url)
            figures |= _filled(db, chosen.entries)
            figures |= _verified(db)
            db.close()
        with measured.database("proofs") as place:
            migrate(place.home, place.url)
            db = Database(place.url)
            figures |= _proven(db, chosen.leaves)
            db.close()
        version, settings = measured.version, list(measured.settings)
    report = {
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "engine": name,
        "engine_version": version,
        "engine_settings": settings,
        "machine": machine.described(),
        "caches": "warm: filled just before on the same machine",
        "targets": dict(TRAIL),
        "figures": figures,
    }
    chosen.out.mkdir(parents=True, exist_ok=True)
    file = chosen.out / f"{report['date']}-{name}.json"
    file.write_text(json.dumps(report, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    for key, value in figures.items():
        print(f"{name:<11} {key}: {value:,}", flush=True)
    yield from _missed(name, figures)


def _missed(name: str, figures: dict[str, Any]) -> Iterator[str]:
    for key, target in TRAIL.items():
        reached = figures[key]
        if reached < target if key.endswith("per_second") else reached > target:
            yield f"{name}: {key} is {reached:,}, promised {target:,}"


def _filled(db: Database, entries: int) -> dict[str, Any]:
    for first in range(0, entries, _PIECE):
        units, rows = _written(first, min(_PIECE, entries - first))
        with db.unit(durable=False) as unit:
            unit.bulk(_UNIT, units)
            unit.bulk(_INBOX, rows)
    db.analyse(["audit_unit", "audit_inbox"])
    began, moved = perf_counter(), 0
    while count := sequence(db):
        moved += count
    seconds = perf_counter() - began
    db.analyse(["audit_entry", "audit_tile"])
    return {"batch": BATCH, "sequenced_per_second": round(moved / seconds)}


def _written(first: int, count: int) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """One entry a unit, with sealed details: the dearest case."""
    units, rows, nothing = [], [], events_hash(())
    for number in range(first, first + count):
        at = _START + number * 137
        unit, sealed = at.to_bytes(7, "big") + os.urandom(9), os.urandom(60)
        subject = f"record:{number % 50_021}"
        entry = Entry(_READ, _BY, subject=subject, target=f"DocumentReference/{number}", data={"count": 12})
        facts = facts_of(entry, Place(unit, 0, at, date(2026, 5, 28)), Sealed(actor=sealed))
        units.append((unit, at, 1, 0, nothing, combined_hash(at, [leaf_hash(facts)], 0, nothing)))
        rows.append((unit, 0, facts, sealed))
    return units, rows


def _verified(db: Database) -> dict[str, Any]:
    began = perf_counter()
    report = verify(db)
    seconds = perf_counter() - began
    if report.findings:
        raise RuntimeError(f"the trail is not sound: {report.findings[0].sentence('en')}")
    return {
        "heads": report.heads,
        "verified_per_second": round(report.entries / seconds),
        "verify_seconds": round(seconds, 2),
        "processes": os.cpu_count() or 1,
    }


def _proven(db: Database, leaves: int) -> dict[str, Any]:
    frontier = Frontier()
    while frontier.size < leaves:
        first = frontier.size
        count = min(2**20, leaves - first)
        made = frontier.extend(
            [leaf_hash(number.to_bytes(8, "big")) for number in range(first, first + count)]
        )
        with db.unit(durable=False) as unit:
            append_to_tiles(unit, first, made)
    root, draw, taken = frontier.root(), Random(3), []
    for _ in range(_PROOFS):
        position = draw.randrange(leaves)
        began = perf_counter()
        with db.reading() as session:
            proof = inclusion_proof(tile_tree(session).node, position, leaves)
        taken.append((perf_counter() - began) * 1_000)
        if not proves_inclusion(leaf_hash(position.to_bytes(8, "big")), position, leaves, proof, root):
            raise RuntimeError(f"the proof of {position} does not hold")
    return {
        "proof_ms": round(statistics.median(taken), 2),
        "proof_p99_ms": round(sorted(taken)[int(len(taken) * 0.99)], 2),
    }


if __name__ == "__main__":
    sys.exit(main())
