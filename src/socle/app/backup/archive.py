"""The data file: a ZIP with one file a table, `manifest.json` that says what must be in them, and its HMAC."""

import hmac
import json
import os
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, cast

from socle.app.backup.faults import ARCHIVE_DAMAGED, ARCHIVE_MISSING
from socle.app.backup.tables import Table
from socle.kernel.clock import from_micros
from socle.kernel.db import Column
from socle.kernel.db.bulk import Kind
from socle.kernel.errors import SocleError
from socle.kernel.files import sync
from socle.kernel.keys import authenticated, current_master, master_named

FORMAT = 1
_MANIFEST, _MAC, _PURPOSE = "manifest.json", "manifest.hmac", "backup"
_NAME = "socle-%Y%m%dT%H%M%S.%fZ.zip"
_ANY = "socle-*.zip"
_PIECE, _LEVEL = 1 << 20, 1
# What is read whole before anything proves it. The manifest of every table of the house has some tens of KiB.
_MANIFEST_BYTES, _MAC_BYTES = 4 << 20, 64
_BROKEN = (
    *(zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError),
    # Of another shape than ours.
    *(AttributeError, KeyError, TypeError, ValueError),
)
Tell = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Saved:
    """One table of a data file: `columns` are (name, kind) pairs, `sha256` is over its rows before compression."""

    columns: list[tuple[str, str]]
    rows: int
    sha256: str

    def table(self, name: str) -> Table:
        return Table(name, tuple(Column(column, cast(Kind, kind)) for column, kind in self.columns), ())


@dataclass(frozen=True, slots=True)
class Manifest:
    """`made` is the moment of the snapshot in microseconds UTC, `last_entry` that of the last act that it holds;
    `migrations` are "application.name"; `checkpoint` is the last signed head of the audit trail, if there was one."""

    made: int
    version: str
    engine: str
    master: str
    migrations: list[str]
    last_entry: int | None
    checkpoint: str | None
    envelopes: int
    sequences: dict[str, int] = field(default_factory=dict)
    tables: dict[str, Saved] = field(default_factory=dict)
    format: int = FORMAT

    @property
    def moment(self) -> datetime:
        return from_micros(self.made)

    @property
    def rows(self) -> int:
        return sum(saved.rows for saved in self.tables.values())


class Writer:
    """A data file under way; it takes its name once it is whole."""

    def __init__(self, file: zipfile.ZipFile) -> None:
        self._file = file

    def table(self, table: Table, pieces: Iterable[bytes], rows: int) -> Saved:
        digest = sha256()
        with self._file.open(_entry(table.name), "w", force_zip64=True) as out:
            for piece in pieces:
                digest.update(piece)
                out.write(piece)
        columns = [(column.name, str(column.kind)) for column in table.columns]
        return Saved(columns, rows, digest.hexdigest())

    def manifest(self, manifest: Manifest) -> None:
        data = json.dumps(asdict(manifest), ensure_ascii=False, indent=1).encode()
        self._file.writestr(_MANIFEST, data)
        self._file.writestr(_MAC, authenticated(_PURPOSE, data, current_master()).hex())


@contextmanager
def writing(path: Path) -> Iterator[Writer]:
    """A new data file. Until the block has ended well and the disk holds it, nothing has this name. What a backup that
    was killed has left is cleared away."""
    for left in path.parent.glob(f".{_ANY}.new"):
        left.unlink()
    fresh = path.with_name(f".{path.name}.new")
    descriptor = os.open(fresh, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
                yield Writer(archive)
            file.flush()
            os.fsync(file.fileno())
        os.replace(fresh, path)
        sync(path.parent)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise


class Archive:
    """A data file that is read. Everything that is wrong with it raises SocleError(ARCHIVE_DAMAGED)."""

    def __init__(self, path: Path, file: zipfile.ZipFile) -> None:
        self.path, self._file = path, file
        data = self._whole(_MANIFEST, _MANIFEST_BYTES)
        mac = authenticated(_PURPOSE, data, master_named(_named_master(data))).hex().encode()
        if not hmac.compare_digest(mac, self._whole(_MAC, _MAC_BYTES)):
            raise self.damaged(f"{_MANIFEST}: HMAC")
        self.manifest = _read_manifest(data)

    def _whole(self, name: str, limit: int) -> bytes:
        """A small part of the file, which says how long it is: when that is too much it is not unpacked, and never any
        further than it says."""
        info = self._file.getinfo(name)
        if info.file_size > limit:
            raise self.damaged(f"{name}: {info.file_size} > {limit}")
        with self._file.open(info) as part:
            return part.read(limit)

    def check(self, tell: Tell = lambda *_: None) -> None:
        """Read everything once and compare hashes, before anything is touched."""
        done = 0
        for name, saved in self.manifest.tables.items():
            digest = sha256()
            for piece in self.pieces(name):
                digest.update(piece)
            if not hmac.compare_digest(digest.hexdigest(), saved.sha256):
                raise self.damaged(f"{name}: SHA-256")
            done += saved.rows
            tell("vérifier · check", done, self.manifest.rows)

    def pieces(self, name: str) -> Iterator[bytes]:
        try:
            with self._file.open(_entry(name)) as rows:
                while piece := rows.read(_PIECE):
                    yield piece
        except _BROKEN as wrong:
            raise self.damaged(f"{name}: {wrong}") from None

    def damaged(self, found: str) -> SocleError:
        return SocleError(ARCHIVE_DAMAGED, file=self.path.name, found=found)


@contextmanager
def reading(path: Path) -> Iterator[Archive]:
    """A data file, its manifest proven to be of this installation. Raises SocleError: ARCHIVE_DAMAGED, or
    MASTER_UNKNOWN when it was made under a master key that this process does not hold."""
    try:
        file = zipfile.ZipFile(path)
    except _BROKEN as wrong:
        raise SocleError(ARCHIVE_DAMAGED, file=path.name, found=str(wrong)) from None
    with file:
        try:
            archive = Archive(path, file)
        except _BROKEN as wrong:
            raise SocleError(ARCHIVE_DAMAGED, file=path.name, found=f"{_MANIFEST}: {wrong}") from None
        yield archive


def name_of(made: int) -> str:
    """Names sort as their moments."""
    return f"{from_micros(made):{_NAME}}"


def moment_of(path: Path) -> datetime:
    """The moment that `name_of` wrote into a name, whatever happened to the file since. Raises ValueError."""
    return datetime.strptime(path.name, _NAME).replace(tzinfo=UTC)


def all_of(folder: Path) -> list[Path]:
    """The data files of a folder, the oldest first."""
    return sorted(path for path in folder.glob(_ANY) if _is_named(path))


def _is_named(path: Path) -> bool:
    try:
        return bool(moment_of(path))
    except ValueError:
        return False


def newest(folder: Path) -> Path | None:
    """The newest data file of a folder; None when there is none."""
    found = all_of(folder)
    return found[-1] if found else None


def latest(folder: Path) -> Path:
    """The newest data file of a folder; SocleError(ARCHIVE_MISSING) when there is none."""
    found = newest(folder)
    if found is None:
        raise SocleError(ARCHIVE_MISSING, folder=str(folder))
    return found


def _entry(table: str) -> str:
    return f"tables/{table}.copy"


def _named_master(data: bytes) -> str:
    """Of a manifest that nothing proves yet, the one thing that says how to prove it."""
    document = json.loads(data)
    if not isinstance(document, dict) or not isinstance(document.get("master"), str):
        raise ValueError("no master key is named")
    return str(document["master"])


def _read_manifest(data: bytes) -> Manifest:
    document: dict[str, Any] = json.loads(data)
    if document["format"] != FORMAT:
        raise ValueError(f"format {document['format']!r}")
    tables = {
        name: Saved([(column, kind) for column, kind in saved["columns"]], saved["rows"], saved["sha256"])
        for name, saved in document.pop("tables").items()
    }
    return Manifest(
        **{name: document[name] for name in Manifest.__slots__ if name != "tables"}, tables=tables
    )
