"""Densities as figures: one profession in every department, every profession in one department."""

from collections.abc import Sequence
from operator import itemgetter
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from socle.foundations.directory import country, sql
from socle.foundations.directory.criteria import Target
from socle.foundations.directory.densities import (
    Density,
    by_department,
    together,
)
from socle.foundations.directory.doors.asked import Asked
from socle.foundations.directory.doors.drawing import options
from socle.foundations.directory.doors.state import State, published
from socle.foundations.directory.doors.tile_map import tile_map
from socle.foundations.directory.labels import Labels
from socle.kernel.errors import NOT_FOUND, SocleError
from socle.kernel.web.charts import BarChart, Measure
from socle.kernel.web.spreadsheet import csv_response
from socle.kernel.web.templatetags.components import Column, Table, bar_chart, figure

PAGE: Final = "/annuaire/densites"
_PHYSICIAN: Final = "10"
_BARS: Final = 12
_PRECISE_BELOW: Final = 10
_PEOPLE: Final[Target] = "people"


def country_page(request: HttpRequest) -> HttpResponse:
    """One profession, department by department."""
    with published() as state:
        profession = _chosen(request, _counted(state))
        key = ("country", get_language() or "", profession)
        told = state.library.once(key, lambda: _told_of_country(state, profession))
    return render(request, "directory/densities.html", told)


def _told_of_country(state: State, profession: str) -> dict[str, Any]:
    labels, found = state.library.labels(), _of_profession(state, profession)
    label, whole = labels.column("profession", profession), together(found)
    return {
        "professions": _options(_counted(state), labels, profession),
        "label": label,
        "whole": whole,
        "rate": rate(whole),
        "covered": len(found),
        "chart": bar_chart(_chart(found, label)) if whole.persons else "",
        "map": tile_map(found) if whole.persons else None,
        "table": _drawn(_table(found, label)),
        "export": f"{PAGE}.csv?profession={profession}",
        **_source(),
    }


def export(request: HttpRequest) -> HttpResponse:
    """The same figures as a file."""
    with published() as state:
        profession = _chosen(request, _counted(state))
        found = _of_profession(state, profession)
        label = state.library.labels().column("profession", profession)
    header = (
        _("Département"),
        _("Nom"),
        _("Profession"),
        _("Professionnels"),
        _("Habitants"),
        _("Pour 100 000 habitants"),
    )
    lines = [(one.code, one.name, label, one.persons, one.inhabitants or "", rate(one, "")) for one in found]
    return csv_response(_("densites.csv"), header, lines)


def department_page(request: HttpRequest, department: str) -> HttpResponse:
    """Every profession in one department."""
    if department not in country.department_names():
        raise SocleError(NOT_FOUND, path=request.path)
    with published() as state:
        key = ("department", get_language() or "", department)
        told = state.library.once(key, lambda: _told_of_department(state, department))
    return render(request, "directory/department.html", told)


def _told_of_department(state: State, department: str) -> dict[str, Any]:
    labels, transaction = state.library.labels(), state.snapshot.transaction
    name, people = country.department_names()[department], country.inhabitants()
    here = sql.persons_by_profession(state.session, transaction, department)
    everywhere = sum(people.get(code, 0) for code in sql.covered_departments(state.session, transaction))
    found = [
        Density(code, labels.column("profession", code), persons, people.get(department, 0))
        for code, persons in here.items()
    ]
    found.sort(key=lambda one: (-one.persons, one.name))
    whole = {code: Density(code, "", persons, everywhere) for code, persons in _counted(state).items()}
    return {
        "name": name,
        "department": department,
        "persons": sum(here.values()),
        "first": found[0] if found else None,
        "first_rate": rate(found[0]) if found else "",
        "inhabitants": people.get(department, 0),
        "chart": bar_chart(_department_chart(found, name)) if found else "",
        "table": _drawn(_department_table(found, whole, department)),
        **_source(),
    }


def _counted(state: State) -> dict[str, int]:
    """Persons by profession, in all departments together."""
    transaction = state.snapshot.transaction
    return state.library.once(("counted",), lambda: sql.persons_by_profession(state.session, transaction))


def _drawn(table: Table) -> str:
    return render_to_string("socle/components/table.html", {"table": table})


def _chosen(request: HttpRequest, counted: dict[str, int]) -> str:
    """The profession asked for when somebody has it, else physicians, else the most numerous."""
    asked = request.GET.get("profession", "")
    if asked in counted:
        return asked
    return (
        _PHYSICIAN if _PHYSICIAN in counted or not counted else max(counted, key=lambda code: counted[code])
    )


def _of_profession(state: State, profession: str) -> list[Density]:
    persons = sql.persons_by_department(state.session, state.snapshot.transaction, profession)
    covered = sql.covered_departments(state.session, state.snapshot.transaction)
    return by_department(persons, covered, country.department_names(), country.inhabitants())


def _options(counted: dict[str, int], labels: Labels, chosen: str) -> SafeString:
    found = ((code, labels.column("profession", code), code == chosen) for code in counted)
    return options(sorted(found, key=itemgetter(1)))


def _source() -> dict[str, Any]:
    who, years = country.population_source()
    *others, last = map(str, years)
    told = _("%(others)s et %(last)s") % {"others": ", ".join(others), "last": last} if others else last
    return {"source": who, "years": told, "years_count": len(years)}


def rate(one: Density, unknown: str = "—") -> str:
    """The rate as people read it: with one decimal when it is small."""
    if one.rate is None:
        return unknown
    decimals = 1 if one.rate < _PRECISE_BELOW else 0
    # `number_format` cuts decimals off; it does not round.
    return str(number_format(round(one.rate, decimals), decimals, use_l10n=True, force_grouping=True))


def _chart(found: Sequence[Density], label: str) -> BarChart:
    shown = [one for one in found if one.rate][:_BARS]
    return BarChart(
        identifier="densities",
        title=_("%(label)s : professionnels pour 100 000 habitants") % {"label": label},
        sentence=_("Une barre par département, le plus pourvu en premier ; %(n)s au plus.") % {"n": _BARS},
        label_heading=_("Département"),
        value_heading=_("Pour 100 000 habitants"),
        measures=[Measure(f"{one.name} ({one.code})", one.rate or 0, rate(one)) for one in shown],
    )


def _table(found: Sequence[Density], label: str) -> Table:
    columns = (
        Column(_("Département")),
        Column(_("Professionnels"), numeric=True),
        Column(_("Habitants"), numeric=True),
        Column(_("Pour 100 000 habitants"), numeric=True),
    )
    rows: list[tuple[Any, ...]] = [
        (
            format_html('<a href="{}/{}">{} ({})</a>', PAGE, one.code, one.name, one.code),
            figure(one.persons),
            figure(one.inhabitants) if one.inhabitants else "—",
            rate(one),
        )
        for one in found
    ]
    return Table(_("%(label)s, par département") % {"label": label}, columns, rows)


def _department_chart(found: Sequence[Density], name: str) -> BarChart:
    shown = found[:_BARS]
    return BarChart(
        identifier="professions",
        title=_("%(name)s : professionnels en activité") % {"name": name},
        sentence=_("Une barre par profession, la plus nombreuse en premier ; %(n)s au plus.") % {"n": _BARS},
        label_heading=_("Profession"),
        value_heading=_("Professionnels"),
        measures=[Measure(one.name, one.persons, figure(one.persons)) for one in shown],
    )


def _department_table(found: Sequence[Density], whole: dict[str, Density], department: str) -> Table:
    columns = (
        Column(_("Profession")),
        Column(_("Professionnels"), numeric=True),
        Column(_("Pour 100 000 habitants"), numeric=True),
        Column(_("Ensemble des départements couverts"), numeric=True),
    )
    rows: list[tuple[Any, ...]] = [
        (
            format_html(
                '<a href="{}">{}</a>',
                Asked(profession=one.code, where=department, target=_PEOPLE).address(),
                one.name,
            ),
            figure(one.persons),
            rate(one),
            rate(whole[one.code]),
        )
        for one in found
    ]
    return Table(_("Toutes les professions"), columns, rows)
