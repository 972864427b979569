"""The English catalogues: French is written in the sources, English in `locale/en/LC_MESSAGES/django.po`.

    python tools/messages.py          bring every .po up to date with its package, compile it, say what is missing

A text that is not translated yet keeps an empty `msgstr`, which a test refuses.
"""

import sys
from collections.abc import Iterator
from io import BytesIO, StringIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

SOURCES = Path(__file__).resolve().parents[1] / "src" / "socle"
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "gettext": None,
    "gettext_lazy": None,
    "_": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
}


def packages() -> list[Path]:
    """The packages with pages, which are those with a catalogue."""
    return sorted(folder.parent for folder in SOURCES.rglob("locale") if folder.is_dir())


def po_file(package: Path) -> Path:
    return package / "locale" / "en" / "LC_MESSAGES" / "django.po"


def texts(package: Path) -> Iterator[tuple[str | tuple[str, ...], str]]:
    """Every text to translate of a package, and the file that says it. A package inside it with its own catalogue
    keeps its own texts."""
    inner = [other for other in packages() if other != package and package in other.parents]
    for file in sorted(package.rglob("*")):
        if file.suffix not in (".py", ".html") or any(other in file.parents for other in inner):
            continue
        for message in _texts_of(file):
            yield message, str(file.relative_to(SOURCES))


def _texts_of(file: Path) -> Iterator[str | tuple[str, ...]]:
    source = file.read_text("utf-8")
    if file.suffix == ".html":
        # Django turns a template into what looks like Python calls of gettext, indented as the template is.
        source = "\n".join(line.lstrip() for line in templatize(source, origin=file.name).splitlines())
    for _line, message, _comments, _context in extract("python", BytesIO(source.encode()), KEYWORDS):
        yield message


def current(package: Path) -> Catalog:
    """The catalogue as it should be: the texts of the sources, with the translations known so far."""
    known = read(package)
    fresh = Catalog(
        locale="en",
        project="Socle",
        version="0",
        header_comment="# English texts of the pages.",
        creation_date=known.creation_date,
        revision_date=known.creation_date,
        msgid_bugs_address="-",
        last_translator="-",
        language_team="-",
        fuzzy=False,
    )
    for message, file in texts(package):
        old = known.get(message if isinstance(message, str) else message[0])
        fresh.add(message, old.string if old else None, [(file, 0)])
    return fresh


def read(package: Path) -> Catalog:
    file = po_file(package)
    return read_po(StringIO(file.read_text("utf-8")), locale="en") if file.exists() else Catalog(locale="en")


def written(catalog: Catalog) -> bytes:
    buffer = BytesIO()
    write_po(buffer, catalog, width=110, omit_header=False, include_lineno=False, sort_output=True)
    return buffer.getvalue()


def compiled(catalog: Catalog) -> bytes:
    buffer = BytesIO()
    write_mo(buffer, catalog)
    return buffer.getvalue()


def missing(catalog: Catalog) -> list[str]:
    """The texts without a translation."""
    return [str(message.id) for message in catalog if message.id and not _translated(message.string)]


def _translated(string: str | tuple[str, ...] | list[str] | None) -> bool:
    return bool(string) if isinstance(string, str) else bool(string) and all(string or ())


def main() -> int:
    untranslated = 0
    for package in packages():
        catalog = current(package)
        file = po_file(package)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(written(catalog))
        file.with_suffix(".mo").write_bytes(compiled(catalog))
        without = missing(catalog)
        untranslated += len(without)
        sys.stdout.write(f"{file.relative_to(SOURCES)}: {len(catalog)} texts, {len(without)} to translate\n")
        sys.stdout.writelines(f"    {text}\n" for text in without)
    return 1 if untranslated else 0


if __name__ == "__main__":
    sys.exit(main())
