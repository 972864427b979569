"""Lists as files for a spreadsheet: CSV (RFC 4180) with semicolons and a byte order mark, as a French one expects."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO

from django.http import HttpResponse, StreamingHttpResponse

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "＝", "＋", "－", "＠")


def csv_response(name: str, header: Sequence[str], lines: Iterable[Sequence[object]]) -> HttpResponse:
    text = csv_text([header]) + csv_text(lines)
    response = HttpResponse("\ufeff" + text, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def csv_streamed(
    name: str, header: Sequence[str], pieces: Iterable[Iterable[Sequence[object]]]
) -> StreamingHttpResponse:
    """The same for a list of any length, which is written piece by piece as it is read."""

    def parts() -> Iterator[str]:
        yield "\ufeff" + csv_text([header])
        yield from map(csv_text, pieces)

    response = StreamingHttpResponse(parts(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def csv_text(lines: Iterable[Sequence[object]]) -> str:
    """Some lines of such a file, without its mark."""
    text = StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerows([cell(value) for value in line] for line in lines)
    return text.getvalue()


def cell(value: object) -> str:
    """The text of a cell. What a spreadsheet would run as a formula is kept as text by an apostrophe."""
    text = str(value).replace("\x00", "")
    # A dash alone stands for nothing.
    runs = text != "-" and (text.startswith(_FORMULA) or text.lstrip().startswith(_FORMULA))
    return f"'{text}" if runs and not isinstance(value, int | float) else text
