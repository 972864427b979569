"""What is synced is on the disk, or the caller hears of it."""

import errno
import os
from pathlib import Path

import pytest

from socle.kernel.files import sync


def failing(patch: pytest.MonkeyPatch, number: int) -> None:
    def fsync(descriptor: int) -> None:
        raise OSError(number, os.strerror(number))

    patch.setattr(os, "fsync", fsync)


@pytest.mark.parametrize("number", [errno.EIO, errno.ENOSPC])
def test_a_disk_that_fails_is_not_passed_over(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, number: int
) -> None:
    (tmp_path / "file").write_bytes(b"kept")
    failing(monkeypatch, number)
    for path in (tmp_path / "file", tmp_path):
        with pytest.raises(OSError, match=os.strerror(number)):
            sync(path)


def test_a_file_system_that_syncs_no_folder_is_let_be(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_bytes(b"kept")
    failing(monkeypatch, errno.EINVAL)
    sync(tmp_path)
    with pytest.raises(OSError, match=os.strerror(errno.EINVAL)):
        sync(tmp_path / "file")
