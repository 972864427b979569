"""`python -m benchmarks.metering`: what counting and logging a request adds to it, in microseconds."""

import io
import json
import logging
import sys
from collections.abc import Callable
from time import perf_counter

from socle.kernel.logs import access_line, configure
from socle.kernel.metrics import RequestMeter
from socle.kernel.settings import Settings

_TIMES = 200_000
_ROUNDS = 5


def cost(act: Callable[[], object]) -> float:
    """Microseconds a call, the best of a few rounds, less what an empty call costs."""
    return _best(act) - _best(lambda: None)


def _best(act: Callable[[], object]) -> float:
    def once() -> float:
        began = perf_counter()
        for _ in range(_TIMES):
            act()
        return (perf_counter() - began) / _TIMES * 1e6

    return min(once() for _ in range(_ROUNDS))


def main() -> int:
    meter = RequestMeter()
    measured = {"counted_us": cost(lambda: meter.note("/fhir/v2", 200, 0.0021))}
    configure(Settings(), form="json", level="info", secrets=["x" * 32], stream=io.StringIO())
    measured["logged_us"] = cost(lambda: access_line("GET", "/fhir/v2/Practitioner", 200, 0.0021))
    logging.getLogger().handlers.clear()
    sys.stdout.write(json.dumps({name: round(value, 2) for name, value in measured.items()}) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
