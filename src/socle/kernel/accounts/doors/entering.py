"""Pages by which one enters: invitation, sign-in, second factor, enrolment, sign-out."""

from typing import Any

import segno
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString, mark_safe

from socle.kernel.accounts import passwords, totp
from socle.kernel.accounts.acts import enter, factors
from socle.kernel.accounts.acts.invite import accept, invited
from socle.kernel.accounts.credentials import FactorKind, credentials
from socle.kernel.accounts.doors.asked import (
    SECOND,
    after,
    browser_of,
    held_of,
    moved,
    onward,
    page,
    prove_again,
    with_form,
)
from socle.kernel.accounts.doors.forms import AcceptForm, CodeForm, EnrolForm, SignInForm
from socle.kernel.accounts.doors.middleware import forget
from socle.kernel.accounts.faults import PROVE_AGAIN
from socle.kernel.accounts.personal import person
from socle.kernel.accounts.sessions import Held
from socle.kernel.actors import ANONYMOUS, Assurance
from socle.kernel.db import database
from socle.kernel.errors import SocleError
from socle.kernel.settings import settings
from socle.kernel.web.views import by

ENROL = "/compte/enrolement"


def sign_in(request: HttpRequest) -> HttpResponse:
    if by(request).actor != ANONYMOUS:
        return moved(after(request))
    form = SignInForm(request.POST or None)
    told = {"suite": after(request, "")}
    if not form.is_valid():
        return with_form(request, "sign_in", form, told)
    try:
        token = enter.sign_in(database(), browser_of(request), **form.cleaned_data)
    except SocleError as refusal:
        return with_form(request, "sign_in", form, told, form.refuse(refusal))
    return moved(onward(SECOND, told["suite"]), token)


def second_factor(request: HttpRequest) -> HttpResponse:
    held = held_of(request)
    if held.actor.assurance >= Assurance.SUBSTANTIAL and held.fresh:
        return moved(after(request))
    with database().reading() as session:
        known = {one.kind for one in credentials(session, held.actor.id)}
    if not known & {FactorKind.TOTP, FactorKind.PASSKEY}:
        return moved(onward(ENROL, after(request, "")))
    form = CodeForm(request.POST if "code" in request.POST else None)
    try:
        if answer := request.POST.get("passkey", ""):
            return moved(after(request), enter.enter_passkey(database(), browser_of(request), held, answer))
        if form.is_valid():
            token = enter.enter_code(database(), browser_of(request), held, form.cleaned_data["code"])
            return moved(after(request), token)
    except SocleError as refusal:
        form = form if form.is_bound else CodeForm({"code": ""})
        form.full_clean()
        return _second_page(request, held, form, form.refuse(refusal))
    return _second_page(request, held, form)


def _second_page(request: HttpRequest, held: Held, form: CodeForm, status: int = 200) -> HttpResponse:
    with database().unit() as unit:
        options = factors.ask_passkey(unit, held)
    return with_form(
        request, "second_factor", form, {"options": options, "suite": after(request, "")}, status
    )


def enrol(request: HttpRequest) -> HttpResponse:
    """Adding codes of an authenticator app, or a passkey."""
    held = held_of(request)
    form = EnrolForm(request.POST if "code" in request.POST else None)
    try:
        if answer := request.POST.get("passkey", ""):
            with database().unit() as unit:
                return _enrolled(request, factors.confirm_passkey(unit, browser_of(request), held, answer))
        if form.is_valid():
            with database().unit() as unit:
                code = form.cleaned_data["code"]
                return _enrolled(request, factors.confirm_codes(unit, browser_of(request), held, code))
        return _enrol_page(request, held, form)
    except SocleError as refusal:
        if refusal.kind is PROVE_AGAIN:
            return prove_again(ENROL)
        if not form.is_bound:
            return _enrol_page(request, held, form, refusal.status, refusal.sentence())
        return _enrol_page(request, held, form, form.refuse(refusal))


def _enrol_page(
    request: HttpRequest, held: Held, form: EnrolForm, status: int = 200, refusal: str = ""
) -> HttpResponse:
    with database().unit() as unit:
        secret = factors.begin_codes(unit, by(request), held)
        options = factors.begin_passkey(unit, by(request), held)
        email = person(unit, held.actor.id).email
    told: dict[str, Any] = {
        "typed": totp.typed(secret),
        "drawn": drawn(totp.address(secret, issuer="Socle", account=email)),
        "options": options,
        "suite": after(request, ""),
        "refusal": refusal,
        "first": held.actor.assurance < Assurance.SUBSTANTIAL,
    }
    return with_form(request, "enrol", form, told, status)


def drawn(address: str) -> SafeString:
    """A QR code as SVG: dark modules on a light ground in both colour schemes, or cameras do not see it."""
    svg = segno.make(address, error="m").svg_inline(
        scale=5, dark="#000", light="#fff", border=4, svgclass="qr", lineclass=None, omitsize=False
    )
    return mark_safe(svg)


def _enrolled(request: HttpRequest, enrolled: factors.Enrolled) -> HttpResponse:
    """The recovery codes, once; or back to the account when there were codes already."""
    if not enrolled.codes:
        return moved(after(request), enrolled.token)
    response = page(request, "codes", {"codes": enrolled.codes, "suite": after(request)})
    moved_on = moved("/", enrolled.token)
    response.cookies.update(moved_on.cookies)
    return response


def sign_out(request: HttpRequest) -> HttpResponse:
    with database().unit() as unit:
        enter.sign_out(unit, by(request), held_of(request))
    return forget(moved("/"))


def invitation(request: HttpRequest) -> HttpResponse:
    """Accepting an invitation. The token comes in the query, then in the form itself."""
    token = request.POST.get("jeton") or request.GET.get("jeton", "")
    with database().reading() as session:
        known = invited(session, token)
    form = AcceptForm(request.POST or None)
    told = {"token": token, "email": known.email, "host": settings().public_url}
    if not form.is_valid():
        return with_form(request, "invitation", form, told)
    name, password = form.cleaned_data["name"], form.cleaned_data["password"]
    try:
        passwords.check(password, email=known.email, name=name)
        made = passwords.hashed(password)
        with database().unit() as unit:
            opened = accept(
                unit,
                by(request),
                token=token,
                name=name,
                password_hash=made,
                agent=browser_of(request).agent,
            )
    except SocleError as refusal:
        return with_form(request, "invitation", form, told, form.refuse(refusal))
    return moved(ENROL, opened)
