"""What waits for those who instruct, the nearest deadline first."""

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.translation import gettext as _

from socle.kernel.clock import business_date
from socle.kernel.db import database
from socle.kernel.privacy.doors.words import RIGHTS, line
from socle.kernel.privacy.requests import (
    Request,
    Right,
    Shown,
    Wanted,
    all_requests,
    count_requests,
    some_requests,
)
from socle.kernel.web.spreadsheet import csv_streamed
from socle.kernel.web.views import private

_PAGE = 50


def desk(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    wanted = _wanted(request.GET.get("etat", ""), request.GET.get("droit", ""))
    if "csv" in request.GET:
        return _spreadsheet(wanted)
    number = _number(request.GET.get("page", ""))
    with database().reading() as session:
        found = some_requests(session, wanted, _PAGE, (number - 1) * _PAGE)
        count = count_requests(session, wanted)
        late = count_requests(session, wanted, late=True)
    shown, right = wanted.shown.value, wanted.right.value if wanted.right else ""
    told = {
        "requests": [line(one) for one in found],
        "count": count,
        "late": late,
        "shown": shown,
        "right": right,
        "states": _states(),
        "rights": [(one.value, RIGHTS[one][0]) for one in Right],
        "filtered": shown != "waiting" or bool(right),
        "query": f"etat={shown}&droit={right}",
        "previous": _link(shown, right, number - 1) if number > 1 else "",
        "following": _link(shown, right, number + 1) if number * _PAGE < count else "",
        "position": _("page %(number)s") % {"number": number},
    }
    return private(request, "privacy/desk.html", told)


def _states() -> list[tuple[str, str]]:
    return [
        ("waiting", _("toutes celles qui attendent")),
        ("late", _("en retard")),
        ("person", _("en attente de la personne")),
        ("closed", _("closes")),
    ]


def _wanted(shown: str, right: str) -> Wanted:
    """What the filters say; what they do not know counts for nothing."""
    return Wanted(
        business_date(),
        Shown(shown) if shown in [one.value for one in Shown] else Shown.WAITING,
        Right(right) if right in [one.value for one in Right] else None,
    )


def _number(received: str) -> int:
    return max(1, int(received)) if received.isascii() and received.isdigit() and len(received) < 6 else 1


def _link(shown: str, right: str, number: int) -> str:
    return f"?etat={shown}&droit={right}&page={number}"


def _spreadsheet(wanted: Wanted) -> StreamingHttpResponse:
    """What shows that delays were kept; nothing of what was said."""
    header = [
        _("numéro"),
        _("droit"),
        _("article"),
        _("état"),
        _("reçue le"),
        _("à répondre avant la fin du"),
        _("close le"),
    ]
    pieces = (map(_cells, found) for found in all_requests(database(), wanted))
    return csv_streamed("demandes.csv", header, pieces)


def _cells(one: Request) -> tuple[object, ...]:
    return (
        one.id,
        one.kind.value,
        one.kind.article,
        one.state.value,
        one.received.isoformat(),
        one.due.isoformat(),
        one.closed.isoformat() if one.closed else "",
    )
