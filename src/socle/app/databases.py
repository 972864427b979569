"""The settings' database address as Django writes it."""

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

_SQLITE_PRAGMAS = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"


def django_database(url: str) -> dict[str, Any]:
    """The `DATABASES` entry of `sqlite:///path` or `postgresql://user:password@host:port/name?option=value`."""
    scheme, _, rest = url.partition("://")
    if scheme == "sqlite":
        return _sqlite(rest.removeprefix("/"))
    if scheme in ("postgresql", "postgres"):
        return _postgresql(url)
    raise ValueError(f"SOCLE_DATABASE: got {url!r}; expected postgresql://user@host/base or sqlite:///path")


def _sqlite(path: str) -> dict[str, Any]:
    # IMMEDIATE: a transaction that will write takes the lock when it begins, and waits there instead of failing later.
    options = {"timeout": 20, "transaction_mode": "IMMEDIATE", "init_command": _SQLITE_PRAGMAS}
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": path, "OPTIONS": options, "CONN_MAX_AGE": None}


def _postgresql(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    host = options.pop("host", "") or unquote(parts.hostname or "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.removeprefix("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or options.pop("port", "")),
        "OPTIONS": options,
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
    }
