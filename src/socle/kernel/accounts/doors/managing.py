"""Pages of those who manage people: who is here, inviting, roles, leavers, the yearly review."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from socle.kernel.accounts import people
from socle.kernel.accounts.acts.grants import grant, leave, revoke
from socle.kernel.accounts.acts.invite import Invitation, invite, renew
from socle.kernel.accounts.acts.review import Review, close_due, confirm, current, last, open_review
from socle.kernel.accounts.doors.asked import grant_line, moved, page, with_form
from socle.kernel.accounts.doors.asking import RISKS
from socle.kernel.accounts.doors.forms import InviteForm, RoleForm
from socle.kernel.accounts.grants import Grant, of_structure
from socle.kernel.accounts.personal import person
from socle.kernel.accounts.roles import given_role
from socle.kernel.actors import BY_SYSTEM
from socle.kernel.db import Session, database
from socle.kernel.errors import SocleError
from socle.kernel.notify.settings import notify_settings
from socle.kernel.settings import settings
from socle.kernel.web.asking import question
from socle.kernel.web.views import by, lang, moment

PEOPLE, REVIEW = "/comptes", "/comptes/revue"


def members(request: HttpRequest) -> HttpResponse:
    """Who has an account, as far as this manager manages."""
    with database().reading() as session:
        found = people.members(session, by(request))
        review = current(session, by(request).actor.organisation)
    told = {
        "members": [
            {"person": one.person, "grants": [grant_line(given) for given in one.grants]} for one in found
        ],
        "structure": "" if people.sees_everybody(by(request)) else by(request).actor.organisation,
        "review": review,
    }
    return page(request, "people", told)


def inviting(request: HttpRequest) -> HttpResponse:
    form = InviteForm(request.POST or None, **_offered(request))
    if not form.is_valid():
        return with_form(request, "invite", form)
    asked = form.cleaned_data
    try:
        role = given_role(asked["role"])
        with database().unit() as unit:
            made = invite(unit, by(request), email=asked["email"], role=role, structure=asked["structure"])
    except SocleError as refusal:
        return with_form(request, "invite", form, status=form.refuse(refusal))
    return _linked(request, asked["email"], made)


def _linked(request: HttpRequest, email: str, made: Invitation) -> HttpResponse:
    mailed = bool(notify_settings().mail_relay)
    told = {"email": email, "link": link(made), "until": moment(made.expires), "mailed": mailed}
    return page(request, "invited", told)


def link(made: Invitation) -> str:
    """The whole address to send; empty for somebody who has an account already."""
    return settings().public_url + made.path if made.token else ""


def _offered(request: HttpRequest) -> dict[str, Any]:
    everywhere = people.sees_everybody(by(request))
    return {"everywhere": everywhere, "structure": by(request).actor.organisation}


def member(request: HttpRequest, account: str) -> HttpResponse:
    """One person: their roles, another role, their departure."""
    if (asking := question(request, RISKS)) is not None:
        return asking
    chosen = request.POST.get("do", "")
    form = RoleForm(request.POST if chosen == "give" else None, **_offered(request))
    try:
        if chosen == "take-back":
            with database().unit() as unit:
                revoke(unit, by(request), grant=request.POST.get("what", ""))
            return moved(f"{PEOPLE}/{account}")
        if chosen == "renew":
            with database().unit() as unit:
                email = people.check_visible(unit, by(request), account).email
                made = renew(unit, by(request), account=account)
            return _linked(request, email, made)
        if chosen == "leave":
            with database().unit() as unit:
                leave(unit, by(request), account=account)
            return moved(PEOPLE)
        if form.is_valid():
            asked = form.cleaned_data
            with database().unit() as unit:
                role = given_role(asked["role"])
                grant(unit, by(request), account=account, role=role, structure=asked["structure"])
            return moved(f"{PEOPLE}/{account}")
    except SocleError as refusal:
        if form.is_bound and form.is_valid():
            return _member(request, account, form, form.refuse(refusal))
        return _member(request, account, form, refusal.status, refusal.sentence(lang()))
    return _member(request, account, form)


def _member(
    request: HttpRequest, account: str, form: RoleForm, status: int = 200, refusal: str = ""
) -> HttpResponse:
    with database().reading() as session:
        known = people.check_visible(session, by(request), account)
        seen = [grant_line(one) for one in people.seen_grants(session, by(request), account)]
    own = account == by(request).actor.id
    told = {
        "person": known,
        "grants": seen,
        "own": own,
        "refusal": refusal,
        "leaving": "depart" in request.GET,
    }
    return with_form(request, "person", form, told, status)


def review(request: HttpRequest) -> HttpResponse:
    """The yearly review of one's structure; of the installation for an operator."""
    structure = by(request).actor.organisation
    if (asking := question(request, RISKS)) is not None:
        return asking
    if request.method == "POST":
        try:
            _reviewed(request, structure)
        except SocleError as refusal:
            return _review_page(request, structure, refusal.status, refusal.sentence(lang()))
        return moved(REVIEW)
    return _review_page(request, structure)


def _reviewed(request: HttpRequest, structure: str) -> None:
    chosen, what = request.POST.get("do", ""), request.POST.get("what", "")
    with database().unit() as unit:
        close_due(unit, BY_SYSTEM)
        if chosen == "open":
            open_review(unit, by(request), structure=structure)
        elif chosen == "confirm":
            confirm(unit, by(request), grant=what)
        elif chosen == "end":
            revoke(unit, by(request), grant=what)


def _review_page(request: HttpRequest, structure: str, status: int = 200, refusal: str = "") -> HttpResponse:
    with database().reading() as session:
        opened = current(session, structure)
        before = last(session, structure)
        held = of_structure(session, structure)
        waiting = [_line(session, request, one) for one in held if opened and opened.waits_for(one)]
    told = {
        "review": opened,
        "last": moment(before.closed) if before else None,
        "waiting": waiting,
        "done": _confirmed(opened, held),
        "structure": structure,
        "refusal": refusal,
    }
    return page(request, "review", told, status)


def _line(session: Session, request: HttpRequest, one: Grant) -> dict[str, Any]:
    shown = person(session, one.account).shown
    return {**grant_line(one), "person": shown, "own": one.account == by(request).actor.id}


def _confirmed(opened: Review | None, held: list[Grant]) -> int:
    if opened is None:
        return 0
    return sum(one.begins < opened.opened and not opened.waits_for(one) for one in held)
