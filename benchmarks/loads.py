"""Loads, by the product's own loader in a process of its own, into a fresh database."""

import json
import os
import subprocess
import sys
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.settings import environment


@dataclass(frozen=True, slots=True)
class Load:
    """What one load took. `seconds` is the loader's own count, from the first file to the published transaction;
    `lines` counts activity lines, `peak_mib` the largest memory of the loading process, its helpers apart."""

    lines: int
    seconds: float
    created: int
    peak_mib: float

    @property
    def per_second(self) -> float:
        return self.lines / self.seconds


def migrate(home: Path, database: str) -> None:
    command = [sys.executable, "-m", "socle", "migrate"]
    subprocess.run(command, env=environment(home, database), stdout=subprocess.DEVNULL, check=True)


def load(home: Path, database: str, files: Sequence[str], lines: int) -> Load:
    """Run one load job as a server does. Raises RuntimeError when it is refused."""
    job = json.dumps({"kind": "directory", "files": list(files)})
    process = subprocess.Popen(
        [sys.executable, "-m", "socle.app.jobs"],
        env=environment(home, database),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(job + "\n")
    process.stdin.close()
    (last,) = deque(process.stdout, maxlen=1) or ("{}",)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    report = json.loads(last).get("report")
    if process.returncode or report is None:
        raise RuntimeError(f"the load did not end: {last}")
    return Load(lines, report["seconds"], report["created"], used.ru_maxrss / 1024)
