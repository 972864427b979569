"""`python -m benchmarks`: measure, write one report an engine, and say what was missed."""

import argparse
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks import closed, machine, paced
from benchmarks.bench import Bench
from benchmarks.engines import NAMES, engine
from benchmarks.report import errors, missed, publish
from benchmarks.settings import REPORTS
from benchmarks.territory import made
from benchmarks.workloads import WORKLOADS
from socle.foundations.directory.demo import SIZES

CACHES = (
    "warm: the database was filled just before on the same machine, and each kind of request is made for two "
    "seconds before it is measured"
)
MEASURES = ("load", "start", *WORKLOADS)
PLACES = "the server, the database and the driver share the cores"


def main() -> int:
    parser = _arguments()
    chosen = parser.parse_args()
    if chosen.names == ["report"]:
        publish(chosen.out)
        return 0
    if unknown := set(chosen.names) - set(MEASURES):
        parser.error(f"unknown: {', '.join(sorted(unknown))}; known: report, or {', '.join(MEASURES)}")
    try:
        driver = closed.driver()
    except closed.DriverMissing as missing:
        print(missing, file=sys.stderr)
        return 2
    names = NAMES if chosen.engine == "both" else (chosen.engine,)
    reports = [_measured(name, chosen, driver) for name in names]
    return int(any(errors(report) for report in reports))


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"report, or some of {', '.join(MEASURES)}")
    parser.add_argument("--engine", choices=(*NAMES, "both"), default="both")
    parser.add_argument("--size", choices=list(SIZES), default="department")
    parser.add_argument("--factor", default="1,10", help="sizes, in times the chosen one: 1,10")
    parser.add_argument("--seconds", type=int, default=10, help="of each measure")
    parser.add_argument("--out", type=Path, default=REPORTS, help="folder of the reports")
    return parser


def _measured(name: str, chosen: argparse.Namespace, driver: str) -> dict[str, Any]:
    now = datetime.now(UTC)
    names = chosen.names or MEASURES
    with engine(name) as measured:
        bench = Bench(measured, names, chosen.seconds, lambda said: _tell(name, said))
        report = {
            "date": f"{now:%Y-%m-%d}",
            "engine": name,
            "engine_version": measured.version,
            "engine_settings": list(measured.settings),
            "machine": machine.described(),
            "drivers": {"maximum": driver, "half": paced.DRIVER},
            "seconds": chosen.seconds,
            "caches": CACHES,
            "places": PLACES,
            "runs": [],
        }
        for factor in map(int, chosen.factor.split(",")):
            _tell(name, f"{chosen.size} × {factor}")
            report["runs"].append({"factor": factor, **bench.run(made(chosen.size, factor))})
    chosen.out.mkdir(parents=True, exist_ok=True)
    file = chosen.out / f"{report['date']}-{name}.json"
    file.write_text(json.dumps(report, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    for line in missed(report):
        _tell(name, f"missed: {line}")
    return report


def _tell(name: str, said: str) -> None:
    print(f"{name:<11} {said}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
