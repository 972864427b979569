"""Static files: a name for each content, kept for ever."""

import asyncio
import gzip
from importlib.resources import files

import pytest

from socle.kernel.errors import METHOD_NOT_ALLOWED, NOT_FOUND, SocleError
from socle.kernel.web.assets import Assets, assets, door
from tests.kernel.edge.exchanges import exchange, scope_of

SHEET = "socle/socle.css"


def test_the_name_follows_the_content() -> None:
    content = (files("socle.kernel.web") / "static" / SHEET).read_bytes()
    url = Assets(["socle.kernel.web"]).url(SHEET)
    assert url.startswith("/static/socle/socle.")
    assert url.endswith(".css")
    found = Assets(["socle.kernel.web"]).find(url.removeprefix("/static/"))
    assert found is not None
    assert (found.body, found.content_type) == (content, b"text/css; charset=utf-8")


def test_a_package_without_static_files_brings_none() -> None:
    with pytest.raises(KeyError):
        Assets(["socle.kernel"]).url(SHEET)


def test_the_door_serves_a_file_for_ever() -> None:
    answer = asyncio.run(exchange(door, scope_of(assets().url(SHEET))))
    assert answer.status == 200
    assert answer.headers[b"cache-control"] == b"public, max-age=31536000, immutable"
    assert b"--paper" in answer.body


def test_the_door_packs_for_whoever_can_unpack() -> None:
    plain = asyncio.run(exchange(door, scope_of(assets().url(SHEET))))
    packed = asyncio.run(exchange(door, scope_of(assets().url(SHEET), accept_encoding="br, gzip")))
    assert packed.headers[b"content-encoding"] == b"gzip"
    assert len(packed.body) < len(plain.body) / 2
    assert gzip.decompress(packed.body) == plain.body


@pytest.mark.parametrize(
    "path", ["/static/", "/static/socle/socle.css", "/static/../../pyproject.toml", "/static//etc/passwd"]
)
def test_only_hashed_names_exist(path: str) -> None:
    with pytest.raises(SocleError) as refused:
        asyncio.run(exchange(door, scope_of(path)))
    assert refused.value.kind is NOT_FOUND


def test_the_door_only_reads() -> None:
    with pytest.raises(SocleError) as refused:
        asyncio.run(exchange(door, scope_of(assets().url(SHEET), method="POST")))
    assert refused.value.kind is METHOD_NOT_ALLOWED
