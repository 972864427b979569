"""Static files: read once, served from memory under a name that carries their content.

`/static/socle/socle.css` becomes `/static/socle/socle.<hash>.css`: a browser may keep it for a year, because other
content has another name (RFC 8246). The files are a few tens of kilobytes, so memory is cheaper than a file server.
"""

import gzip
import hashlib
import mimetypes
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import PurePosixPath

from socle.kernel.edge.asgi import Receive, Scope, Send, require_get, send_reply
from socle.kernel.edge.replies import Reply, header
from socle.kernel.errors import NOT_FOUND, SocleError

PREFIX = "/static/"
_FOREVER = (b"cache-control", b"public, max-age=31536000, immutable")
_VARY = (b"vary", b"accept-encoding")


@dataclass(frozen=True, slots=True)
class Asset:
    name: str
    content_type: bytes
    body: bytes
    packed: bytes


class Assets:
    """The `static` folders of some packages, by plain name and by hashed name."""

    def __init__(self, packages: Iterable[str]) -> None:
        self._hashed: dict[str, str] = {}
        self._served: dict[str, Asset] = {}
        for package in packages:
            folder = files(package) / "static"
            if folder.is_dir():
                self._read(folder, PurePosixPath())

    def _read(self, folder: Traversable, under: PurePosixPath) -> None:
        for entry in folder.iterdir():
            if entry.is_dir():
                self._read(entry, under / entry.name)
            else:
                self._add(str(under / entry.name), entry.read_bytes())

    def _add(self, name: str, body: bytes) -> None:
        digest = hashlib.sha256(body).hexdigest()[:12]
        path = PurePosixPath(name)
        served = str(path.with_name(f"{path.stem}.{digest}{path.suffix}"))
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        charset = "; charset=utf-8" if kind.startswith("text/") else ""
        self._hashed[name] = served
        self._served[served] = Asset(served, f"{kind}{charset}".encode(), body, gzip.compress(body, mtime=0))

    def url(self, name: str) -> str:
        """The address of a file by its plain name. Raises KeyError when no package has it."""
        return PREFIX + self._hashed[name]

    def find(self, served: str) -> Asset | None:
        """The file with this hashed name; None when there is none."""
        return self._served.get(served)


@cache
def assets() -> Assets:
    """The files of the installed Django apps."""
    from django.apps import apps

    return Assets(config.name for config in apps.get_app_configs())


def served(path: str, accepted: str) -> Reply:
    """The file at this address, packed for whoever accepts the encoding `gzip`. Raises SocleError(NOT_FOUND)."""
    asset = assets().find(path.removeprefix(PREFIX))
    if asset is None:
        raise SocleError(NOT_FOUND, path=path)
    packed = "gzip" in accepted and len(asset.packed) < len(asset.body)
    body = asset.packed if packed else asset.body
    headers = [(b"content-type", asset.content_type), (b"content-length", b"%d" % len(body)), _FOREVER, _VARY]
    if packed:
        headers.append((b"content-encoding", b"gzip"))
    return Reply(200, headers, body)


async def door(scope: Scope, receive: Receive, send: Send) -> None:
    """ASGI door of `/static/`."""
    require_get(scope)
    accepted = header(scope["headers"], b"accept-encoding").decode("latin-1")
    await send_reply(send, served(scope["path"], accepted))
