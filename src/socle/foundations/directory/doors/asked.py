"""What the address of a search page asks for, and the addresses that change one thing of it."""

from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlencode

from django.http import HttpRequest

from socle.engines.fhirstore.faults import PAGE_EXPIRED, PAGE_FORGED
from socle.engines.fhirstore.links import Direction, PageLink, seal, unseal
from socle.engines.fhirstore.search import Page, Snapshot, Start
from socle.foundations.directory.criteria import Filters, Request, Target, request_of
from socle.foundations.directory.stores import PUBLIC
from socle.foundations.directory.vocabulary import Area, Vocabulary, normal
from socle.foundations.directory.words import Kind, interpret
from socle.foundations.terminology.synonyms import Meaning
from socle.foundations.terminology.tables import group
from socle.kernel.clock import now_micros
from socle.kernel.errors import SocleError
from socle.kernel.keys import derived_key

SEARCH: Final = "/annuaire"
EXPORT: Final = "/annuaire/resultats.csv"
_TARGETS: Final[dict[str, Target]] = {"professionnels": "people", "structures": "structures"}
_NAMES: Final = {target: name for name, target in _TARGETS.items()}


@dataclass(frozen=True, slots=True)
class Asked:
    """The search as its address has it. `way` is the rank of the reading chosen among those of the text, `wide` takes
    names as beginnings, `page` is the signed link to go on from."""

    text: str = ""
    profession: str = ""
    where: str = ""
    mailbox: bool = False
    target: Target | None = None
    way: int = 0
    wide: bool = False
    page: str = ""

    @property
    def is_blank(self) -> bool:
        return not (self.text or self.profession or self.where or self.mailbox)

    @property
    def is_refined(self) -> bool:
        return bool(self.profession or self.where or self.mailbox)

    def filters(self, vocabulary: Vocabulary) -> Filters:
        """What the refined form adds; a place that is not known adds nothing."""
        return Filters(profession_of(self.profession), area_of(self.where, vocabulary), self.mailbox)

    def address(self, path: str = SEARCH, **changes: object) -> str:
        """The address of the same search with some things changed."""
        asked = replace(self, **changes)  # type: ignore[arg-type]
        told = {
            "q": asked.text,
            "metier": asked.profession,
            "ou": asked.where,
            "mssante": "1" if asked.mailbox else "",
            "dans": _NAMES[asked.target] if asked.target else "",
            "sens": str(asked.way) if asked.way else "",
            "large": "1" if asked.wide else "",
            "suite": asked.page,
        }
        query = urlencode({name: value for name, value in told.items() if value})
        return f"{path}?{query}" if query else path


def asked_by(request: HttpRequest) -> Asked:
    """Read an address; what is not understood in it counts as not said."""
    given = request.GET
    way = given.get("sens", "")
    return Asked(
        text=" ".join(normal(given.get("q", "")).split()),
        profession=given.get("metier", "") if profession_of(given.get("metier", "")) else "",
        where=" ".join(normal(given.get("ou", "")).split()),
        mailbox=given.get("mssante") == "1",
        target=_TARGETS.get(given.get("dans", "")),
        way=int(way) if way.isascii() and way.isdecimal() and len(way) == 1 else 0,
        wide=given.get("large") == "1",
        page=given.get("suite", ""),
    )


def profession_of(code: str) -> Meaning | None:
    table = group("profession").find(code)
    return Meaning(table.url, code) if table else None


def area_of(where: str, vocabulary: Vocabulary) -> Area | None:
    """The first place that a text names."""
    readings = interpret(where, vocabulary)
    return next((part.area for reading in readings for part in reading.of(Kind.PLACE)), None)


@dataclass(frozen=True, slots=True)
class Resumed:
    """Where a page link goes on: the request, the state that its search sees, the key."""

    request: Request
    snapshot: Snapshot
    start: Start


def resumed(token: str, snapshot: Snapshot) -> Resumed | None:
    """What a page link says; None when it is too old or was not made here: the list then starts again."""
    try:
        link = unseal(token, _key(), store=PUBLIC.name, restart=SEARCH)
    except SocleError as refusal:
        if refusal.kind not in (PAGE_EXPIRED, PAGE_FORGED):
            raise
        return None
    seen = Snapshot(snapshot.store, link.transaction, snapshot.dialect, kept=snapshot.kept)
    return Resumed(request_of(link.type, link.pairs), seen, Start(link.key, link.direction, link.total))


def page_tokens(request: Request, page: Page) -> dict[Direction, str]:
    """The signed links to the previous and next pages, where there are any."""
    ends: dict[Direction, int] = {}
    if page.matches and page.before:
        ends["previous"] = page.matches[0][0]
    if page.matches and page.after:
        ends["next"] = page.matches[-1][0]
    return {direction: _token(request, page, key, direction) for direction, key in ends.items()}


def _token(request: Request, page: Page, key: int, direction: Direction) -> str:
    transaction, total = page.snapshot.transaction, page.total
    link = PageLink(
        PUBLIC.name, request.type, request.pairs(), transaction, key, direction, total, now_micros()
    )
    return seal(link, _key())


def _key() -> bytes:
    return derived_key("directory-page-links")
