"""Reading an extraction file into columns, whatever its size: encoding, header, fields, and lines that do not fit.

The file is read in pieces; each piece is split by column at once. No field is ever quoted in these files, so a
quotation mark is an ordinary character.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from socle.foundations.directory.loading.faults import (
    EMPTY_FILE,
    UNDECODABLE,
    UNKNOWN_HEADER,
    LineFault,
)
from socle.foundations.directory.loading.progress import Progress
from socle.kernel.errors import SocleError
from socle.standards.annuaire.files import Recognised, Unknown, recognise

PIECE = 32 * 1024 * 1024


@dataclass(slots=True)
class Extraction:
    """One file as read. `frame` has one row a line that fits: `row` (line number in the file, the header being 1),
    `line` (as written) and the columns by our short names, trimmed. `misfits` are the lines that do not fit."""

    path: Path
    header: str
    recognised: Recognised
    encoding: str
    frame: pl.DataFrame
    total: int
    misfits: list[LineFault] = field(default_factory=list)


def read_extraction(path: Path, progress: Progress | None = None) -> Extraction:
    """Raises SocleError: EMPTY_FILE, UNDECODABLE, UNKNOWN_HEADER."""
    encoding = detect_encoding(path)
    header, recognised = read_header(path, encoding)
    frames: list[pl.DataFrame] = []
    misfits: list[LineFault] = []
    total, done, size = 0, 0, path.stat().st_size
    for first_row, text, length in _pieces(path, encoding):
        frame, wrong, count = _split(path, recognised, first_row, text)
        frames.append(frame)
        misfits += wrong
        total += count
        done += length
        if progress:
            progress(done, size)
    frame = pl.concat(frames) if frames else _empty(recognised)
    return Extraction(path, header, recognised, encoding, frame, total, misfits)


def detect_encoding(path: Path) -> str:
    """UTF-8 when the whole file is, else Windows-1252 when it can be; both are found in official files."""
    for encoding in ("utf-8", "cp1252"):
        try:
            with path.open(encoding=encoding, newline="") as file:
                while file.read(PIECE):
                    pass
        except UnicodeDecodeError as error:
            refused = error
            continue
        return encoding
    raise SocleError(UNDECODABLE, file=path.name, byte=f"0x{refused.object[refused.start]:02x}")


def read_header(path: Path, encoding: str) -> tuple[str, Recognised]:
    # Cut where the lines will be: a file whose lines end otherwise must not pass for one that has a header only.
    with path.open("rb") as file:
        line = file.readline(65_536).decode(encoding, errors="replace").removeprefix("\ufeff")
    if not line.strip():
        raise SocleError(EMPTY_FILE, file=path.name)
    found = recognise(line)
    if isinstance(found, Unknown):
        raise SocleError(
            UNKNOWN_HEADER,
            file=path.name,
            position=found.position,
            received=found.received or "-",
            expected=found.expected or "-",
            kind=found.nearest.kind.value,
            vintage=found.vintage.label,
        )
    return line.rstrip("\r\n"), found


def _pieces(path: Path, encoding: str) -> Iterator[tuple[int, str, int]]:
    """(number of the first line, whole lines as text, bytes read) until the end of the file."""
    with path.open("rb") as file:
        read = len(file.readline())
        row, rest = 2, b""
        while piece := file.read(PIECE):
            read += len(piece)
            whole, mark, rest_after = (rest + piece).rpartition(b"\n")
            if mark:
                text = whole.decode(encoding)
                yield row, text, read
                row, read, rest = row + text.count("\n") + 1, 0, rest_after
            else:
                rest = rest_after
        if rest:
            yield row, rest.decode(encoding), read


def _split(
    path: Path, recognised: Recognised, first_row: int, text: str
) -> tuple[pl.DataFrame, list[LineFault], int]:
    """Fields of every line that has as many as the header; a fault for every other, blank lines aside."""
    width = len(recognised.columns)
    lines = pl.DataFrame({"line": text.split("\n")}).with_row_index("row", offset=first_row)
    lines = lines.with_columns(pl.col("line").str.strip_suffix("\r").str.strip_suffix("\0"))
    lines = lines.filter(pl.col("line").str.strip_chars() != "")
    count = pl.col("line").str.count_matches("|", literal=True)
    fits = (count == width - 1) | ((count == width) & pl.col("line").str.ends_with("|"))
    wrong = [
        LineFault.misfit(path.name, row, line, recognised)
        for row, line in lines.filter(~fits).select("row", "line").iter_rows()
    ]
    fields = pl.col("line").str.split_exact("|", width - 1).struct.rename_fields(list(recognised.columns))
    frame = lines.filter(fits).with_columns(fields.alias("fields")).unnest("fields")
    trimmed = frame.with_columns(pl.col(list(recognised.columns)).str.strip_chars())
    return trimmed, wrong, lines.height


def _empty(recognised: Recognised) -> pl.DataFrame:
    schema = {"row": pl.get_index_type(), "line": pl.String} | dict.fromkeys(recognised.columns, pl.String)
    return pl.DataFrame(schema=schema)
