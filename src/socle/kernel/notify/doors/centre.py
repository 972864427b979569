"""The centre: what waits to be read, and what was; reading, and taking that back."""

from typing import Any, Final
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from socle.kernel.db import Session, database
from socle.kernel.notify.acts import reading
from socle.kernel.notify.kinds import CATALOGUE
from socle.kernel.notify.queries import Notice, Wanted, count, kinds_held, notices, unread
from socle.kernel.notify.wording import told
from socle.kernel.web.views import by, lang, moment, moved, private

CENTRE: Final = "/notifications"
_A_PAGE = 20
_MOST_PAGES = 10_000
_SHOWN = (("", gettext_lazy("toutes")), ("non-lues", gettext_lazy("à lire")))


class FilterForm(forms.Form):
    """Which notifications to show."""

    voir = forms.ChoiceField(label=gettext_lazy("Notifications à afficher"), required=False, choices=_SHOWN)
    sujet = forms.CharField(label=gettext_lazy("Sujet"), required=False, max_length=80)

    def offer(self, kinds: list[str]) -> None:
        known = [(code, CATALOGUE[code].title.of(lang()) if code in CATALOGUE else code) for code in kinds]
        self.fields["sujet"].widget = forms.Select(choices=[("", _("tous")), *known])

    @property
    def wanted(self) -> Wanted:
        """What was asked for, or everything when it cannot be read."""
        asked = self.cleaned_data if self.is_valid() else {}
        return Wanted(asked.get("voir") == "non-lues", asked.get("sujet", ""))


def centre(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return _changed(request)
    with database().reading() as session:
        return private(request, "notify/centre.html", _shown(session, request))


def _shown(session: Session, request: HttpRequest) -> dict[str, Any]:
    me, form = by(request).actor.id, FilterForm(request.GET)
    form.offer(kinds_held(session, me))
    wanted = form.wanted
    total = count(session, me, wanted)
    last = max(1, -(-total // _A_PAGE))
    page = min(_number(request.GET.get("page", "")) or 1, last, _MOST_PAGES)
    return {
        "form": form,
        "lines": [_line(one) for one in notices(session, me, wanted, _A_PAGE, (page - 1) * _A_PAGE)],
        "total": total,
        "unread": unread(session, me),
        "filtered": wanted != Wanted(),
        "previous": _address(request, page - 1) if page > 1 else "",
        "following": _address(request, page + 1) if page < last else "",
        "position": _("page %(page)s sur %(last)s") % {"page": page, "last": last} if last > 1 else "",
        "read_one": request.GET.get("lue", "")[:32],
        "read_all": _number(request.GET.get("lues", "")),
        "here": _address(request, page) if page > 1 or wanted != Wanted() else CENTRE,
    }


def _line(one: Notice) -> dict[str, Any]:
    said = told(one.kind, one.data, lang())
    return {"id": one.id, "said": said, "at": moment(one.at), "unread": one.read is None}


def _address(request: HttpRequest, page: int) -> str:
    kept = {name: request.GET[name] for name in ("voir", "sujet") if request.GET.get(name)}
    return f"{CENTRE}?{urlencode({**kept, 'page': page})}"


def _number(written: str) -> int:
    """0 for what is no number."""
    return int(written) if written.isascii() and written.isdigit() and len(written) < 18 else 0


def _changed(request: HttpRequest) -> HttpResponse:
    """One of the buttons of the page. Raises SocleError(NOTICE_UNKNOWN)."""
    chosen, what = request.POST.get("do", ""), request.POST.get("what", "")[:32]
    to = CENTRE
    with database().unit() as unit:
        if chosen == "open":
            to = _inside(reading.read(unit, by(request), what))
        elif chosen == "read":
            reading.read(unit, by(request), what)
            to = f"{CENTRE}?{urlencode({'lue': what})}"
        elif chosen == "put-back":
            reading.put_back(unit, by(request), what)
        elif chosen == "read-all":
            at = reading.read_all(unit, by(request))
            to = f"{CENTRE}?{urlencode({'lues': at})}" if at else CENTRE
        elif chosen == "put-all-back":
            reading.put_all_back(unit, by(request), _number(what))
    return moved(to)


def _inside(one: Notice) -> str:
    return told(one.kind, one.data, lang()).link
