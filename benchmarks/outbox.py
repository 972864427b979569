"""`python -m benchmarks.outbox`: how many deliveries a second, how soon after the act, and what waiting costs."""

import argparse
import asyncio
import json
import os
import statistics
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks import machine
from benchmarks.engines import NAMES, Engine, Place, engine
from benchmarks.loads import migrate
from benchmarks.settings import REPORTS
from benchmarks.targets import DELIVERIES_PER_SECOND, LATENCY_MS
from socle.kernel.db import Database, Unit, close_database, open_database
from socle.kernel.db.session import Statement
from socle.kernel.outbox.events import Event, event_kind
from socle.kernel.outbox.heard import Heard, Hearing
from socle.kernel.outbox.settings import OutboxSettings
from socle.kernel.outbox.worker import Outbox
from socle.kernel.work import emit

_MEASURED = event_kind("bench.measured.1", "Mesuré", "Measured", number="which one")
_LANES, _SAMPLES, _IDLE_SECONDS = 1_000, 200, 5.0
_TABLES: list[Statement] = [
    ("CREATE TABLE bench_lane (lane text PRIMARY KEY, heard bigint NOT NULL, last bigint NOT NULL)", ()),
]
_HEAR = (
    "INSERT INTO bench_lane (lane, heard, last) VALUES (?1, 1, ?2) "
    "ON CONFLICT (lane) DO UPDATE SET heard = bench_lane.heard + 1, last = excluded.last"
)
_LEFT = "SELECT EXISTS (SELECT 1 FROM outbox_delivery)"
Result = dict[str, Any]


class Listening:
    """A listener that writes one row an event, and tells those who wait for it."""

    def __init__(self) -> None:
        self.heard_at: dict[int, float] = {}

    def hear(self, unit: Unit, event: Heard) -> None:
        number = event.data["number"]
        unit.execute(_HEAR, event.lane, number)
        self.heard_at[number] = time.perf_counter()


def measured(under: Engine, events: int) -> Result:
    with under.database("outbox") as place:
        os.environ.update(SOCLE_HOME=str(place.home), SOCLE_DATABASE=place.url)
        migrate(place.home, place.url)
        db = open_database(place.url)
        with db.unit() as unit:
            unit.execute_together(_TABLES)
        try:
            return asyncio.run(_all(db, under, place, events))
        finally:
            close_database()


async def _all(db: Database, under: Engine, place: Place, events: int) -> Result:
    await db.open()
    result: Result = {"lanes": _LANES, "events": events}
    result |= await _throughput(db, under, events, _LANES, "")
    result |= await _throughput(db, under, events // 10, 1, "_one_lane")
    result |= await _latency(db)
    result |= await _idle(db, under)
    await db.aclose()
    return result


async def _throughput(db: Database, under: Engine, events: int, lanes: int, suffix: str) -> Result:
    """Events a second from the inbox, already committed, to the listener's own commit."""
    for first in range(0, events, 1_000):
        await db.run(_announce, range(first, min(events, first + 1_000)), lanes)
    listening = Listening()
    began, ours, theirs = time.perf_counter(), time.process_time(), under.cpu_seconds()
    async with _Running(listening):
        while len(listening.heard_at) < events or (await db.fetch(_LEFT))[0][0]:
            await asyncio.sleep(0.01)
    seconds, ours, theirs = (
        time.perf_counter() - began,
        time.process_time() - ours,
        under.cpu_seconds() - theirs,
    )
    return {
        f"deliveries_per_second{suffix}": round(events / seconds),
        f"cpu_us_per_delivery{suffix}": round(ours / events * 1e6),
        f"database_cpu_us_per_delivery{suffix}": round(theirs / events * 1e6),
    }


async def _latency(db: Database) -> Result:
    """From the moment an act's caller knows that it is committed to the moment the listener hears."""
    listening, waits = Listening(), []
    async with _Running(listening):
        for number in range(-1, -_SAMPLES - 1, -1):
            await asyncio.sleep(0.02 + (number % 7) / 100)
            await db.run(_announce, [number], _LANES)
            committed = time.perf_counter()
            while number not in listening.heard_at:
                await asyncio.sleep(0.0005)
            waits.append(max(0.0, listening.heard_at[number] - committed) * 1000)
    cut = statistics.quantiles(waits, n=100)
    return {
        "latency_p50_ms": round(cut[49], 2),
        "latency_p99_ms": round(cut[98], 2),
        "latency_max_ms": round(max(waits), 2),
    }


async def _idle(db: Database, under: Engine) -> Result:
    """The share of one core that waiting takes, here and in the database."""
    async with _Running(Listening()):
        await asyncio.sleep(1)
        ours, theirs = time.process_time(), under.cpu_seconds()
        await asyncio.sleep(_IDLE_SECONDS)
        ours, theirs = time.process_time() - ours, under.cpu_seconds() - theirs
    return {
        "idle_cpu_percent": round(ours / _IDLE_SECONDS * 100, 2),
        "idle_database_cpu_percent": round(theirs / _IDLE_SECONDS * 100, 2),
    }


class _Running:
    def __init__(self, listening: Listening) -> None:
        hearing = Hearing("bench", frozenset({_MEASURED.code}), listening.hear)
        self.outbox = Outbox([hearing], OutboxSettings())

    async def __aenter__(self) -> None:
        await self.outbox.open()

    async def __aexit__(self, *_: object) -> None:
        await self.outbox.aclose()


def _announce(unit: Unit, numbers: Any, lanes: int) -> None:
    for number in numbers:
        emit(unit, Event(_MEASURED, f"lane:{number % lanes}", {"number": number}))


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.outbox", description=__doc__)
    parser.add_argument("--engine", choices=(*NAMES, "both"), default="both")
    parser.add_argument("--events", type=int, default=20_000)
    parser.add_argument("--out", type=Path, default=REPORTS / "outbox", help="folder of the reports")
    chosen = parser.parse_args()
    missed = []
    for name in NAMES if chosen.engine == "both" else (chosen.engine,):
        with engine(name) as under:
            report = {
                "date": f"{datetime.now(UTC):%Y-%m-%d}",
                "engine": name,
                "engine_version": under.version,
                "engine_settings": list(under.settings),
                "machine": machine.described(),
                "places": "acts, worker and database share the cores",
                **measured(under, chosen.events),
            }
        chosen.out.mkdir(parents=True, exist_ok=True)
        file = chosen.out / f"{report['date']}-{name}.json"
        file.write_text(json.dumps(report, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        sys.stdout.write(json.dumps(report, ensure_ascii=False, indent=2) + "\n")
        if report["deliveries_per_second"] < DELIVERIES_PER_SECOND or report["latency_p99_ms"] >= LATENCY_MS:
            missed.append(name)
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
