"""Python programs run in a process of their own, some of them to be killed."""

import os
import subprocess
import sys
from pathlib import Path

from tests.support.databases import SOURCES

_ROOT = Path(__file__).resolve().parents[2]


def run_python(program: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run a program that may import the product and the tests; how it ended, and what it said, is returned."""
    places = [str(SOURCES), str(_ROOT), os.environ.get("PYTHONPATH", "")]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(places)}
    command = [sys.executable, "-c", program, *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)
