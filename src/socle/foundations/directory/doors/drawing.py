"""Rows of lists as HTML, drawn here and not by a template: a page of results is what visitors ask for most, and twenty
rows of a template cost as much as all the rest of it. Every value is escaped where it is written."""

from collections.abc import Iterable, Sequence
from html import escape
from typing import Final

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from socle.foundations.directory.rows import Row

_MAILBOX: Final = '<span class="tag tag-good">MSSanté</span>'


def options(some: Iterable[tuple[str, str, bool]]) -> SafeString:
    """The options of a choice, from (value, label, chosen)."""
    drawn = (
        f'<option value="{escape(value)}"{" selected" if chosen else ""}>{escape(label)}</option>'
        for value, label, chosen in some
    )
    return SafeString("".join(drawn))


def people_rows(rows: Sequence[Row]) -> SafeString:
    """The rows of a table of people: who, where, how."""
    nowhere, gone = _("sans lieu déclaré"), _("n’est plus en activité")
    return SafeString("".join(_person(row, nowhere, gone) for row in rows))


def structure_rows(rows: Sequence[Row]) -> SafeString:
    """The rows of a table of structures: which, where, how."""
    closed = _("fermée")
    drawn = (
        f'<tr role="row">{_first("structure", row)}<td role="cell">{escape(row["town"])}</td>'
        f'<td role="cell">{_MAILBOX if row["mailbox"] else ""}{"" if row["active"] else _warning(closed)}</td></tr>'
        for row in rows
    )
    return SafeString("".join(drawn))


def people_lines(rows: Sequence[Row]) -> SafeString:
    """The people of a structure, one a line."""
    drawn = (
        f'<li class="line"><a href="/annuaire/professionnel/{escape(row["id"])}">{escape(row["name"])}</a> '
        f'<span class="muted">{escape(row["manner"])}</span>{" " + _MAILBOX if row["mailbox"] else ""}</li>'
        for row in rows
    )
    return SafeString("".join(drawn))


def _person(row: Row, nowhere: str, gone: str) -> str:
    manner = f"{escape(row['manner'])} " if row["manner"] else ""
    tags = (_MAILBOX if row["mailbox"] else "") + ("" if row["active"] else _warning(gone))
    where = _place(row) if row["place"] else f'<span class="second">{nowhere}</span>' if row["active"] else ""
    cells = f'<td role="cell">{where}</td><td role="cell">{manner}{tags}</td>'
    return f'<tr role="row">{_first("professionnel", row)}{cells}</tr>'


def _first(path: str, row: Row) -> str:
    """The cell that names the row, with its muted second line."""
    link = f'<a href="/annuaire/{path}/{escape(row["id"])}">{escape(row["name"])}</a>'
    return f'<th scope="row" role="rowheader">{link}<span class="second">{escape(row["trade"])}</span></th>'


def _place(row: Row) -> str:
    others = row["others"]
    more = ""
    if others:
        more = " · " + ngettext("et %(n)s autre lieu", "et %(n)s autres lieux", others) % {"n": others}
    link = f'<a href="/annuaire/structure/{escape(row["place_id"])}">{escape(row["place"])}</a>'
    return f'{link}<span class="second">{escape(row["town"])}{more}</span>'


def _warning(words: str) -> str:
    return f'<span class="tag tag-warm">{escape(words)}</span>'
