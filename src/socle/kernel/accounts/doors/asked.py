"""What every page of the accounts reads from its request, and how it answers."""

from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme

from socle.kernel.access import Refused, Role
from socle.kernel.accounts.acts.enter import Browser
from socle.kernel.accounts.doors.middleware import remember
from socle.kernel.accounts.grants import Grant
from socle.kernel.accounts.roles import ENTER
from socle.kernel.accounts.sessions import Held
from socle.kernel.web import views
from socle.kernel.web.forms import ActForm
from socle.kernel.web.views import by, lang, moment, private

HOME: Final = "/compte"
SECOND: Final = "/compte/second-facteur"


def held_of(request: HttpRequest) -> Held:
    """The open session of a page that asks for one. Raises Refused without."""
    held: Held | None = request.held  # type: ignore[attr-defined]
    if held is None:
        raise Refused(by(request), ENTER)
    return held


def browser_of(request: HttpRequest) -> Browser:
    return Browser(by(request), request.headers.get("User-Agent", ""))


def shown(role: Role) -> str:
    return role.fr if lang() == "fr" else role.en


def grant_line(grant: Grant) -> dict[str, Any]:
    """A role held, for a template."""
    return {
        "id": grant.id,
        "role": shown(grant.held),
        "structure": grant.structure,
        "since": moment(grant.begins),
        "until": moment(grant.expires),
        "delegated": bool(grant.delegated),
        "mine": grant.granted_by,
    }


def after(request: HttpRequest, default: str = HOME) -> str:
    """Where somebody was going when they were asked to sign in: an address of ours, never another site's."""
    wanted = request.POST.get("suite") or request.GET.get("suite") or ""
    ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if ours else default


def page(request: HttpRequest, template: str, told: dict[str, Any], status: int = 200) -> HttpResponse:
    """A page that no cache keeps."""
    return private(request, f"accounts/{template}.html", told, status)


def with_form(
    request: HttpRequest, template: str, form: ActForm, told: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """The page of a form: 400 when what was typed is not complete, the act's own status when it refused."""
    wrong = form.is_bound and not form.is_valid() and status == 200
    return page(request, template, {"form": form, **(told or {})}, 400 if wrong else status)


def prove_again(suite: str) -> HttpResponse:
    """To the second factor, which is asked for once more, then back."""
    return moved(onward(SECOND, suite))


def onward(to: str, suite: str) -> str:
    """An address that remembers where somebody was going."""
    return f"{to}?{urlencode({'suite': suite})}" if suite else to


def moved(to: str, token: str = "") -> HttpResponse:
    """Go on, with a session when one was just opened."""
    response = views.moved(to)
    return remember(response, token) if token else response
