"""`python -m benchmarks.acts`: what an act costs with its entry and its event, beside the act alone.

The act writes one row. Thirty-two callers each wait for their act before they ask for the next; what is counted is
durable. On SQLite acts that wait together are committed together.
"""

import argparse
import asyncio
import json
import os
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks import machine
from benchmarks.engines import NAMES, Engine, engine
from benchmarks.loads import migrate
from benchmarks.processes import cpu_seconds
from benchmarks.settings import REPORTS
from benchmarks.targets import ACTS_PER_SECOND, MORE_PERCENT
from socle.kernel.actors import Acting, Actor, ActorKind, Assurance
from socle.kernel.audit.actions import Kind, action
from socle.kernel.audit.entry import Entry
from socle.kernel.db import Database, Unit
from socle.kernel.outbox.events import Event, event_kind
from socle.kernel.work import emit, record

CALLERS = 32
PAIRS = 9
_DONE = action("bench.acted", Kind.UPDATE, "Fait", "Done")
_TOLD = event_kind("bench.acted.1", "Fait", "Done", number="which one")
_BY = Acting(
    Actor(ActorKind.AGENT, "a-1", Assurance.SUBSTANTIAL, organisation="o-1"), door="bench", request="r-1"
)
_TABLE = "CREATE TABLE bench_act (number bigint PRIMARY KEY, value text NOT NULL)"
_INSERT = "INSERT INTO bench_act (number, value) VALUES (?1, ?2)"
Act = Callable[[Unit, int], None]
Result = dict[str, Any]


def alone(unit: Unit, number: int) -> None:
    unit.execute(_INSERT, number, "what the act writes")


def journaled(unit: Unit, number: int) -> None:
    unit.execute(_INSERT, number, "what the act writes")
    record(unit, Entry(_DONE, _BY, subject=f"record:{number % 1_000}", target=f"Thing/{number}"))
    emit(unit, Event(_TOLD, f"record:{number % 1_000}", {"number": number}))


def measured(under: Engine, seconds: float, writers: int) -> Result:
    with under.database("acts") as place:
        os.environ.update(SOCLE_HOME=str(place.home), SOCLE_DATABASE=place.url)
        migrate(place.home, place.url)
        db = Database(place.url, writers=writers)
        with db.unit() as unit:
            unit.execute(_TABLE)
        try:
            return asyncio.run(_both(db, under, seconds))
        finally:
            db.close()


async def _both(db: Database, under: Engine, seconds: float) -> Result:
    """The two kinds in turn, many times: the speed of a shared machine changes within a minute, so each pair is
    compared with itself, and what counts is the pair in the middle. The first pair warms what both use."""
    await db.open()
    counter = iter(range(1 << 60))
    await _pair(db, under, counter, seconds)
    pairs = [await _pair(db, under, counter, seconds) for _ in range(PAIRS)]
    await db.aclose()
    pairs.sort(key=_more)
    middle = pairs[PAIRS // 2]
    spread = [_more(pair) for pair in pairs]
    return {**middle, "more_percent": _more(middle), "more_percent_of_each_pair": spread}


async def _pair(db: Database, under: Engine, counter: Any, seconds: float) -> dict[str, Result]:
    kinds = (("alone", alone), ("journaled", journaled))
    return {name: await _repeated(db, under, act, counter, seconds) for name, act in kinds}


def _more(pair: dict[str, Result]) -> float:
    """By how many percent a journaled act costs more than the act alone."""
    return round(100 * (float(pair["alone"]["a_second"]) / float(pair["journaled"]["a_second"]) - 1), 1)


async def _repeated(db: Database, under: Engine, act: Act, counter: Any, seconds: float) -> Result:
    """How many acts end in so many seconds, and the processor time of each, database included."""
    waits: list[float] = []
    end = time.perf_counter() + seconds

    async def call() -> None:
        while (begun := time.perf_counter()) < end:
            await db.run(act, next(counter))
            waits.append(time.perf_counter() - begun)

    begun, ours, theirs = time.perf_counter(), cpu_seconds(os.getpid()), under.cpu_seconds()
    await asyncio.gather(*(call() for _ in range(CALLERS)))
    passed = time.perf_counter() - begun
    waits.sort()
    return {
        "a_second": round(len(waits) / passed),
        "cpu_us": round(1e6 * (cpu_seconds(os.getpid()) - ours) / len(waits)),
        "database_cpu_us": round(1e6 * (under.cpu_seconds() - theirs) / len(waits)),
        "p50_ms": round(1e3 * waits[len(waits) // 2], 2),
        "p99_ms": round(1e3 * waits[int(len(waits) * 0.99)], 2),
    }


def missed(name: str, result: Result) -> list[str]:
    found = []
    if result["journaled"]["a_second"] < ACTS_PER_SECOND[name]:
        found.append(
            f"{result['journaled']['a_second']:,} journaled acts a second of {ACTS_PER_SECOND[name]:,}"
        )
    if name == "postgresql" and result["more_percent"] > MORE_PERCENT:
        found.append(f"an act with its entry and event costs {result['more_percent']} % more")
    return found


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.acts", description=__doc__)
    parser.add_argument("--engine", choices=(*NAMES, "both"), default="both")
    parser.add_argument("--seconds", type=float, default=2.0, help="of each measure")
    parser.add_argument("--writers", type=int, default=CALLERS, help="connections that write, on PostgreSQL")
    parser.add_argument("--out", type=Path, default=REPORTS / "acts", help="folder of the report")
    chosen = parser.parse_args()
    report: Result = {
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "machine": machine.described(),
        "callers": CALLERS,
        "writers": chosen.writers,
    }
    for name in NAMES if chosen.engine == "both" else (chosen.engine,):
        with engine(name) as under:
            report[name] = {
                "settings": list(under.settings),
                **measured(under, chosen.seconds, chosen.writers),
            }
        print(name, json.dumps(report[name], ensure_ascii=False))
        for line in missed(name, report[name]):
            print(f"missed: {line}")
    chosen.out.mkdir(parents=True, exist_ok=True)
    file = chosen.out / f"{report['date']}-{chosen.writers}-writers.json"
    file.write_text(json.dumps(report, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
