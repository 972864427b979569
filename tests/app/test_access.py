"""Every route of every manifest × every kind of visitor: what the catalogue says is what a request meets."""

import re
from collections.abc import Collection, Iterator
from typing import NamedTuple

import httpx
import orjson
import pytest

from socle.app.gates import Gate, gates
from socle.app.manifests import house, menu
from socle.kernel.access import (
    CATALOGUE,
    GIVEN,
    OPERATOR,
    PUBLIC,
    ROLES,
    Permission,
    Role,
    allows,
    declare,
)
from socle.kernel.accounts import grants, sessions
from socle.kernel.accounts.acts.invite import invite
from socle.kernel.accounts.doors.middleware import form_secret
from socle.kernel.accounts.sessions import cookie_name
from socle.kernel.accounts.tokens import digest_of
from socle.kernel.actors import ANONYMOUS, BY_SYSTEM, Acting, Actor, ActorKind, Assurance
from socle.kernel.apikeys.acts import issue
from socle.kernel.edge.asgi import Scope
from socle.kernel.errors import SocleError
from socle.kernel.manifest import Endpoint, Fidelity, Manifest, Mount, Text, Wing
from tests.app.inside import BASE, PAGE, Inside, inside
from tests.support.databases import SqliteTemplate

STRUCTURE = "690900006"
# What a program shows instead of a session: the permission that each proof stands for, at a door that checks it itself.
PROOFS = {"software": "directory.ask", "figures": "metrics.read", "forger": ""}
TOKEN = "jeton-des-mesures-9f2c1d7a"
REFUSALS = {
    401: ("api-key-missing", "api-key-refused"),
    403: ("access-refused", "metrics-closed"),
}
# Pages and files of which there is nothing yet on an empty installation, or nothing without the token of a link.
EMPTY = {
    "/annuaire/s-enregistrer/correction",
    "/annuaire/s-enregistrer/suivi",
    "/droits/suivi",
    "/igc/chaine.p7b",
    "/igc/chaine.pem",
    "/trace/journal/tete.txt",
}
# Django has a database of its own in these tests, without a table.
UNREADY = "/readyz"
ENTRANCES = ("/compte/connexion?", "/compte/second-facteur?")
VISITORS = ["anonymous", "one-factor", "agent", *(role.code for role in GIVEN)]
_SIGN_OUT = 'action="/compte/deconnexion"'
FORM_COOKIE, FORM_SECRET = "socle_form", "a" * 32
_PART = re.compile(r"<[^>]*>|\{[^}]*\}")


@pytest.fixture(scope="module")
def application(
    pages: None, sqlite_template: SqliteTemplate, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Inside]:
    with inside(sqlite_template, tmp_path_factory.mktemp("access")) as opened:
        yield opened


@pytest.fixture(params=VISITORS)
def visitor(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


def account_of(application: Inside, visitor: str) -> str:
    """An open account that holds the role of this name, or none."""
    role: Role = ROLES.get(visitor, OPERATOR) if visitor in VISITORS[3:] else OPERATOR
    structure = STRUCTURE if role.per_structure else ""
    with application.db.unit() as unit:
        email = f"{visitor}@exemple.test"
        account = invite(unit, BY_SYSTEM, email=email, role=role, structure=structure).account
        unit.execute("UPDATE accounts_account SET state = 'active' WHERE id = ?1", account)
        if visitor == "agent":
            for one in grants.of_account(unit, account):
                grants.end(unit, one, "test", "revoked")
    return account


def entered(application: Inside, visitor: str, account: str) -> tuple[dict[str, str], str]:
    """The cookies of a new session, and the token of its forms."""
    if visitor == "anonymous":
        return {FORM_COOKIE: FORM_SECRET}, FORM_SECRET
    level = Assurance.LOW if visitor == "one-factor" else Assurance.SUBSTANTIAL
    with application.db.unit() as unit:
        token = sessions.open_session(unit, account, level, client="", agent="")
    return {cookie_name(): token}, form_secret(digest_of(token))


def shown(application: Inside, visitor: str) -> dict[str, str]:
    """The headers by which a program proves that it may; those of the forger have the right form."""
    if visitor == "forger":
        return {"ESANTE-API-KEY": "sk_" + "a" * 43, "Authorization": f"Bearer {TOKEN[::-1]}"}
    if visitor == "figures":
        return {"Authorization": f"Bearer {TOKEN}"}
    if visitor != "software":
        return {}
    with application.db.unit() as unit:
        return {"ESANTE-API-KEY": issue(unit, BY_SYSTEM, service="directory", label="Logiciel d’essai")[1]}


def acting(visitor: str) -> Acting:
    """The same visitor, as the catalogue sees them."""
    if visitor == "anonymous" or visitor in PROOFS:
        return Acting(ANONYMOUS)
    level = Assurance.LOW if visitor == "one-factor" else Assurance.SUBSTANTIAL
    code = {"agent": "", "one-factor": "operator"}.get(visitor, visitor)
    where = STRUCTURE if code in ROLES and ROLES[code].per_structure else ""
    return Acting(Actor(ActorKind.AGENT, visitor, level, where, frozenset({code} - {""})))


def programs() -> set[str]:
    """The addresses of protocols: nobody is led from there to a page."""
    return {_PART.sub("1", endpoint.path) for manifest in house() for endpoint in manifest.endpoints}


class Route(NamedTuple):
    """One address, its parts filled with what nothing is called; `permission` is what is asked for, by the gateway or,
    `by_door`, by the door behind it."""

    method: str
    path: str
    permission: Permission
    by_door: bool = False
    of_something: bool = False


def routes() -> Iterator[Route]:
    for manifest in house():
        for page in manifest.pages:
            path = "/" + _PART.sub("1", page.route)
            for method in page.methods:
                yield Route(method, path, page.permission, of_something=path != f"/{page.route}")
        for one in manifest.endpoints:
            path = _PART.sub("1", one.path)
            for method in one.methods:
                yield Route(method, path, one.permission, one.by_door, path != one.path)


def expected(visitor: str, route: Route, refusing: Collection[str]) -> str:
    if route.by_door:
        # No session opens such a door, whatever its roles.
        return "allowed" if PROOFS.get(visitor) == route.permission.code else "refused"
    by = acting(visitor)
    if allows(by, route.permission):
        return "allowed"
    sent_in = by.actor.assurance < Assurance.SUBSTANTIAL and route.path not in refusing
    return "entrance" if sent_in else "refused"


def verdict(answer: httpx.Response, route: Route) -> str:
    """What the request met; a status that says neither that it passed nor that it was refused is itself the verdict."""
    status = answer.status_code
    if status == 303 and answer.headers["location"].startswith(ENTRANCES):
        return "entrance"
    if any(code in answer.text for code in REFUSALS.get(status, ())):
        return "refused"
    if status in (401, 403, 405) or (status >= 500 and route.path != UNREADY):
        return f"status {status}"
    if status == 404 and not route.of_something and route.path not in EMPTY:
        return "nothing there"
    return "allowed"


@pytest.mark.parametrize("who", [*VISITORS, *PROOFS])
def test_the_verdict_is_that_of_the_catalogue(
    application: Inside, who: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOCLE_METRICS_TOKEN", TOKEN)
    proven = who == "anonymous" or who in PROOFS
    account = "" if proven else account_of(application, who)
    headers = {**PAGE, **shown(application, who)}
    wrong, refusing = [], programs()
    for route in routes():
        cookies, token = entered(application, "anonymous" if proven else who, account)
        data = {"csrfmiddlewaretoken": token} if route.method == "POST" else None
        answer = application.ask(route.method, route.path, cookies=cookies, headers=headers, data=data)
        due = expected(who, route, refusing)
        if (met := verdict(answer, route)) != due:
            wrong.append(f"{route.method} {route.path}: {met}, expected {due} ({answer.status_code})")
    assert wrong == []


@pytest.mark.parametrize("who", ["anonymous", "operator", "software"])
def test_no_answer_is_for_another_origin_or_leads_there(application: Inside, who: str) -> None:
    """OWASP ASVS 5.0, 3.2.1, 3.4.2, 3.7.2: of every answer of every route."""
    account = account_of(application, who) if who == "operator" else ""
    elsewhere = "https://ailleurs.example"
    headers = {**PAGE, **shown(application, who), "Origin": elsewhere}
    wanted = "&".join(f"{name}={elsewhere}" for name in ("suite", "next", "url", "retour", "redirect_uri"))
    for route in routes():
        cookies, _ = entered(application, "anonymous" if who == "software" else who, account)
        for method in {route.method, "OPTIONS"}:
            answer = application.ask(method, f"{route.path}?{wanted}", cookies=cookies, headers=headers)
            told = f"{method} {route.path}: {answer.status_code} {answer.headers}"
            assert not [name for name in answer.headers if name.startswith("access-control-")], told
            assert answer.headers["x-content-type-options"] == "nosniff", told
            assert "default-src 'none'" in answer.headers["content-security-policy"], told
            assert re.match(r"/(?![/\\])", answer.headers.get("location", "/")), told
            if not answer.headers.get("content-type", "").startswith("text/html"):
                assert "script-src" not in answer.headers["content-security-policy"], told


def test_every_kind_of_verdict_occurs() -> None:
    found = {expected(visitor, route, programs()) for visitor in VISITORS for route in routes()}
    assert found == {"allowed", "refused", "entrance"}


def test_every_proof_that_a_door_checks_has_a_visitor_who_shows_it() -> None:
    checked = {route.permission.code for route in routes() if route.by_door}
    assert checked == {code for code in PROOFS.values() if code}


def test_no_role_is_without_a_permission() -> None:
    held = {role for permission in CATALOGUE.values() for role in permission.roles}
    assert set(ROLES.values()) == held


def test_a_refusal_has_one_sentence_and_a_reference_that_leads_to_its_entry(application: Inside) -> None:
    account = account_of(application, "auditor")
    cookies, _ = entered(application, "auditor", account)
    told = []
    for path in ("/comptes", f"/comptes/{account}", "/comptes/0000000000000000"):
        answer = application.ask("GET", path, cookies=cookies, headers={"Accept": "*/*"}).json()
        told.append(answer["detail_fr"].rpartition(" ")[0])
        reference = bytes.fromhex(answer["detail_fr"].rpartition(" ")[2])
        with application.db.reading() as session:
            rows = session.fetch("SELECT facts FROM audit_inbox WHERE unit = ?1", reference)
        (facts,) = (orjson.loads(bytes(row[0])) for row in rows)
        assert facts["action"] == "access.refused"
        assert facts["actor"]["id"] == account
        assert facts["data"] == {"permission": "accounts.manage", "structure": ""}
    assert len(set(told)) == 1


def test_a_program_without_a_session_is_refused_not_led_to_a_page(application: Inside) -> None:
    answer = application.ask("GET", "/comptes", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["title"]) == (403, "access-refused")


@pytest.mark.parametrize(
    "wanted", ["//ailleurs.example", "https://ailleurs.example", "/\\ailleurs.example", "javascript:alert(1)"]
)
def test_after_signing_in_nobody_is_led_elsewhere(application: Inside, wanted: str) -> None:
    cookies, _ = entered(application, "operator", account_of(application, "operator"))
    answer = application.ask("GET", f"/compte/connexion?suite={wanted}", cookies=cookies)
    assert (answer.status_code, answer.headers["location"]) == (303, "/compte")


@pytest.mark.parametrize("origin", ["https://ailleurs.example", "null", BASE])
@pytest.mark.parametrize("token", ["", "b" * 32, "right"])
def test_a_form_from_elsewhere_changes_nothing(application: Inside, origin: str, token: str) -> None:
    """OWASP ASVS 5.0, 3.5.1: both where it comes from and what it carries must be right."""
    cookies, right = entered(application, "operator", account_of(application, "operator"))
    answer = application.ask(
        "POST",
        "/compte/deconnexion",
        cookies=cookies,
        headers={**PAGE, "Origin": origin},
        data={"csrfmiddlewaretoken": right if token == "right" else token},
    )
    sound = origin == BASE and token == "right"
    assert answer.status_code == (303 if sound else 403)
    assert ("forged-request" in answer.text) is not sound
    with application.db.reading() as session:
        assert (sessions.held_by(session, cookies[cookie_name()]) is None) is sound


def test_a_form_opened_before_signing_in_is_worth_nothing_after(application: Inside) -> None:
    cookies, _ = entered(application, "operator", account_of(application, "operator"))
    both = {**cookies, FORM_COOKIE: FORM_SECRET}
    answer = application.ask(
        "POST", "/compte/deconnexion", cookies=both, data={"csrfmiddlewaretoken": FORM_SECRET}
    )
    assert answer.status_code == 403


def test_what_one_person_sees_is_kept_by_no_cache(application: Inside) -> None:
    cookies, _ = entered(application, "operator", account_of(application, "operator"))
    for path in ("/", "/services", "/compte", "/annuaire", "/acces"):
        answer = application.ask("GET", path, cookies=cookies)
        assert answer.headers["cache-control"] == "no-store"
        assert _SIGN_OUT in answer.text
        assert _SIGN_OUT not in application.ask("GET", path, headers=PAGE).text


def menu_of(html: str) -> list[str]:
    """The addresses of the two menus of a page."""
    header = html.partition("<header")[2].partition("</header>")[0]
    menus = re.findall(r'<nav class="(?:menu|tools)".*?</nav>', header, re.DOTALL)
    return re.findall(r'href="([^"]+)"', "".join(menus))


def test_the_menu_shows_what_the_visitor_may_open(application: Inside, visitor: str) -> None:
    account = account_of(application, visitor) if visitor != "anonymous" else ""
    cookies, _ = entered(application, visitor, account)
    pages = [page for page in menu(house()) if allows(acting(visitor), page.permission)]
    due = sorted(f"/{page.route}" for page in pages)
    # A page of the house, and one that tells an error.
    for path in ("/services", "/rien"):
        assert sorted(menu_of(application.ask("GET", path, cookies=cookies).text)) == due
    assert ("/exploitation" in due) is (visitor == "operator")


def test_an_error_is_told_under_the_header_of_who_is_signed_in(
    application: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise RuntimeError

    monkeypatch.setattr("socle.app.operating.examine", broken)
    auditor, _ = entered(application, "auditor", account_of(application, "auditor"))
    operator, _ = entered(application, "operator", account_of(application, "operator"))
    for cookies, method, path, status in (
        (operator, "GET", "/rien", 404),
        (auditor, "GET", "/exploitation", 403),
        (operator, "PUT", "/exploitation", 405),
        (operator, "GET", "/exploitation", 500),
    ):
        answer = application.ask(method, path, cookies=cookies)
        assert answer.status_code == status
        assert _SIGN_OUT in answer.text, path
        assert "/compte/connexion" not in answer.text.partition("<main")[0]
        assert 'name="csrfmiddlewaretoken"' in answer.text
        nobody = application.ask(method, path)
        assert _SIGN_OUT not in nobody.text


def test_when_the_sessions_cannot_be_read_an_error_is_still_told(
    application: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    cookies, _ = entered(application, "operator", account_of(application, "operator"))

    def broken(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("socle.kernel.accounts.doors.visitor.person", broken)
    answer = application.ask("GET", "/rien", cookies=cookies)
    assert answer.status_code == 404
    assert "Il n’y a rien à cette adresse" in answer.text


NAME = Text("nom", "name")


@pytest.fixture(scope="module")
def gated() -> Iterator[Manifest]:
    """A service of which one address asks for a permission, known as long as these tests run."""
    tested = declare("test.gate", "Éprouver", "Try", roles=(OPERATOR,))
    yield Manifest(
        "gated",
        Wing.GROUND,
        NAME,
        NAME,
        "",
        mounts=(Mount("/gated", "m:d"), Mount("/open", "m:d"), Mount("/own", "m:d")),
        endpoints=(
            Endpoint("/gated/{id}", ("GET",), NAME, Fidelity.OWN, "", tested),
            Endpoint("/gated/{id}/open", ("GET",), NAME, Fidelity.OWN, "", PUBLIC),
            Endpoint("/open", ("GET",), NAME, Fidelity.OWN, "", PUBLIC),
            Endpoint("/own", ("GET",), NAME, Fidelity.OWN, "", tested, by_door=True),
        ),
    )
    del CATALOGUE["test.gate"]


def test_a_gate_stands_only_where_it_is_needed(gated: Manifest) -> None:
    assert set(gates([gated])) == {"/gated"}


@pytest.mark.parametrize(
    ("method", "path", "visitor", "code"),
    [
        ("GET", "/gated/1", "operator", ""),
        ("GET", "/gated/1", "auditor", "access-refused"),
        ("GET", "/gated/1", "one-factor", "access-refused"),
        ("GET", "/gated/1", "anonymous", "access-refused"),
        ("GET", "/gated/1/open", "anonymous", ""),
        ("POST", "/gated/1", "operator", "not-found"),
        ("GET", "/gated/1/2", "operator", "not-found"),
        ("GET", "/gated", "operator", "not-found"),
    ],
)
def test_a_protocol_door_is_opened_by_its_permission(
    application: Inside, gated: Manifest, method: str, path: str, visitor: str, code: str
) -> None:
    account = account_of(application, visitor) if visitor != "anonymous" else ""
    cookies, _ = entered(application, visitor, account)
    sent = "; ".join(f"{name}={value}" for name, value in cookies.items()).encode()
    scope: Scope = {"method": method, "path": path, "headers": [(b"cookie", sent)], "door": "/gated"}
    assert application.run(_checked(gates([gated])["/gated"], scope)) == code


async def _checked(gate: Gate, scope: Scope) -> str:
    try:
        await gate.check(scope)
    except SocleError as refusal:
        return refusal.code
    return ""
