"""Figures of a running process for who watches it, in the Prometheus text format.

Requests are counted on the hot path, so the count is two additions in plain lists; names, labels and text are made when
somebody asks.
"""

import platform
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from threading import Lock

from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily, HistogramMetricFamily, InfoMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
# Seconds. Around the targets of the benches: a read in 2 ms, a page in 50 ms, the limit at 30 s.
BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 30.0)
_LABELS = [*(f"{bound:g}" for bound in BOUNDS), "+Inf"]
_CLASSES = ("none", "1xx", "2xx", "3xx", "4xx", "5xx")
_PAGES = "pages"


class _Count:
    """One door and one class of status: how many requests in each bucket, and seconds in all."""

    __slots__ = ("buckets", "seconds")

    def __init__(self) -> None:
        self.buckets = [0] * len(_LABELS)
        self.seconds = 0.0


class RequestMeter(Collector):
    """Requests by door, class of status and duration. Doors are prefixes of manifests: their number is bounded,
    whatever addresses are asked for."""

    def __init__(self) -> None:
        self._counts: dict[tuple[str, int], _Count] = {}
        self._guard = Lock()

    def note(self, door: str, status: int, seconds: float) -> None:
        """`status` is 0 for a request that got no answer; an empty `door` is a page."""
        key = (door, status // 100)
        count = self._counts.get(key)
        with self._guard:
            if count is None:
                count = self._counts.setdefault(key, _Count())
            count.buckets[bisect_left(BOUNDS, seconds)] += 1
            count.seconds += seconds

    def collect(self) -> Iterator[Metric]:
        with self._guard:
            seen = [(key, list(count.buckets), count.seconds) for key, count in self._counts.items()]
        family = HistogramMetricFamily(
            "socle_request_duration_seconds",
            "Requests answered, by door and class of status",
            labels=["door", "status"],
        )
        for (door, status), buckets, seconds in sorted(seen):
            told = _CLASSES[status] if status < len(_CLASSES) else "5xx"
            family.add_metric(
                [door or _PAGES, told], list(zip(_LABELS, _running(buckets), strict=True)), seconds
            )
        yield family


def _running(counts: Iterable[int]) -> Iterator[int]:
    """Each bucket holds those below it."""
    total = 0
    for count in counts:
        yield (total := total + count)


REQUESTS = RequestMeter()
"""Those of this process."""


@dataclass(frozen=True, slots=True)
class Gauge:
    """One figure read when asked. `read` returns its values by label values (`{(): 3.0}` when it has no label); what
    raises is left out, and counted as missing."""

    name: str
    help: str
    read: Callable[[], dict[tuple[str, ...], float]]
    labels: tuple[str, ...] = ()


class Gauges(Collector):
    def __init__(self, gauges: Sequence[Gauge], failed: Callable[[Gauge], None]) -> None:
        self._gauges, self._failed = gauges, failed

    def describe(self) -> Iterable[Metric]:
        """Nothing is read when it is registered."""
        return ()

    def collect(self) -> Iterator[Metric]:
        missing = 0
        for gauge in self._gauges:
            try:
                values = gauge.read()
            except Exception:
                self._failed(gauge)
                missing += 1
                continue
            family = GaugeMetricFamily(gauge.name, gauge.help, labels=gauge.labels)
            for labels, value in sorted(values.items()):
                family.add_metric(labels, value)
            yield family
        yield GaugeMetricFamily(
            "socle_figures_missing", "Figures that could not be read just now", value=missing
        )


class _Build(Collector):
    def __init__(self, version: str, engine: str) -> None:
        self._told = {"version": version, "engine": engine, "python": platform.python_version()}

    def collect(self) -> Iterator[Metric]:
        yield InfoMetricFamily("socle_build", "What runs here", value=self._told)


def exposition(version: str, engine: str, gauges: Sequence[Gauge], failed: Callable[[Gauge], None]) -> bytes:
    """The page that a Prometheus server reads: this process's requests, its own use of the machine, these gauges."""
    registry = CollectorRegistry()
    registry.register(REQUESTS)
    registry.register(_Build(version, engine))
    registry.register(Gauges(gauges, failed))
    ProcessCollector(registry=registry)
    return generate_latest(registry)
