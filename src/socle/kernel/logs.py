"""What a process says of itself, on standard error: one JSON object a line for machines, a shorter line for a person.

Everything goes through the standard library, the server's own loggers included. Each record carries the identifier of
the request that it was made for. A secret is masked in the finished line, wherever it came from: message, argument,
traceback. Control characters are escaped, so that nobody writes a second line into the log, nor moves its reader's
cursor.
"""

import logging
import re
import sys
import threading
from collections.abc import Iterable
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, TextIO
from urllib.parse import quote, unquote, urlsplit

import orjson

from socle.kernel.settings import ServiceSettings, Settings

REQUEST: ContextVar[str] = ContextVar("request_id", default="")
MASK = "***"
# A shorter value would be found by chance inside ordinary words.
_SHORTEST_SECRET = 6
_ORDINARY = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "color_message"}
_HEADERS = (
    r"(?:proxy-)?authorization|(?:set-)?cookie|client-cert(?:-chain)?|x-csrf-?token|[\w-]*api-key"
    r"|webhook-signature"
)
_NAMED = r"password|passwd|secret|token|jeton|lien|totp|otp"
_MASKED: tuple[tuple[re.Pattern[str], str], ...] = (
    # A header as HTTP writes it: up to the end of its line.
    (re.compile(rf"(?i)\b({_HEADERS})(\s*:\s*)[^\r\n]+"), rf"\1\2{MASK}"),
    # A header as Python shows it: a key and its value, each in quotes, bytes or text.
    (
        re.compile(rf"""(?i)(['"](?:{_HEADERS}|{_NAMED})['"]\s*[,:]\s*b?)(?:'[^']*'|"[^"]*")"""),
        rf"\1'{MASK}'",
    ),
    (re.compile(rf"(?i)\b({_NAMED}|[\w-]*api[-_]key)(=)[^\s&;,'\"]+"), rf"\1\2{MASK}"),
    (re.compile(r"(?i)\b(bearer|basic)(\s+)[\w.~+/=-]{6,}"), rf"\1\2{MASK}"),
    (re.compile(r"(://[^:/@\s]*:)[^@/\s]+@"), rf"\1{MASK}@"),
    # The query of a whole address, such as the one that a refused form came from: people's names stand there.
    (re.compile(r"(://[^\s?'\"<>]+\?)[^\s'\"<>]+"), rf"\1{MASK}"),
)
# Without one of these words no pattern above can be met: most lines are spared the search.
_WORDS = (
    *("authorization", "cookie", "client-cert", "csrf", "api-key", "api_key", "signature"),
    *("password", "passwd", "secret", "token", "jeton", "lien", "otp", "bearer", "basic", "://"),
)
# C0 (but for what a formatter itself writes), DEL, C1, line and paragraph separators, and what turns text around.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]")


class Redactor:
    """Masks the values it was given, and whatever stands where a secret usually stands."""

    def __init__(self, values: Iterable[str] = ()) -> None:
        forms = {form for value in values for form in (value, quote(value, safe=""))}
        known = sorted((form for form in forms if len(form) >= _SHORTEST_SECRET), key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, known))) if known else None

    def __call__(self, text: str) -> str:
        if len(text) < _SHORTEST_SECRET:
            return text
        if self._known is not None:
            text = self._known.sub(MASK, text)
        lowered = text.lower()
        if any(word in lowered for word in _WORDS):
            for pattern, replacement in _MASKED:
                text = pattern.sub(replacement, text)
        return text


def secret_values(*owners: ServiceSettings) -> list[str]:
    """The values of the settings that are declared secret, and the passwords inside addresses."""
    found: list[str] = []
    for owner in owners:
        for name, field in type(owner).model_fields.items():
            value = getattr(owner, name)
            if not isinstance(value, str) or not value:
                continue
            if not field.repr:
                found.append(value)
            if "://" in value and (password := urlsplit(value).password):
                found += [password, unquote(password)]
    return found


class JsonLines(logging.Formatter):
    """`time` (RFC 3339, UTC), `level`, `logger`, `message`, `request_id`, what the record adds, and `error`."""

    def __init__(self, redact: Redactor) -> None:
        super().__init__()
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": _moment(record).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": self._redact(record.getMessage()),
            **self._added(record),
        }
        if trace := _trace(self, record):
            line["error"] = self._redact(trace)
        return _escaped_json(orjson.dumps(line, default=str).decode())

    def _added(self, record: logging.LogRecord) -> dict[str, Any]:
        """Numbers and texts. An object stays out: as Python shows it, a request holds its whole query."""
        added: dict[str, Any] = {
            name: self._redact(value) if isinstance(value, str) else value
            for name, value in vars(record).items()
            if name not in _ORDINARY and isinstance(value, (str, int, float))
        }
        if identifier := REQUEST.get():
            added.setdefault("request_id", identifier)
        return {name: value for name, value in added.items() if value != ""}


class HumanLines(logging.Formatter):
    """`13:45:02Z warning socle.edge: message [request]`, the traceback below, set in by four spaces."""

    def __init__(self, redact: Redactor) -> None:
        super().__init__()
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        identifier = getattr(record, "request_id", "") or REQUEST.get()
        message = record.getMessage()
        if identifier and identifier not in message:
            message += f" [{identifier}]"
        head = f"{_moment(record):%H:%M:%S}Z {record.levelname.lower()} {record.name}: {message}"
        lines = [head, *(f"    {line}" for line in _trace(self, record).splitlines())]
        return "\n".join(_escaped(self._redact(line)) for line in lines)


def _moment(record: logging.LogRecord) -> datetime:
    return datetime.fromtimestamp(record.created, UTC)


def _trace(formatter: logging.Formatter, record: logging.LogRecord) -> str:
    parts = [formatter.formatException(record.exc_info)] if record.exc_info else []
    if record.stack_info:
        parts.append(record.stack_info)
    return "\n".join(parts)


def _escaped(line: str) -> str:
    return _CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", line)


def _escaped_json(line: str) -> str:
    """What JSON lets through unescaped and a terminal obeys."""
    return _CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", line)


def configure(
    chosen: Settings, *, form: str, level: str, secrets: Iterable[str] = (), stream: TextIO | None = None
) -> None:
    """Make this process log so, whatever logged before; warnings and unhandled failures are logged too."""
    target = stream or sys.stderr
    human = form == "human" or (form == "auto" and not chosen.production and target.isatty())
    redact = Redactor(secrets)
    handler = logging.StreamHandler(target)
    handler.setFormatter(HumanLines(redact) if human else JsonLines(redact))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    # A person who starts a demonstration has read its banner: the server's own greetings say nothing more.
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING if human else logging.NOTSET)
    # Neither form tells thread, process or line of code: finding them is a third of the cost of a record.
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    logging.captureWarnings(True)
    sys.excepthook = _unhandled
    threading.excepthook = _unhandled_in_thread


def _unhandled(kind: type[BaseException], failure: BaseException, trace: Any) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    logging.getLogger("socle").critical("unhandled", exc_info=(kind, failure, trace))


def _unhandled_in_thread(what: threading.ExceptHookArgs) -> None:
    if what.exc_value is not None:
        _unhandled(what.exc_type, what.exc_value, what.exc_traceback)


def access_line(method: str, path: str, status: int, seconds: float) -> None:
    """One request, answered. The path comes without its query, where what people search for stands."""
    told = {"method": method, "path": path, "status": status, "ms": round(seconds * 1000, 1)}
    _ACCESS.info("%(method)s %(path)s %(status)s %(ms)s ms", told, extra=told)


_ACCESS = logging.getLogger("socle.access")
