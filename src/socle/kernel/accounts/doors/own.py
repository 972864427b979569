"""One's own account: what one may do, what one enters with, where one is signed in, whom one lends a role to."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from socle.kernel.accounts import credentials as known_credentials
from socle.kernel.accounts import grants, sessions
from socle.kernel.accounts.acts import enter, factors
from socle.kernel.accounts.acts.grants import act_for, delegate, revoke
from socle.kernel.accounts.credentials import SECOND_FACTORS, Credential, FactorKind
from socle.kernel.accounts.doors.asked import (
    HOME,
    grant_line,
    held_of,
    moved,
    page,
    prove_again,
    shown,
    with_form,
)
from socle.kernel.accounts.doors.asking import RISKS
from socle.kernel.accounts.doors.forms import DelegateForm, PasswordForm
from socle.kernel.accounts.faults import GRANT_GONE, PROVE_AGAIN
from socle.kernel.accounts.personal import person
from socle.kernel.db import Session, database
from socle.kernel.errors import SocleError
from socle.kernel.web.asking import question
from socle.kernel.web.views import by, lang, moment


def account(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return question(request, RISKS) or _changed(request)
    with database().reading() as session:
        return page(request, "account", _account(session, request))


def _account(session: Session, request: HttpRequest) -> dict[str, Any]:
    me, held = by(request).actor.id, held_of(request)
    mine = grants.of_account(session, me)
    lent = [lent for one in mine for lent in grants.delegations_of(session, one)]
    return {
        "person": person(session, me),
        "grants": [grant_line(one) for one in mine],
        "lent": [{**grant_line(one), "to": person(session, one.account).shown} for one in lent],
        "structures": sorted({one.structure for one in mine if one.structure}),
        "structure": held.actor.organisation,
        "factors": [_factor(one) for one in known_credentials.credentials(session, me, *SECOND_FACTORS)],
        "recovery": known_credentials.recovery_left(session, me),
        "sessions": [
            {
                "name": known.name,
                "here": digest == held.digest,
                "client": known.client,
                "agent": known.agent,
                "seen": moment(known.seen),
            }
            for digest, known in sessions.listed(session, me)
        ],
    }


def _factor(one: Credential) -> dict[str, Any]:
    words = {FactorKind.TOTP: _("Codes d’une application"), FactorKind.PASSKEY: _("Clé d’accès")}
    return {"id": one.id, "label": words[one.kind], "since": moment(one.created), "used": moment(one.used)}


def _changed(request: HttpRequest) -> HttpResponse:
    """One of the buttons of the page."""
    held = held_of(request)
    chosen, what = request.POST.get("do", ""), request.POST.get("what", "")
    try:
        with database().unit() as unit:
            if chosen in ("end", "end-all"):
                enter.end_other(unit, by(request), held, what if chosen == "end" else "")
            elif chosen == "remove":
                factors.remove(unit, by(request), held, what)
            elif chosen == "structure":
                act_for(unit, by(request), held, what)
            elif chosen == "take-back":
                revoke(unit, by(request), grant=what)
            elif chosen == "codes":
                codes = factors.renew_codes(unit, by(request), held)
                return page(request, "codes", {"codes": codes, "suite": HOME})
    except SocleError as refusal:
        if refusal.kind is PROVE_AGAIN:
            return prove_again(HOME)
        with database().reading() as session:
            told = {**_account(session, request), "refusal": refusal.sentence(lang())}
        return page(request, "account", told, refusal.status)
    return moved(HOME)


def password(request: HttpRequest) -> HttpResponse:
    form = PasswordForm(request.POST or None)
    with database().reading() as session:
        # For the password manager, which keeps the new one under it.
        told = {"email": person(session, by(request).actor.id).email}
    if not form.is_valid():
        return with_form(request, "password", form, told)
    try:
        factors.change_password(database(), by(request), held_of(request), **form.cleaned_data)
    except SocleError as refusal:
        return with_form(request, "password", form, told, form.refuse(refusal))
    return moved(HOME)


def lend(request: HttpRequest, grant: str) -> HttpResponse:
    """Delegating one of one's roles until a date."""
    with database().reading() as session:
        mine = grants.one(session, grant)
    if mine is None or mine.account != by(request).actor.id:
        raise SocleError(GRANT_GONE)
    form = DelegateForm(request.POST or None)
    told = {"role": shown(mine.held), "structure": mine.structure, "grant": grant}
    if not form.is_valid():
        return with_form(request, "delegate", form, told)
    try:
        with database().unit() as unit:
            delegate(unit, by(request), grant=grant, **form.cleaned_data)
    except SocleError as refusal:
        return with_form(request, "delegate", form, told, form.refuse(refusal))
    return moved(HOME)
