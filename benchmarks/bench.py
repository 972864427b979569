"""One engine, one territory: load it, start a server on it, drive the server."""

import statistics
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import closed, paced
from benchmarks.engines import Engine, Place
from benchmarks.loads import Load, load, migrate
from benchmarks.server import Server, started
from benchmarks.territory import Territory
from benchmarks.workloads import WORKLOADS, Drawn, Workload, drawn

Tell = Callable[[str], None]
Result = dict[str, Any]
_STARTS = 3
_WARM_SECONDS = 2


@dataclass(frozen=True, slots=True)
class Bench:
    """What to measure (`load`, `start`, and names of workloads), and for how many seconds each."""

    engine: Engine
    names: Collection[str]
    seconds: int
    tell: Tell

    def run(self, territory: Territory) -> Result:
        """Everything measured on one territory. Figures are plain numbers, named with their unit."""
        result: Result = {
            "territory": territory.name,
            "persons": territory.persons,
            "structures": territory.structures,
            "activity_lines": territory.lines,
        }
        if "load" in self.names:
            with self.engine.database("activity") as place:
                result["load_activity"] = self._load(
                    place, territory, "the activity file", territory.files[:1]
                )
        with self.engine.database("territory") as place:
            result["load"] = self._load(place, territory, "the four files", territory.files)
            result |= self._served(place, drawn(territory.activity, place.url))
        return result

    def _load(self, place: Place, territory: Territory, what: str, files: tuple[str, ...]) -> Result:
        migrate(place.home, place.url)
        done = load(place.home, place.url, files, territory.lines)
        self.tell(f"load of {what}: {done.per_second:,.0f} activity lines/s ({done.seconds:.1f} s)")
        return _load_figures(done)

    def _served(self, place: Place, paths: Drawn) -> Result:
        read = next(iter(WORKLOADS["read"].paths(paths)))
        starts: list[Server] = []
        for _ in range(_STARTS - 1 if "start" in self.names else 0):
            with started(place.home, place.url, read) as server:
                starts.append(server)
        with started(place.home, place.url, read) as server:
            starts.append(server)
            idle = server.private_mib()
            asked = [WORKLOADS[name] for name in WORKLOADS if name in self.names]
            driven = {one.name: self._driven(server, one, paths, place.home) for one in asked}
            start = _start_figures(starts, idle, server.private_mib())
        self.tell(f"first read after {start['read_seconds']:.2f} s, {idle:.0f} MiB private at rest")
        return {"start": start, "workloads": driven}

    def _driven(self, server: Server, workload: Workload, drawn: Drawn, home: Path) -> Result:
        paths = list(workload.paths(drawn))
        listed = home / f"{workload.name}.paths"
        listed.write_text("\n".join(paths) + "\n", encoding="ascii")
        closed.drive(server.base, listed, _WARM_SECONDS, workload.headers)
        before, database = server.cpu_seconds(), self.engine.cpu_seconds()
        most = closed.drive(server.base, listed, self.seconds, workload.headers)
        used = server.cpu_seconds() - before, self.engine.cpu_seconds() - database
        rate = max(1.0, most.per_second / 2)
        half = paced.pace(server.base, paths, rate, self.seconds, workload.headers)
        figures = _driven_figures(workload, most, used, half)
        self.tell(_sentence(workload.name, figures))
        return figures


def _load_figures(done: Load) -> Result:
    return {
        "activity_lines_per_second": round(done.per_second),
        "seconds": round(done.seconds, 2),
        "resources": done.created,
        "peak_mib": round(done.peak_mib),
    }


def _start_figures(starts: list[Server], idle: float, after: float) -> Result:
    """Medians of the starts; memory of the last one, before and after its traffic."""
    return {
        "starts": len(starts),
        "alive_seconds": round(statistics.median(server.alive_seconds for server in starts), 3),
        "read_seconds": round(statistics.median(server.read_seconds for server in starts), 3),
        "private_mib_idle": round(idle, 1),
        "private_mib_after_traffic": round(after, 1),
    }


def _driven_figures(
    workload: Workload, most: closed.Closed, used: tuple[float, float], half: paced.Paced
) -> Result:
    answered = max(1, most.requests)
    return {
        "title": workload.title,
        "cpu_us_per_request": round(used[0] / answered * 1e6, 1),
        "database_cpu_us_per_request": round(used[1] / answered * 1e6, 1),
        "per_second": round(most.per_second),
        "p50_ms": round(most.p50_ms, 2),
        "p99_ms": round(most.p99_ms, 2),
        "half_per_second": round(half.asked_per_second),
        "half_p50_ms": round(half.p50_ms, 2),
        "half_p99_ms": round(half.p99_ms, 2),
        "half_max_ms": round(half.max_ms, 2),
        "driver_late_p99_ms": round(half.late_p99_ms, 2),
        "requests": most.requests + half.requests,
        "errors": most.errors + half.errors,
    }


def _sentence(name: str, figures: Result) -> str:
    return (
        f"{name}: {figures['cpu_us_per_request']:,.0f} µs of CPU, {figures['per_second']:,}/s, "
        f"p99 {figures['p99_ms']} ms; at half {figures['half_p99_ms']} ms; {figures['errors']} errors"
    )
