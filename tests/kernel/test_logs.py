"""One line a record, the request it belongs to, and no secret in it."""

import io
import json
import logging
import re
import sys
import threading
from collections.abc import Iterator

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import Field
from pydantic_settings import SettingsConfigDict

from socle.kernel.logs import (
    MASK,
    REQUEST,
    HumanLines,
    JsonLines,
    Redactor,
    access_line,
    configure,
    secret_values,
)
from socle.kernel.settings import ServiceSettings, Settings
from tests.support import tree
from tests.support.logged import logged

SECRET = "un-secret-bien-gardé/1"


@pytest.fixture
def said() -> Iterator[io.StringIO]:
    """What this process logs, as JSON, with SECRET masked."""
    with logged(SECRET) as stream:
        yield stream


def lines(said: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in said.getvalue().splitlines()]


def test_a_record_is_one_line_with_its_request(said: io.StringIO) -> None:
    token = REQUEST.set("abc-1")
    try:
        logging.getLogger("socle.x").warning("deux\nlignes %s", "\x1b[31m", extra={"size": 3})
    finally:
        REQUEST.reset(token)
    (line,) = lines(said)
    assert said.getvalue().count("\n") == 1
    assert "\x1b" not in said.getvalue()
    told = ("level", "logger", "message", "request_id", "size")
    assert [line[name] for name in told] == ["warning", "socle.x", "deux\nlignes \x1b[31m", "abc-1", 3]
    assert str(line["time"]).endswith("Z")


def test_the_servers_own_records_go_the_same_way(said: io.StringIO) -> None:
    logging.getLogger("uvicorn.error").info("Started server process [%d]", 12)
    logging.getLogger("django.request").debug("below the level")
    assert [(line["logger"], line["message"]) for line in lines(said)] == [
        ("uvicorn.error", "Started server process [12]")
    ]


def test_a_failure_is_told_with_its_trace_and_without_its_secret(said: io.StringIO) -> None:
    try:
        raise ValueError(f"cannot use {SECRET}")
    except ValueError:
        logging.getLogger("socle.x").exception("failed with %s", SECRET)
    (line,) = lines(said)
    assert line["message"] == f"failed with {MASK}"
    assert f"ValueError: cannot use {MASK}" in str(line["error"])
    assert SECRET not in said.getvalue()


def test_what_a_thread_does_not_catch_is_logged(said: io.StringIO) -> None:
    def fail() -> None:
        raise RuntimeError("in a thread")

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    (line,) = lines(said)
    assert line["level"] == "critical"
    assert "in a thread" in str(line["error"])


def test_what_a_record_adds_is_told_unless_it_is_an_object(said: io.StringIO) -> None:
    class Asked:
        def __repr__(self) -> str:
            return "<Asked: GET '/trace?personne=nora'>"

    logging.getLogger("socle.x").warning(
        "x", extra={"request": Asked(), "both": [Asked()], "n": 3, "well": True}
    )
    (line,) = lines(said)
    assert (line["n"], line["well"]) == (3, True)
    assert "nora" not in said.getvalue()


def test_an_access_line_tells_the_answer(said: io.StringIO) -> None:
    access_line("GET", "/fhir/v2/Practitioner", 200, 0.0123)
    (line,) = lines(said)
    assert (line["method"], line["path"], line["status"], line["ms"]) == (
        "GET",
        "/fhir/v2/Practitioner",
        200,
        12.3,
    )
    assert line["logger"] == "socle.access"


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: Bearer {}",
        "headers: {{'authorization': 'Basic {}'}}",
        "[(b'cookie', b'socle={}'), (b'accept', b'*/*')]",
        "ESANTE-API-KEY: {}",
        "[(b'esante-api-key', b'{}')]",
        "Set-Cookie: session={}; HttpOnly",
        "Client-Cert: :{}:",
        "could not connect to postgresql://socle:{}@base/socle",
        "POST /?token={}&a=1",
        "/compte/invitation?jeton={}",
        "/droits/suivi?lien={}",
        "came from https://elsewhere.example/page?personne={}&a=1 which is not here",
        "password={}",
        '{{"password": "{}"}}',
    ],
)
def test_what_stands_where_secrets_stand_is_masked(text: str) -> None:
    masked = Redactor()(text.format("c3VwZXItc2VjcmV0"))
    assert "c3VwZXItc2VjcmV0" not in masked
    assert MASK in masked


def test_what_is_no_secret_stays() -> None:
    text = "GET /fhir/v2/Practitioner?family=Dupont (key of the cookie jar: none) took 3 ms"
    assert Redactor(["", "abc"])(text) == text


def test_the_secrets_of_a_settings_class_are_those_it_does_not_show() -> None:
    class Kept(ServiceSettings):
        model_config = SettingsConfigDict(env_prefix="TEST_KEPT_")
        shown: str = Field("visible", description="-")
        hidden: str = Field("hidden-value", description="-", repr=False)
        address: str = Field("postgresql://u:p%40ss-word@h/b", description="-")

    assert secret_values(Kept()) == ["hidden-value", "p%40ss-word", "p@ss-word"]


text = st.text(min_size=0, max_size=60)


@given(text, text)
def test_no_text_makes_a_second_line_or_moves_the_cursor(message: str, added: str) -> None:
    record = logging.makeLogRecord({"msg": message, "levelname": "INFO", "name": "x", "added": added})
    redact = Redactor()
    for formatter in (JsonLines(redact), HumanLines(redact)):
        line = formatter.format(record)
        assert len(line.splitlines()) == 1
        assert line.isprintable() or not any(ord(one) < 32 or 127 <= ord(one) < 160 for one in line)
    assert json.loads(JsonLines(redact).format(record))["logger"] == "x"


# Without a star: beside the mask, what stood around may read like the end of a secret that has one.
no_star = st.characters(codec="utf-8", exclude_characters=MASK)


@given(st.text(no_star, min_size=6, max_size=40), text)
@example("\x00bcdef", "bcdef")
@example("\x00" * 6, "\x00" * 5)
def test_a_known_secret_never_leaves(secret: str, around: str) -> None:
    record = logging.makeLogRecord({"msg": around + secret + around, "levelname": "INFO", "name": "x"})
    told = json.loads(JsonLines(Redactor([secret])).format(record))
    assert secret not in told["message"]


@given(st.text(st.characters(codec="utf-8"), min_size=6, max_size=40))
@example("***abc")
@example("******")
def test_of_a_secret_alone_nothing_is_left(secret: str) -> None:
    assert Redactor([secret])(secret) == MASK


def test_nothing_else_decides_where_the_log_goes() -> None:
    """OWASP ASVS 5.0, 16.2.3: `configure` puts one handler in the place of all others, on standard error."""
    other = re.compile(r"\b(addHandler|basicConfig|dictConfig|fileConfig|logging\.handlers|FileHandler)\b")
    found = [str(file) for file in (tree.ROOT / "src").rglob("*.py") if other.search(file.read_text("utf-8"))]
    assert found == []
    with logged():
        configure(Settings(), form="json", level="info")
        (only,) = logging.getLogger().handlers
        assert isinstance(only, logging.StreamHandler)
        assert only.stream is sys.stderr
