"""The whole application in the process of the test, asked over ASGI as a server asks it."""

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import httpx

from socle.app.gateway import build
from socle.kernel.db import Database, close_database, open_database
from tests.support.databases import SqliteTemplate

T = TypeVar("T")
BASE = "http://localhost:8000"
PAGE = {"Accept": "text/html", "Accept-Language": "fr"}


class Inside:
    """`ask` sends one request; each comes from a browser without memory, so cookies are given with it."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self._application = build()
        self._loop = asyncio.new_event_loop()
        self._loop.run_until_complete(db.open())

    def ask(
        self,
        method: str,
        path: str,
        *,
        cookies: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
        data: dict[str, str] | None = None,
    ) -> httpx.Response:
        return self._loop.run_until_complete(self._ask(method, path, cookies or {}, headers or PAGE, data))

    async def _ask(
        self,
        method: str,
        path: str,
        cookies: dict[str, str],
        headers: dict[str, str],
        data: dict[str, str] | None,
    ) -> httpx.Response:
        transport = httpx.ASGITransport(self._application, client=("192.0.2.9", 40_000))
        sent = {**headers, "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
        async with httpx.AsyncClient(transport=transport, base_url=BASE) as client:
            return await client.request(method, path, headers=sent, data=data)

    def run(self, asked: Coroutine[Any, Any, T]) -> T:
        """The result of something that awaits."""
        return self._loop.run_until_complete(asked)

    def close(self) -> None:
        self._loop.run_until_complete(self.db.aclose())
        self._loop.close()


@contextmanager
def inside(template: SqliteTemplate, folder: Path) -> Iterator[Inside]:
    """On an empty, migrated SQLite database."""
    with template.fresh(folder) as url:
        application = Inside(open_database(url))
        try:
            yield application
        finally:
            application.close()
            close_database()
