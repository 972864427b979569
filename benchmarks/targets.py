"""What the project promises of speed, on a department, per engine."""

from collections.abc import Mapping

PER_SECOND: Mapping[str, Mapping[str, int]] = {
    "load": {"sqlite": 15_000, "postgresql": 15_000},
    "read": {"sqlite": 12_000, "postgresql": 5_000},
    "identifier": {"sqlite": 6_000, "postgresql": 3_000},
    "chain": {"sqlite": 500, "postgresql": 300},
    "pages": {"sqlite": 400, "postgresql": 400},
}
HALF_P99_MS = 50
FIRST_ANSWER_SECONDS = 3
PRIVATE_MIB = 300
# At ten times the size, nothing may be lower than this share of what it was.
KEPT_AT_TEN_TIMES = 0.80

# Of the kernel: acts with their entry and event, the trail, the outbox.
ACTS_PER_SECOND: Mapping[str, int] = {"sqlite": 5_000, "postgresql": 3_000}
MORE_PERCENT = 30
TRAIL: Mapping[str, float] = {"sequenced_per_second": 20_000, "verified_per_second": 200_000, "proof_ms": 5.0}
DELIVERIES_PER_SECOND = 2_000
LATENCY_MS = 50
