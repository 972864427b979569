"""Files that must be there after the power went, and that nobody else reads."""

import errno
import os
import stat
from contextlib import suppress
from pathlib import Path

# What a file system says that cannot sync a folder; it orders the two by itself.
_NOT_FOR_FOLDERS = (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP)


def sync(path: Path) -> None:
    """Have the disk hold what was written under this name; of a folder, the names in it. Raises OSError when it cannot:
    what was written may not be there after all."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as refusal:
        if not stat.S_ISDIR(os.fstat(descriptor).st_mode) or refusal.errno not in _NOT_FOR_FOLDERS:
            raise
    finally:
        os.close(descriptor)


def private_folder(path: Path) -> None:
    """A folder for its owner alone, when it is not there; one that is there stays as its operator chose."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)


def private_file(path: Path) -> None:
    """The same of a file, empty. What SQLite puts beside its own file has the same mode."""
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
