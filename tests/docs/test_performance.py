"""The tables of docs/performance.md are those of the committed reports, and say plainly what is missed."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks import kernel_report
from benchmarks.report import BEGIN, END, PAGE, errors, missed, publish, tables
from benchmarks.settings import REPORTS

FIGURES = {
    "title": "Read by id",
    "cpu_us_per_request": 61.2,
    "database_cpu_us_per_request": 0.0,
    "per_second": 14_000,
    "p50_ms": 2.1,
    "p99_ms": 4.4,
    "half_per_second": 7_000,
    "half_p50_ms": 0.4,
    "half_p99_ms": 1.9,
    "half_max_ms": 6.0,
    "driver_late_p99_ms": 1.1,
    "requests": 210_000,
    "errors": 0,
}
RUN = {
    "factor": 1,
    "territory": "department",
    "persons": 40_000,
    "structures": 9_000,
    "activity_lines": 65_000,
    "load": {"activity_lines_per_second": 16_000, "seconds": 4.1, "resources": 100_000, "peak_mib": 500},
    "start": {
        "starts": 3,
        "alive_seconds": 1.1,
        "read_seconds": 1.2,
        "private_mib_idle": 60.0,
        "private_mib_after_traffic": 90.0,
    },
    "workloads": {"read": FIGURES},
}
REPORT: dict[str, Any] = {
    "date": "2025-01-06",
    "engine": "sqlite",
    "engine_version": "3.40.1",
    "engine_settings": ["synchronous=FULL"],
    "machine": {
        "cores": 2,
        "cpu": "a processor",
        "memory_mib": 8_000,
        "system": "Linux",
        "python": "CPython",
    },
    "drivers": {"maximum": "wrk", "half": "our own"},
    "seconds": 10,
    "caches": "warm",
    "places": "one machine",
    "runs": [RUN],
}


@pytest.fixture
def report() -> dict[str, Any]:
    return copy.deepcopy(REPORT)


def test_the_page_holds_the_tables_of_the_committed_reports() -> None:
    shown = PAGE.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0]
    assert shown.strip() == tables().strip(), "run: make bench ARGS=report"


def test_the_page_holds_the_tables_of_the_kernel() -> None:
    rest = PAGE.read_text(encoding="utf-8").partition(kernel_report.BEGIN)[2]
    shown = rest.partition(kernel_report.END)[0]
    assert shown.strip() == kernel_report.tables(REPORTS).strip(), "run: make bench ARGS=report"
    for engine in ("SQLite", "PostgreSQL"):
        assert f"### The kernel on {engine}" in shown


@pytest.mark.parametrize(("reached", "met"), [(3_000, "yes"), (2_999, "**no**")])
def test_what_the_kernel_misses_is_said_in_bold(tmp_path: Path, reached: int, met: str) -> None:
    one = {"a_second": reached, "cpu_us": 1, "database_cpu_us": 2}
    figures = {
        "alone": one,
        "journaled": one,
        "more_percent": 30.1,
        "more_percent_of_each_pair": [1, 30.1, 50],
    }
    (tmp_path / "acts").mkdir()
    report = {"callers": 32, "writers": 8, "postgresql": figures}
    (tmp_path / "acts" / "2025-01-06-8-writers.json").write_text(json.dumps(report), encoding="utf-8")
    shown = kernel_report.tables(tmp_path)
    assert f"| {reached:,} | 3,000 | {met} |" in shown
    assert "| 30.1 % | 30 % | **no** |" in shown


def test_a_report_that_reaches_everything_misses_nothing(report: dict[str, Any], tmp_path: Path) -> None:
    assert missed(report) == []
    write(tmp_path, report)
    assert "| Read by id | 61 | 14,000 | 12,000 | yes | 2.1 / 4.4 | 1.9 |" in tables(tmp_path)
    assert "**no**" not in tables(tmp_path)


def test_what_is_missed_is_said_in_bold_and_by_name(report: dict[str, Any], tmp_path: Path) -> None:
    run = report["runs"][0]
    run["workloads"]["read"] |= {"per_second": 11_999, "half_p99_ms": 50.0, "errors": 3}
    run["load"]["activity_lines_per_second"] = 14_999
    run["start"] |= {"read_seconds": 3.0, "private_mib_idle": 300.0}
    assert [said.split()[0] for said in missed(report)] == ["load", "read", "read", "the", "300.0", "3"]
    assert errors(report) == 3
    write(tmp_path, report)
    assert tables(tmp_path).count("**no**") == 4
    assert "50.0, **missed**" in tables(tmp_path)


@pytest.mark.parametrize(("larger", "kept"), [(11_200, True), (11_199, False)])
def test_ten_times_the_size_must_keep_four_fifths(
    report: dict[str, Any], tmp_path: Path, larger: int, kept: bool
) -> None:
    report["runs"].append(copy.deepcopy(RUN) | {"factor": 10})
    report["runs"][1]["workloads"]["read"]["per_second"] = larger
    assert (missed(report) == []) is kept
    write(tmp_path, report)
    assert f"| 14,000 | {larger:,} | 80% | {'yes' if kept else '**no**'} |" in tables(tmp_path)


def test_publishing_touches_the_tables_alone(report: dict[str, Any], tmp_path: Path) -> None:
    write(tmp_path, report)
    page = tmp_path / "page.md"
    page.write_text(f"before\n{BEGIN}\nstale\n{END}\nafter\n", encoding="utf-8")
    publish(tmp_path, page)
    once = page.read_text(encoding="utf-8")
    publish(tmp_path, page)
    assert page.read_text(encoding="utf-8") == once
    assert once.startswith("before\n")
    assert once.endswith("after\n")
    assert "stale" not in once


def test_the_newest_report_of_an_engine_is_shown(report: dict[str, Any], tmp_path: Path) -> None:
    write(tmp_path, report)
    write(tmp_path, report | {"date": "2025-02-01"})
    assert "2025-02-01" in tables(tmp_path)
    assert "2025-01-06" not in tables(tmp_path)


def write(folder: Path, report: dict[str, Any]) -> None:
    file = folder / f"{report['date']}-{report['engine']}.json"
    file.write_text(json.dumps(report), encoding="utf-8")
