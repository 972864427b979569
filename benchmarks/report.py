"""Reports: what was missed, and the tables of docs/performance.md, written from them and from nothing else."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks import kernel_report
from benchmarks.engines import NAMES
from benchmarks.settings import REPORTS, ROOT
from benchmarks.targets import (
    FIRST_ANSWER_SECONDS,
    HALF_P99_MS,
    KEPT_AT_TEN_TIMES,
    PER_SECOND,
    PRIVATE_MIB,
)

Report = dict[str, Any]
Run = dict[str, Any]
PAGE = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- written by `python -m benchmarks report`: begin -->", "<!-- end -->"
_ENGINES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
_LOADS = {
    "load": "Load of the four files, activity lines",
    "load_activity": "Load of the activity file alone",
}


def publish(folder: Path = REPORTS, page: Path = PAGE) -> None:
    """Write into `page` the tables of the newest reports of each engine."""
    text = _written(page.read_text(encoding="utf-8"), BEGIN, END, tables(folder))
    kernel = kernel_report.tables(folder)
    page.write_text(_written(text, kernel_report.BEGIN, kernel_report.END, kernel), encoding="utf-8")


def _written(text: str, begin: str, end: str, section: str) -> str:
    """The text with the section between two marks; as it was when it has no such marks."""
    before, mark, rest = text.partition(begin)
    _, _, after = rest.partition(end)
    return f"{before}{begin}\n\n{section}\n{end}{after}" if mark else text


def tables(folder: Path = REPORTS) -> str:
    """The whole section as Markdown; says so when there is no report."""
    found = [report for name in NAMES if (report := _newest(folder, name))]
    if not found:
        return "No report is committed yet.\n"
    lines = [line for report in found for line in _of_engine(report)]
    return "\n".join([*lines, *_at_ten_times(found)])


def _newest(folder: Path, engine: str) -> Report | None:
    files = sorted(folder.glob(f"*-{engine}.json"))
    return json.loads(files[-1].read_text(encoding="utf-8")) if files else None


def errors(report: Report) -> int:
    """Requests that did not get a 200."""
    return sum(figures["errors"] for run in report["runs"] for figures in run["workloads"].values())


def missed(report: Report) -> list[str]:
    """The targets that the report does not reach, each in a sentence."""
    found = [said for run in report["runs"][:1] for said in _missed_by(run, report["engine"])]
    if errors(report):
        found.append(f"{errors(report)} requests failed")
    if len(report["runs"]) > 1:
        found += [
            f"{name} keeps {kept:.0%} at {report['runs'][1]['factor']} times the size, {KEPT_AT_TEN_TIMES:.0%} promised"
            for name, _, _, kept in _growth(report)
            if kept < KEPT_AT_TEN_TIMES
        ]
    return found


def _missed_by(run: Run, engine: str) -> Iterator[str]:
    for name, reached in _rates(run):
        target = PER_SECOND.get(name, {}).get(engine)
        if target and reached < target:
            yield f"{name} reaches {reached:,} a second of {target:,}"
    for name, figures in run["workloads"].items():
        if figures["half_p99_ms"] >= HALF_P99_MS:
            yield f"{name} takes {figures['half_p99_ms']} ms (p99 at half) of {HALF_P99_MS}"
    start = run["start"]
    if start["read_seconds"] >= FIRST_ANSWER_SECONDS:
        yield f"the first read comes after {start['read_seconds']} s of {FIRST_ANSWER_SECONDS}"
    if start["private_mib_idle"] >= PRIVATE_MIB:
        yield f"{start['private_mib_idle']} MiB are held at rest of {PRIVATE_MIB}"


def _rates(run: Run) -> Iterator[tuple[str, int]]:
    """What is counted by second: loads, then requests."""
    for name in _LOADS:
        if name in run:
            yield name, run[name]["activity_lines_per_second"]
    for name, figures in run["workloads"].items():
        yield name, figures["per_second"]


def _growth(report: Report) -> Iterator[tuple[str, int, int, float]]:
    """(name, rate at the first size, rate at the second, share kept)."""
    small, large = dict(_rates(report["runs"][0])), dict(_rates(report["runs"][1]))
    for name, rate in small.items():
        if name in large:
            yield name, rate, large[name], large[name] / max(1, rate)


def _of_engine(report: Report) -> Iterator[str]:
    run, engine = report["runs"][0], report["engine"]
    yield f"### {_ENGINES[engine]} {report['engine_version'].split()[0]}, {report['date']}"
    yield ""
    yield from _conditions(report)
    yield ""
    yield (
        "| Work | CPU per request, µs | A second | Target | Met | p50 / p99 at the maximum, ms "
        "| p99 at half, ms |"
    )
    yield "| --- | ---: | ---: | ---: | --- | ---: | ---: |"
    for name, title in _LOADS.items():
        if name in run:
            reached = run[name]["activity_lines_per_second"]
            yield f"| {title} | | {reached:,} | {_target(name, engine, reached)} | | |"
    for name, figures in run["workloads"].items():
        yield _row(name, engine, figures)
    yield ""
    yield from _start(run)
    yield ""


def _conditions(report: Report) -> Iterator[str]:
    run, machine = report["runs"][0], report["machine"]
    yield (
        f"{run['persons']:,} professionals, {run['structures']:,} structures, {run['activity_lines']:,} activity "
        f"lines. Machine: {machine['cores']} cores of {machine['cpu']}, {machine['memory_mib']:,} MiB, "
        f"{machine['system']}, {machine['python']}; {report['places']}. Settings: "
        f"{', '.join(report['engine_settings'])}. Caches {report['caches']}. Drivers, {report['seconds']} s a "
        f"measure: {report['drivers']['maximum']}; at half of the maximum, {report['drivers']['half']}."
    )


def _row(name: str, engine: str, figures: Run) -> str:
    cpu = f"{figures['cpu_us_per_request']:,.0f}"
    if figures["database_cpu_us_per_request"]:
        cpu += f" + {figures['database_cpu_us_per_request']:,.0f} in the database"
    late = "" if figures["half_p99_ms"] < HALF_P99_MS else ", **missed**"
    return (
        f"| {figures['title']} | {cpu} | {figures['per_second']:,} "
        f"| {_target(name, engine, figures['per_second'])} "
        f"| {figures['p50_ms']} / {figures['p99_ms']} | {figures['half_p99_ms']}{late} |"
    )


def _target(name: str, engine: str, reached: int) -> str:
    """Two cells: the target, and whether it is met."""
    target = PER_SECOND.get(name, {}).get(engine)
    if target is None:
        return " | "
    return f"{target:,} | {_met(reached >= target)}"


def _met(met: bool) -> str:
    return "yes" if met else "**no**"


def _start(run: Run) -> Iterator[str]:
    start = run["start"]
    yield (
        f"First answer {start['alive_seconds']:.2f} s after the start, first FHIR read {start['read_seconds']:.2f} s "
        f"(target {FIRST_ANSWER_SECONDS}: {_met(start['read_seconds'] < FIRST_ANSWER_SECONDS)}; median of "
        f"{start['starts']} starts). Private memory at rest {start['private_mib_idle']:.0f} MiB (target {PRIVATE_MIB}: "
        f"{_met(start['private_mib_idle'] < PRIVATE_MIB)}), after the traffic {start['private_mib_after_traffic']:.0f} "
        f"MiB. The load holds {run['load']['peak_mib']:,} MiB at most, its helpers apart."
    )


def _at_ten_times(reports: list[Report]) -> Iterator[str]:
    grown = [report for report in reports if len(report["runs"]) > 1]
    if not grown:
        return
    large = grown[0]["runs"][1]
    yield f"### At {large['factor']} times the size"
    yield ""
    yield (
        f"{large['persons']:,} professionals, {large['activity_lines']:,} activity lines. Promised: within "
        f"{1 - KEPT_AT_TEN_TIMES:.0%} of the figures above."
    )
    yield ""
    yield "| Work | Engine | A second at 1 | A second at the larger size | Kept | Within |"
    yield "| --- | --- | ---: | ---: | ---: | --- |"
    for report in grown:
        titles = {name: figures["title"] for name, figures in report["runs"][0]["workloads"].items()} | _LOADS
        for name, small, large_rate, kept in _growth(report):
            yield (
                f"| {titles[name]} | {_ENGINES[report['engine']]} | {small:,} | {large_rate:,} | {kept:.0%} "
                f"| {_met(kept >= KEPT_AT_TEN_TIMES)} |"
            )
    yield ""
