"""What a page of results shows: rows, what was understood, other ways to take the words, what to try instead."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from socle.engines.fhirstore.search import COUNT_LIMIT, Start
from socle.foundations.directory.criteria import (
    ACTIVITY,
    PERSON,
    STRUCTURE,
    Filters,
    Target,
    is_exact,
    other_target,
    requests,
)
from socle.foundations.directory.doors.asked import EXPORT, Asked, page_tokens, resumed
from socle.foundations.directory.doors.drawing import people_rows, structure_rows
from socle.foundations.directory.doors.programs import command_for
from socle.foundations.directory.doors.state import State
from socle.foundations.directory.elements import reference_id
from socle.foundations.directory.labels import Labels
from socle.foundations.directory.resources import Json, each
from socle.foundations.directory.rows import Place, Row, person_row, structure_row
from socle.foundations.directory.searching import Results
from socle.foundations.directory.suggesting import Suggestion, suggest
from socle.foundations.directory.vocabulary import label_of
from socle.foundations.directory.words import Kind, Part, Reading, interpret
from socle.kernel.web.templatetags.components import figure

COUNT: Final = 20
_BESIDE: Final = 3
_KINDS: Final[dict[Kind, Promise]] = {
    Kind.NAME: gettext_lazy("Nom"),
    Kind.TITLE: gettext_lazy("Titre"),
    Kind.TRADE: gettext_lazy("Métier"),
    Kind.STRUCTURE: gettext_lazy("Structure"),
    Kind.PLACE: gettext_lazy("Lieu"),
    Kind.NUMBER: gettext_lazy("Numéro"),
    Kind.MAILBOX: gettext_lazy("Messagerie"),
}


@dataclass(frozen=True, slots=True)
class Understood:
    """One removable tag: what a part was taken for, and the address of the same search without it."""

    kind: str
    meaning: str
    raw: str
    href: str


@dataclass(frozen=True, slots=True)
class Way:
    """Another way to take a doubtful word, and its address; `as_place` says which way."""

    raw: str
    as_place: bool
    href: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The results, and all the readings of the text; `results` is None when nothing was found, and `best` the reading
    to speak of then. `restarted` says that the page link asked for was too old."""

    asked: Asked
    readings: Sequence[Reading]
    best: Reading
    filters: Filters
    results: Results | None
    restarted: bool = False

    @property
    def reading(self) -> Reading:
        return self.results.reading if self.results else self.best

    @property
    def target(self) -> Target | None:
        return self.results.request.target if self.results else self.asked.target

    @property
    def steady(self) -> Asked:
        """The same search with its reading and target fixed, for the addresses of its other pages."""
        return replace(self.asked, way=self.readings.index(self.reading), target=self.target, page="")


def answer(asked: Asked, state: State, count: int = COUNT) -> Answer:
    vocabulary = state.library.vocabulary
    readings = interpret(asked.text, vocabulary)
    chosen = (readings[asked.way],) if 0 < asked.way < len(readings) else readings
    filters = asked.filters(vocabulary)
    if asked.page and (on := resumed(asked.page, state.snapshot)):
        results = state.run(state.searcher(on.snapshot).page_of(on.request, chosen[0], on.start, count))
        return Answer(asked, readings, chosen[0], filters, results)
    found = state.run(state.searcher().find(chosen, filters, asked.target, count, wide=asked.wide))
    return Answer(asked, readings, chosen[0], filters, found, restarted=bool(asked.page))


def rows_of(results: Results, labels: Labels) -> list[Row]:
    if results.request.type == STRUCTURE:
        return [structure_row(structure, labels) for structure in structures_of(results)]
    return [person_row(person, places, labels) for person, places in people_of(results)]


def structures_of(results: Results) -> Iterator[Json]:
    return each(results.page.matches)


def people_of(results: Results) -> Iterator[tuple[Json, list[Place]]]:
    """The persons found with the places to show; a person stands once an activity when activities were searched."""
    if results.request.type == PERSON:
        for person in each(results.page.matches):
            yield person, results.places.get(person["id"], [])
        return
    known = {(one["resourceType"], one["id"]): one for one in each(results.page.included)}
    for role in each(results.page.matches):
        person = known.get(("Practitioner", reference_id(role, "practitioner")), {})
        yield person, [(role, known.get(("Organization", reference_id(role, "organization")), {}))]


def told(answered: Answer, state: State) -> dict[str, Any]:
    """Everything that the template of results needs."""
    labels = state.library.labels()
    context: dict[str, Any] = {
        "asked": answered.asked,
        "target": answered.target or "people",
        "understood": list(understood(answered, labels)),
        "ways": list(other_ways(answered)),
        "ignored": [part.raw for part in answered.reading.of(Kind.IGNORED)],
        "tabs": _tabs(answered.asked),
        "restarted": answered.restarted,
        "unknown_place": answered.asked.where if answered.asked.where and not answered.filters.area else "",
    }
    if answered.results is None:
        return context | {"suggestions": _suggested(answered, state)}
    return context | _listed(answered, answered.results, state, labels)


def _tabs(asked: Asked) -> list[tuple[str, str]]:
    return [(target, asked.address(target=target, page="", way=0)) for target in ("people", "structures")]


def _listed(answered: Answer, results: Results, state: State, labels: Labels) -> dict[str, Any]:
    tokens = page_tokens(results.request, results.page)
    steady = answered.steady
    command, rows = results.request.address(), rows_of(results, labels)
    return {
        "drawn": structure_rows(rows) if results.request.type == STRUCTURE else people_rows(rows),
        "of_structures": results.request.type == STRUCTURE,
        "by_activity": results.request.type == ACTIVITY,
        "wider": steady.address(wide=True) if is_exact(results.request) else "",
        "caption": caption(results),
        "previous": steady.address(page=tokens["previous"]) if "previous" in tokens else "",
        "following": steady.address(page=tokens["next"]) if "next" in tokens else "",
        "export": steady.address(EXPORT, page=answered.asked.page),
        "command": command_for(command) if command else "",
        "beside": _beside(answered, state, labels),
    }


def caption(results: Results) -> str:
    """How many were found, in words; the store does not count beyond COUNT_LIMIT."""
    total = results.page.total
    if total is None:
        return _("Plus de %(limit)s résultats") % {"limit": figure(COUNT_LIMIT)}
    said = {"n": figure(total)}
    if results.request.type == STRUCTURE:
        return ngettext("%(n)s structure", "%(n)s structures", total) % said
    if results.request.type == ACTIVITY:
        return ngettext("%(n)s activité", "%(n)s activités", total) % said
    return ngettext("%(n)s professionnel", "%(n)s professionnels", total) % said


def understood(answered: Answer, labels: Labels) -> Iterator[Understood]:
    """One tag a part that is searched for, then one a filter."""
    asked = replace(answered.asked, way=0, page="", wide=False, target=None)
    for part in answered.reading.parts:
        if part.kind in _KINDS:
            href = asked.address(text=answered.reading.without(part))
            yield Understood(str(_KINDS[part.kind]), meaning_of(part, labels), part.raw, href)
    if asked.profession:
        name = labels.column("profession", asked.profession)
        yield Understood(_("Métier"), name, name, asked.address(profession=""))
    if answered.filters.area:
        yield Understood(_("Lieu"), answered.filters.area.name, asked.where, asked.address(where=""))
    if asked.mailbox:
        word = _("avec une messagerie MSSanté")
        yield Understood(_("Filtre"), word, word, asked.address(mailbox=False))


def meaning_of(part: Part, labels: Labels) -> str:
    if part.area is not None:
        return part.area.name
    if part.kind is Kind.TITLE:
        column = "civility" if part.value in ("M", "MME") else "exercise_civility"
        return labels.column(column, part.value)
    if part.codes is None:
        return part.raw
    first, *others = dict.fromkeys(label_of(meaning, labels.lang) for meaning in part.codes.all)
    if not others:
        return first
    said = {"label": first, "n": len(others)}
    return ngettext("%(label)s et %(n)s proche", "%(label)s et %(n)s proches", len(others)) % said


def other_ways(answered: Answer) -> Iterator[Way]:
    """For each doubtful word, the reading that takes it the other way."""
    chosen = answered.reading
    for part in chosen.parts:
        if not part.doubtful:
            continue
        for rank, reading in enumerate(answered.readings):
            if _differs_only_by(part, chosen, reading):
                as_place = part.kind is Kind.NAME
                yield Way(part.raw, as_place, answered.asked.address(way=rank, page="", target=None))
                break


def _differs_only_by(part: Part, chosen: Reading, other: Reading) -> bool:
    return len(chosen.parts) == len(other.parts) and all(
        (one.kind in (Kind.NAME, Kind.PLACE) and one.kind is not mine.kind) if mine is part else one == mine
        for mine, one in zip(chosen.parts, other.parts, strict=True)
    )


def _beside(answered: Answer, state: State, labels: Labels) -> dict[str, Any]:
    """A few results of the other kind, on the first page of a search by name that did not choose its kind."""
    chosen = answered.asked.target or answered.asked.page
    if chosen or answered.results is None or not answered.reading.names():
        return {}
    other = other_target(answered.results.request.target)
    for request in islice(requests(answered.reading, answered.filters, other), 1):
        results = state.run(state.searcher().page_of(request, answered.reading, Start(), _BESIDE))
        if results.page.matches:
            href = answered.asked.address(target=other, page="", way=0)
            return {"rows": rows_of(results, labels), "of_structures": other == "structures", "href": href}
    return {}


def _suggested(answered: Answer, state: State) -> list[tuple[Suggestion, str]]:
    vocabulary = state.library.vocabulary
    found = state.run(suggest(state.searcher(), answered.reading, vocabulary, answered.filters))
    plain = replace(answered.asked, way=0, page="", target=None)
    return [(suggestion, plain.address(text=suggestion.text)) for suggestion in found]
