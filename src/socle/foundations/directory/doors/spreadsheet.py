"""Lists as files for a spreadsheet: CSV (RFC 4180) with semicolons and a byte order mark, as a French one expects."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

from django.http import HttpResponse

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "＝", "＋", "－", "＠")


def csv_response(name: str, header: Sequence[str], lines: Iterable[Sequence[object]]) -> HttpResponse:
    text = StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([cell(value) for value in line] for line in lines)
    response = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def cell(value: object) -> str:
    """The text of a cell. What a spreadsheet would run as a formula is kept as text by an apostrophe."""
    text = str(value).replace("\x00", "")
    runs = text.startswith(_FORMULA) or text.lstrip().startswith(_FORMULA)
    return f"'{text}" if runs and not isinstance(value, int | float) else text
