"""Files that must be there after the power went."""

import os
from contextlib import suppress
from pathlib import Path


def sync(path: Path) -> None:
    """Have the disk hold what was written under this name; of a folder, the names in it."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        # Some file systems cannot sync a folder; they order the two by themselves.
        with suppress(OSError):
            os.fsync(descriptor)
    finally:
        os.close(descriptor)
