"""Imports only go down the house; the contracts are in pyproject.toml."""

import os
import subprocess
import sys
from pathlib import Path

from tests.support import tree


def test_every_contract_is_kept() -> None:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    sources = {**os.environ, "PYTHONPATH": str(tree.ROOT / "src")}
    done = subprocess.run(command, cwd=tree.ROOT, env=sources, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
