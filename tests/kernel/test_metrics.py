"""Figures: what is counted is what is told."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families

from socle.kernel.metrics import BOUNDS, Gauge, RequestMeter, exposition

NAME = "socle_request_duration_seconds"
requests = st.tuples(
    st.sampled_from(["", "/fhir/v2", "/healthz"]),
    st.sampled_from([0, 200, 204, 304, 404, 503]),
    st.floats(0, 60),
)


@given(st.lists(requests, max_size=40))
def test_every_request_is_in_one_bucket_of_its_door_and_class(seen: list[tuple[str, int, float]]) -> None:
    meter = RequestMeter()
    for request in seen:
        meter.note(*request)
    (family,) = meter.collect()
    totals = {
        (sample.labels["door"], sample.labels["status"]): sample.value
        for sample in family.samples
        if sample.name == f"{NAME}_count"
    }
    wanted = Counter(
        (door or "pages", f"{status // 100}xx" if status else "none") for door, status, _ in seen
    )
    assert totals == wanted
    for sample in family.samples:
        if sample.name == f"{NAME}_bucket":
            below = float(sample.labels["le"])
            told = (sample.labels["door"], sample.labels["status"])
            assert sample.value == sum(
                seconds <= below
                for door, status, seconds in seen
                if (door or "pages", f"{status // 100}xx" if status else "none") == told
            )


def test_a_figure_that_cannot_be_read_takes_nothing_from_the_others() -> None:
    failed: list[str] = []

    def fails() -> dict[tuple[str, ...], float]:
        raise OSError("the database is away")

    gauges = [
        Gauge("socle_away", "-", fails),
        Gauge("socle_here", "-", lambda: {("a",): 2.0, ("b",): 3.0}, ("which",)),
    ]
    page = exposition("1.2", "sqlite", gauges, lambda gauge: failed.append(gauge.name)).decode()
    told = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(page)
        for sample in family.samples
    }
    assert failed == ["socle_away"]
    assert (told["socle_here", "a"], told["socle_here", "b"], told["socle_figures_missing",]) == (2, 3, 1)
    assert ("socle_build_info", "sqlite") in {key[:2] for key in told}


def test_the_bounds_grow() -> None:
    assert list(BOUNDS) == sorted(set(BOUNDS))
