"""The most that a server gives: wrk, a closed loop of connections that each ask again as soon as they are answered."""

import json
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

CONNECTIONS = 32
_THREADS = 1
_SCRIPT = Path(__file__).with_name("wrk.lua")


class DriverMissing(RuntimeError):
    """wrk is not installed; the message says how to install it."""

    def __init__(self) -> None:
        super().__init__(
            "the benches drive the server with wrk, which is missing; on Debian: apt install wrk"
        )


@dataclass(frozen=True, slots=True)
class Closed:
    """What one closed run gave; times in milliseconds."""

    requests: int
    seconds: float
    p50_ms: float
    p99_ms: float
    errors: int

    @property
    def per_second(self) -> float:
        return self.requests / self.seconds


def driver() -> str:
    """Name and version of the driver, and how it is used. Raises DriverMissing."""
    said = subprocess.run([_program(), "-v"], capture_output=True, text=True, check=False)
    found = re.search(r"wrk \S*?(\d[\w.+-]*)", said.stdout + said.stderr)
    version = found[1] if found else "of unknown version"
    return f"wrk {version}, {_THREADS} thread, {CONNECTIONS} connections, closed loop"


def _program() -> str:
    found = shutil.which("wrk")
    if found is None:
        raise DriverMissing
    return found


def drive(base: str, paths: Path, seconds: int, headers: Mapping[str, str]) -> Closed:
    """Ask `base` for paths chosen at random in the file `paths`, during `seconds`."""
    given = [argument for name, value in headers.items() for argument in ("-H", f"{name}: {value}")]
    limits = (f"-t{_THREADS}", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "10s")
    command = [_program(), *limits, *given, "-s", str(_SCRIPT), base, "--", str(paths)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    told = json.loads(next(line for line in said.splitlines() if line.startswith("{")))
    return Closed(
        told["requests"],
        told["microseconds"] / 1e6,
        told["p50"] / 1000,
        told["p99"] / 1000,
        told["errors"],
    )
