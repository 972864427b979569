"""The files that the benches load: made once, kept in the system's temporary folder."""

import json
import shutil
import tempfile
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

from socle.foundations.directory import demo
from socle.foundations.directory.demo import SIZES, Size, write_territory

_CACHE = "socle-bench-territories"


@dataclass(frozen=True, slots=True)
class Territory:
    """Official files and what they say: persons, structures that somebody works in, activity lines."""

    name: str
    files: tuple[str, ...]
    persons: int
    structures: int
    lines: int

    @property
    def activity(self) -> Path:
        return Path(self.files[0])


def made(size: str, factor: int) -> Territory:
    """The territory of this size taken `factor` times, from the cache when the generator has not changed."""
    chosen = SIZES[size] if factor == 1 else SIZES[size].times(factor)
    folder = Path(tempfile.gettempdir()) / _CACHE / f"{chosen.name}-{_generator()}"
    if not (folder / "territory.json").exists():
        _make(chosen, folder)
    told = json.loads((folder / "territory.json").read_text(encoding="utf-8"))
    return Territory(**{**told, "files": tuple(told["files"])})


def _make(size: Size, folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    written = write_territory(folder, size)
    files = tuple(str(path) for path in written.files)
    territory = Territory(size.name, files, written.persons, written.structures, written.lines)
    (folder / "territory.json").write_text(json.dumps(asdict(territory)), encoding="utf-8")


def _generator() -> str:
    """A mark of the generator's sources and data: files made by another one are not used."""
    root = Path(demo.__file__).parent
    sources = sorted(path for path in root.rglob("*") if path.suffix in (".py", ".csv"))
    return sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()[:12]
