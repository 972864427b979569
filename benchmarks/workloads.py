"""What is asked of the server: lists of paths drawn at random, always the same, from what was loaded."""

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import quote

from socle.foundations.directory.stores import PUBLIC
from socle.kernel.db import Database, Session
from socle.kernel.manifest import DEMO_KEY
from socle.standards.annuaire.files import ACTIVITY, SEPARATOR
from socle.standards.fhir.types import TYPE_NUMBER

BROWSER: Mapping[str, str] = {"Accept": "text/html", "Accept-Language": "fr"}
PROGRAM: Mapping[str, str] = {"ESANTE-API-KEY": DEMO_KEY}
_DRAWN = 5_000
_SEED = 1
_FHIR = "/fhir/v2"


@dataclass(frozen=True, slots=True)
class Said:
    """What one activity line says of a person and a place."""

    identifier: str
    family: str
    profession: str
    city: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """What paths are made of: ids by resource type, and activity lines, both drawn evenly."""

    ids: Mapping[str, list[str]]
    lines: list[Said]


def drawn(activity: Path, database: str) -> Drawn:
    """Lines come from the file, ids (which the loader makes) from the database."""
    db = Database(database)
    try:
        with db.reading() as session:
            types = ("Practitioner", "PractitionerRole", "Organization")
            return Drawn({name: _ids(session, name) for name in types}, _lines(activity))
    finally:
        db.close()


def _ids(session: Session, type_name: str) -> list[str]:
    rows = session.fetch(
        "SELECT i.fid FROM fhirstore_identity i JOIN fhirstore_store s ON s.id = i.store "
        "WHERE s.name = ?1 AND i.type = ?2 ORDER BY i.fid",
        PUBLIC.name,
        TYPE_NUMBER[type_name],
    )
    return random.Random(_SEED).sample([fid for (fid,) in rows], min(_DRAWN, len(rows)))


def _lines(activity: Path) -> list[Said]:
    """Drawn in one reading (reservoir sampling), among the lines that name a place."""
    chance, kept = random.Random(_SEED), list[Said]()
    for seen, said in enumerate(_said(activity), 1):
        if len(kept) < _DRAWN:
            kept.append(said)
        elif (rank := chance.randrange(seen)) < _DRAWN:
            kept[rank] = said
    return kept


def _said(activity: Path) -> Iterator[Said]:
    places = [ACTIVITY.index(column) for column in ("id", "family_name", "profession_label", "commune_label")]
    with activity.open(encoding="utf-8") as file:
        next(file)
        for line in file:
            fields = line.split(SEPARATOR)
            said = Said(*(fields[place] for place in places))
            if said.city:
                yield said


def _reads(drawn: Drawn) -> Iterator[str]:
    for type_name, ids in drawn.ids.items():
        yield from (f"{_FHIR}/{type_name}/{fid}" for fid in ids)


def _identifiers(drawn: Drawn) -> Iterator[str]:
    for said in drawn.lines:
        yield f"{_FHIR}/Practitioner?identifier={said.identifier}"


def _chains(drawn: Drawn) -> Iterator[str]:
    for said in drawn.lines:
        asked = f"practitioner.name={quote(said.family)}&organization.address-city={quote(said.city)}"
        yield f"{_FHIR}/PractitionerRole?{asked}&_include=*&_count=20"


def _lists(drawn: Drawn) -> Iterator[str]:
    """By name one time in two, else a profession in a town: what people type."""
    for rank, said in enumerate(drawn.lines):
        text = said.family if rank % 2 else f"{said.profession} {said.city}"
        yield f"/annuaire?q={quote(text.lower())}"


def _cards(kind: str, type_name: str, drawn: Drawn) -> Iterator[str]:
    for fid in drawn.ids[type_name]:
        yield f"/annuaire/{kind}/{fid}"


def _homes(drawn: Drawn) -> Iterator[str]:
    yield from ("/", "/annuaire")


def _pages(drawn: Drawn) -> Iterator[str]:
    """A visit: of ten pages, four lists, three professionals, two structures, one of the two home pages."""
    lists, homes = list(_lists(drawn)), list(_homes(drawn))
    people = list(_cards("professionnel", "Practitioner", drawn))
    places = list(_cards("structure", "Organization", drawn))
    chance = random.Random(_SEED)
    for _ in range(_DRAWN):
        pages = chance.choices((lists, people, places, homes), (4, 3, 2, 1))[0]
        yield chance.choice(pages)


@dataclass(frozen=True, slots=True)
class Workload:
    """A kind of request: its name in reports, what it is, and its paths."""

    name: str
    title: str
    paths: Callable[[Drawn], Iterator[str]]
    headers: Mapping[str, str]


WORKLOADS: Mapping[str, Workload] = {
    workload.name: workload
    for workload in (
        Workload("read", "Read by id", _reads, PROGRAM),
        Workload("identifier", "Search by identifier", _identifiers, PROGRAM),
        Workload("chain", "Search by name and town, chained, all included, 20 entries", _chains, PROGRAM),
        Workload("pages", "A page: lists, cards, structures and home pages mixed", _pages, BROWSER),
        Workload("list", "Page: a list of results", _lists, BROWSER),
        Workload("card", "Page: a professional", partial(_cards, "professionnel", "Practitioner"), BROWSER),
        Workload("structure", "Page: a structure", partial(_cards, "structure", "Organization"), BROWSER),
        Workload("home", "Page: the house and the directory", _homes, BROWSER),
    )
}
