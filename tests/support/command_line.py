"""The `socle` command as a person runs it: a process of its own, on a data folder of its own."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.databases import SOURCES

_COMMAND = (sys.executable, "-m", "socle")
_SECONDS = 120


def environment(home: Path, **variables: str) -> dict[str, str]:
    """That of a person who set SOCLE_HOME, and `variables`, before the command."""
    path = os.pathsep.join([str(SOURCES), os.environ.get("PYTHONPATH", "")])
    return {**os.environ, "PYTHONPATH": path, "SOCLE_HOME": str(home), **variables}


def socle(*arguments: str | Path, home: Path, **variables: str) -> "subprocess.CompletedProcess[str]":
    """Run the command to its end; what it said, and its exit code."""
    return subprocess.run(
        [*_COMMAND, *arguments],
        env=environment(home, **variables),
        capture_output=True,
        text=True,
        check=False,
        timeout=_SECONDS,
    )


@contextmanager
def begun(
    *arguments: str | Path, home: Path, printed: Path, **variables: str
) -> Iterator["subprocess.Popen[str]"]:
    """The command under way, killed at the end of the block if it still is; all that it says goes to the file
    `printed`. It leads a process group, as in a terminal."""
    with printed.open("w", encoding="utf-8") as file:
        process = subprocess.Popen(
            [*_COMMAND, *arguments],
            env=environment(home, **variables),
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
