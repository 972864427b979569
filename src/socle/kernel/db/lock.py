"""SQLite means one process: the data folder is held by a lock file for as long as that process lives."""

import fcntl
import os
from pathlib import Path
from types import TracebackType
from typing import Self


class DataFolderBusy(RuntimeError):
    """Another process holds the data folder; `holder` is what it wrote of itself (its process number)."""

    def __init__(self, path: Path, holder: str) -> None:
        self.path, self.holder = path, holder
        super().__init__(f"{path} is held by process {holder or 'unknown'}")


class DataFolderLock:
    """An advisory lock (flock) on `socle.lock`: the kernel releases it when the process dies, however it dies."""

    def __init__(self, home: Path) -> None:
        self.path = home / "socle.lock"
        self._descriptor: int | None = None

    def acquire(self) -> Self:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(descriptor, 64).decode(errors="replace").strip()
            os.close(descriptor)
            raise DataFolderBusy(self.path, holder) from None
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode())
        self._descriptor = descriptor
        return self

    def release(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def __enter__(self) -> Self:
        return self.acquire()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.release()
