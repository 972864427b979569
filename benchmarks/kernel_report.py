"""The tables of docs/performance.md about the kernel: acts, trail, outbox; from the newest report of each."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.targets import ACTS_PER_SECOND, DELIVERIES_PER_SECOND, LATENCY_MS, MORE_PERCENT, TRAIL

BEGIN = "<!-- the kernel, written by `python -m benchmarks report`: begin -->"
END = "<!-- the kernel: end -->"
_ENGINES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
_HEAD = ("| Work | Figure | Target | Met |", "| --- | ---: | ---: | --- |")
Report = dict[str, Any]
Reader = Callable[[Report, str], Iterator[str]]


def tables(folder: Path) -> str:
    """The section as Markdown, a table an engine."""
    return "\n".join(line for engine in _ENGINES for line in _of_engine(folder, engine))


def _of_engine(folder: Path, engine: str) -> Iterator[str]:
    readers: tuple[tuple[str, str, Reader], ...] = (
        ("acts", "*-writers.json", _acts),
        ("trail", f"*-{engine}.json", _trail),
        ("outbox", f"*-{engine}.json", _outbox),
    )
    lines = [line for place, names, read in readers for line in _read(folder / place, names, read, engine)]
    if lines:
        yield from (f"### The kernel on {_ENGINES[engine]}", "", *_HEAD, *lines, "")


def _read(folder: Path, names: str, read: Reader, engine: str) -> Iterator[str]:
    files = sorted(folder.glob(names))
    newest = [file for file in files if file.name[:10] == files[-1].name[:10]]
    for file in newest:
        yield from read(json.loads(file.read_text(encoding="utf-8")), engine)


def _acts(report: Report, engine: str) -> Iterator[str]:
    if engine not in report:
        return
    figures, callers = report[engine], f"{report['callers']} callers"
    if engine == "postgresql":
        callers += f" on {report['writers']} connections"
    alone, journaled = figures["alone"], figures["journaled"]
    yield _line(f"Acts alone a second, {callers}", f"{alone['a_second']:,}")
    cost = f"{journaled['cpu_us']} + {journaled['database_cpu_us']} µs of processor, {alone['cpu_us']} + "
    cost += f"{alone['database_cpu_us']} alone"
    reached = journaled["a_second"]
    title = f"Acts with entry and event a second, {callers} ({cost})"
    yield _line(title, f"{reached:,}", f"{ACTS_PER_SECOND[engine]:,}", reached >= ACTS_PER_SECOND[engine])
    if engine == "postgresql":
        more, each = figures["more_percent"], figures["more_percent_of_each_pair"]
        title = f"What entry and event add, {callers}: the middle of {len(each)} pairs ({each[0]} to {each[-1]} %)"
        yield _line(title, f"{more} %", f"{MORE_PERCENT} %", more <= MORE_PERCENT)


def _trail(report: Report, _: str) -> Iterator[str]:
    figures = report["figures"]
    for name, title in (
        ("sequenced_per_second", "Entries sequenced a second"),
        ("verified_per_second", f"Entries verified a second, {figures['processes']} processes"),
    ):
        yield _line(title, f"{figures[name]:,}", f"{TRAIL[name]:,}", figures[name] >= TRAIL[name])
    title = (
        f"An inclusion proof at {figures['leaves']:,} entries (99 in 100 under {figures['proof_p99_ms']} ms)"
    )
    met = figures["proof_ms"] < TRAIL["proof_ms"]
    yield _line(title, f"{figures['proof_ms']} ms", f"{TRAIL['proof_ms']:.0f} ms", met)


def _outbox(report: Report, _: str) -> Iterator[str]:
    reached, latency = report["deliveries_per_second"], report["latency_p99_ms"]
    title = f"Deliveries a second, {report['lanes']:,} lanes ({report['deliveries_per_second_one_lane']:,} on one)"
    yield _line(title, f"{reached:,}", f"{DELIVERIES_PER_SECOND:,}", reached >= DELIVERIES_PER_SECOND)
    title = "From the commit to the listener when idle, 99 in 100 under"
    yield _line(title, f"{latency} ms", f"{LATENCY_MS} ms", latency < LATENCY_MS)


def _line(title: str, figure: str, target: str = "", met: bool | None = None) -> str:
    said = {None: "", True: "yes", False: "**no**"}[met]
    return f"| {title} | {figure} | {target} | {said} |"
