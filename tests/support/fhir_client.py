"""A FHIR door asked in this process, as a program asks it over HTTP, and the reading of its answers."""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx

from socle.engines.fhirstore.door import FhirDoor
from socle.engines.fhirstore.stores import StoreDefinition
from socle.kernel.db import Database, close_database, open_database
from socle.kernel.edge import Edge, Limits
from socle.kernel.settings import settings

PREFIX = "/fhir/v2"
BASE = f"http://directory.example{PREFIX}"
Pairs = Sequence[tuple[str, str]]


def edge_around(store: StoreDefinition) -> Edge:
    """The store's door behind the product's own edge, refusals told by the door."""
    door = FhirDoor(store, PREFIX)
    return Edge(door, Limits.of(settings()), lambda scope, error, reference: door.tell(error, reference))


@dataclass
class Caller:
    """Asks doors of one database on an event loop of its own."""

    db: Database
    runner: asyncio.Runner

    def ask(
        self,
        store: StoreDefinition,
        method: str,
        target: str,
        *,
        headers: Mapping[str, str] | None = None,
        params: Pairs = (),
        content: str | None = None,
    ) -> httpx.Response:
        """`target` is relative to the base address, or a whole address as links give them."""
        url = target if target.startswith("http") else f"{BASE}/{target}"

        async def once() -> httpx.Response:
            transport = httpx.ASGITransport(edge_around(store))
            async with httpx.AsyncClient(transport=transport) as client:
                # An empty list of parameters would take the query of a link away.
                return await client.request(
                    method, url, headers=headers, params=list(params) or None, content=content
                )

        return self.runner.run(once())

    def bundle(self, store: StoreDefinition, target: str, params: Pairs = ()) -> "Bundle":
        answer = self.ask(store, "GET", target, params=params)
        assert answer.status_code == 200, answer.text
        return Bundle.read(answer)


@contextmanager
def calling(url: str) -> Iterator[Caller]:
    """The database at `url`, opened as a server opens it."""
    opened = open_database(url)
    with asyncio.Runner() as runner:
        runner.run(opened.open())
        try:
            yield Caller(opened, runner)
        finally:
            runner.run(opened.aclose())
            close_database()


@dataclass(frozen=True)
class Bundle:
    """A search answer, read: resources by the mode of their entry, links by relation."""

    matches: list[dict[str, Any]]
    included: list[dict[str, Any]]
    outcomes: list[dict[str, Any]]
    links: dict[str, str]
    total: int | None
    raw: dict[str, Any] = field(repr=False)

    @classmethod
    def read(cls, answer: httpx.Response) -> "Bundle":
        raw = answer.json()
        assert (raw["resourceType"], raw["type"]) == ("Bundle", "searchset")
        by_mode: dict[str, list[dict[str, Any]]] = {"match": [], "include": [], "outcome": []}
        for entry in raw.get("entry", ()):
            by_mode[entry["search"]["mode"]].append(entry["resource"])
        links = {link["relation"]: link["url"] for link in raw["link"]}
        assert len(links) == len(raw["link"])
        found = (by_mode["match"], by_mode["include"], by_mode["outcome"])
        return cls(*found, links, raw.get("total"), raw)

    @property
    def ids(self) -> list[str]:
        return [resource["id"] for resource in self.matches]


def walk(
    ask: Callable[[str], Bundle], first: Bundle, relation: str, between: Callable[[], object]
) -> list[Bundle]:
    """Follow `next` or `previous` to the end; `between` happens before each page."""
    pages = [first]
    while link := pages[-1].links.get(relation):
        assert len(pages) < 1_000, "paging does not end"
        between()
        pages.append(ask(link))
    return pages
