"""Where tests keep what they make: in memory when the machine has room for it, for their files are many and small."""

import os
import shutil
import tempfile
from pathlib import Path

MEMORY = Path("/dev/shm")
# What the whole suite holds at once on four workers, four times over.
ENOUGH = 4 * 1024**3


def is_roomy(folder: Path) -> bool:
    """Whether one may write there, with room for a whole run."""
    return (
        folder.is_dir() and os.access(folder, os.W_OK | os.X_OK) and shutil.disk_usage(folder).free >= ENOUGH
    )


def choose_room(memory: Path = MEMORY) -> Path:
    """Have temporary files of this process, and of those that it starts, made in memory; where nothing was chosen
    and there is no room, they stay where the system puts them."""
    if "TMPDIR" not in os.environ and is_roomy(memory):
        os.environ["TMPDIR"] = str(memory)
        tempfile.tempdir = None
    return Path(tempfile.gettempdir())
