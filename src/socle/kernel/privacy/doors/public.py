"""What anybody may read and do: which data are held, how a right is exercised, where a request stands."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from socle.kernel.accounts import attempts
from socle.kernel.accounts.faults import TRY_LATER
from socle.kernel.accounts.throttle import MACHINE_FACTOR
from socle.kernel.accounts.tokens import digest_of
from socle.kernel.db import database
from socle.kernel.errors import SocleError
from socle.kernel.privacy.acts.requests import Deposited, deposit
from socle.kernel.privacy.doors.following import standing
from socle.kernel.privacy.doors.forms import AskForm
from socle.kernel.privacy.doors.words import BASES, RIGHTS, authority, line
from socle.kernel.privacy.faults import FOLLOW_UNUSABLE
from socle.kernel.privacy.holdings import holdings
from socle.kernel.privacy.requests import Right, followed
from socle.kernel.settings import settings
from socle.kernel.web.views import by, lang, private


def rights(request: HttpRequest) -> HttpResponse:
    house = holdings()
    services = [
        {
            "name": manifest.name,
            "title": manifest.title.of(lang()),
            "data": [
                {
                    "what": one.what.of(lang()),
                    "why": one.purpose.of(lang()),
                    "kept": house.in_force(one.retention.of(lang())),
                }
                for one in manifest.personal_data
            ],
            "basis": BASES[manifest.processing.basis] if manifest.processing else "",
            "law": manifest.processing.why.of(lang()) if manifest.processing else "",
            "recipients": manifest.processing.recipients.of(lang()) if manifest.processing else "",
        }
        for manifest in house.processings()
    ]
    told = {
        "services": services,
        "rights": [
            {"name": name, "what": what, "article": right.article} for right, (name, what) in RIGHTS.items()
        ],
        "authority": authority(),
    }
    return private(request, "privacy/rights.html", told)


def ask(request: HttpRequest) -> HttpResponse:
    """Depositing a request without an account."""
    form = AskForm(request.POST or None)
    status = 200
    if form.is_bound and form.is_valid():
        try:
            return _deposited(request, _deposit(request, form.cleaned_data))
        except SocleError as refusal:
            status = form.refuse(refusal)
    elif form.is_bound:
        status = 400
    return private(request, "privacy/ask.html", {"form": form}, status)


def _deposit(request: HttpRequest, asked: dict[str, str]) -> Deposited:
    """Counted before it is heard, in a unit of its own: a machine that fills the desk is slowed down. Many persons may
    sit behind one."""
    with database().unit() as unit:
        wait = attempts.begin(unit, f"rights:{by(request).client}", factor=MACHINE_FACTOR).wait
    if wait:
        raise SocleError(TRY_LATER, seconds=wait)
    with database().unit() as unit:
        return deposit(
            unit,
            by(request),
            kind=Right(asked["kind"]),
            name=asked["name"],
            contact=asked["contact"],
            said=asked["said"],
        )


def _deposited(request: HttpRequest, made: Deposited) -> HttpResponse:
    told = {"request": line(made.request), "link": settings().public_url + made.path, "path": made.path}
    return private(request, "privacy/deposited.html", told)


def follow(request: HttpRequest) -> HttpResponse:
    """Where a request stands, for whoever holds its link; one sentence for every other link."""
    with database().reading() as session:
        known = followed(session, digest_of(request.GET.get("lien", "")))
    if known is None:
        raise SocleError(FOLLOW_UNUSABLE)
    return standing(request, known, ("/droits", _("Vos données, vos droits")))
