"""The auditor's desk: the latest entries and those that were asked for, one entry with its proof and its sealed
details, and how the journal itself is."""

from typing import Any, Final
from urllib.parse import urlencode

import orjson
from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from socle.kernel.audit import acts
from socle.kernel.audit.checking import Checked, check_entry
from socle.kernel.audit.doors.filters import FilterForm, wanted_of
from socle.kernel.audit.doors.shown import (
    Names,
    actor_of,
    data_table,
    facts_of_entry,
    outcome_tag,
    titled,
    trail_table,
    when,
)
from socle.kernel.audit.entry import Entry
from socle.kernel.audit.heads import last_head
from socle.kernel.audit.health import backlog
from socle.kernel.audit.introductions import listed_keys
from socle.kernel.audit.proofs import covering_head, prove_entry
from socle.kernel.audit.queries import Found, entry_at, events_of, find, of_unit
from socle.kernel.audit.verification.daily import JOB
from socle.kernel.clock import micros
from socle.kernel.db import Session, database
from socle.kernel.errors import SocleError
from socle.kernel.outbox.events import CATALOGUE as EVENTS
from socle.kernel.schedules.runs import last_run
from socle.kernel.web.durations import lasting
from socle.kernel.web.forms import ActForm
from socle.kernel.web.views import by, lang, private

TRAIL: Final = "/trace"
EXPORT: Final = "/trace/export"
_A_PAGE = 25
_VERIFY = "socle audit export trail.jsonl\npython docs/verify_trail.py trail.jsonl --head head.txt"
_PARTS = {"subject": gettext_lazy("de la personne concernée"), "actor": gettext_lazy("de qui a agi")}
_DETAILS = {
    "client": gettext_lazy("adresse de la machine"),
    "reason": gettext_lazy("raison donnée"),
    "asked": gettext_lazy("ce qui a été cherché"),
}


class ReasonForm(ActForm):
    fields_of = {"trail-reason-missing": "reason"}  # noqa: RUF012 - a class attribute of the form
    reason = forms.CharField(
        label=gettext_lazy("Pourquoi ouvrir ces détails"),
        help_text=gettext_lazy("Votre raison reste dans la trace, scellée avec votre nom."),
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
    )


def trail(request: HttpRequest) -> HttpResponse:
    """The entries that were asked for, the newest first."""
    form = FilterForm(request.GET)
    if not form.is_valid():
        return private(request, "audit/trail.html", {"form": form, "narrowed": True, "more": True}, 400)
    before = _position(request.GET.get("avant", ""))
    with database().reading() as session:
        found = find(session, wanted_of(session, form.cleaned_data), _A_PAGE, before)
        waiting = backlog(session).entries
        table = trail_table(found.entries, Names(session), _caption(found.entries))
    asked = _kept(request)
    _noted(acts.searched(by(request), asked, len(found.entries)))
    told = {
        "form": form,
        "table": table,
        "narrowed": form.narrows,
        "more": any(form.cleaned_data[name] for name in ("qui", "concerne", "structure", "reference")),
        "paged": before is not None,
        "newest": f"{TRAIL}?{asked}" if before is not None else "",
        "older": f"{TRAIL}?{_with(asked, avant=found.before)}" if found.before is not None else "",
        "short": found.before is not None and len(found.entries) < _A_PAGE,
        "waiting": waiting,
        "export": f"?{asked}" if asked else "",
    }
    return private(request, "audit/trail.html", told)


def _caption(found: list[Found]) -> str:
    count = len(found)
    words = ngettext(
        "%(count)s entrée, la plus récente d’abord", "%(count)s entrées, la plus récente d’abord", count
    )
    return words % {"count": count}


def _position(typed: str) -> int | None:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 18 else None


def _kept(request: HttpRequest) -> str:
    """The filters as they were typed, without the place in the list."""
    fields = FilterForm.base_fields
    return urlencode([(name, value) for name, value in request.GET.items() if name in fields and value])


def _with(asked: str, **more: object) -> str:
    return "&".join(part for part in (asked, urlencode(more)) if part)


def _noted(entry: Entry) -> None:
    """The trail knows of a reading before the reader is answered."""
    with database().unit() as unit:
        acts.note(unit, entry)


def entry(request: HttpRequest, position: int) -> HttpResponse:
    """One entry: its facts, its act, its proof, and its sealed details for who says why."""
    opening = request.POST.get("do") == "open"
    form = ReasonForm(request.POST if opening else None)
    opened, status = None, 200
    if opening:
        try:
            if form.is_valid():
                reason = form.cleaned_data["reason"]
                with database().unit() as unit:
                    opened = acts.open_details(unit, by(request), position=position, reason=reason)
        except SocleError as refusal:
            if refusal.code not in form.fields_of:
                raise
            form.refuse(refusal)
        status = 200 if opened is not None else 400
    with database().snapshot() as session:
        one = entry_at(session, position)
        told = _card(session, one)
    if opened is None:
        _noted(acts.read(by(request), one, "page"))
    told |= {"form": form, "opened": _opened(opened) if opened else None}
    return private(request, "audit/entry.html", told, status)


def _card(session: Session, one: Found) -> dict[str, Any]:
    names, document = Names(session), one.document
    head = last_head(session)
    covered = head is not None and one.position < head.size
    who, about = actor_of(document), str(document.get("subject", ""))
    return {
        "one": one,
        "titled": titled(document.get("action", "")),
        "outcome": outcome_tag(document),
        "who": names.told(who)[0],
        "when": when(one.at),
        "about": names.told(about)[0] if about else "",
        "facts": facts_of_entry(one, names),
        "data": data_table(document),
        "checked": _checked(check_entry(session, head, one.position)) if head and covered else None,
        "same": _same_act(session, one, names),
        "events": _events(session, one),
        "sealed": [_PARTS[part] for part, held in zip(_PARTS, one.sealed, strict=True) if held is not None],
        "missing": _missing(one),
        "document": _document(one),
        "by_actor": f"{TRAIL}?{urlencode({'qui': who})}",
        "by_subject": f"{TRAIL}?{urlencode({'concerne': about})}" if about else "",
    }


def _checked(checked: Checked) -> dict[str, Any]:
    return {
        "sound": checked.sound,
        "size": checked.head.size,
        "at": when(checked.head.at),
        "findings": [f"{one.sentence(lang())} {_means(one)}" for one in checked.findings],
        "proven": checked.proof is not None,
    }


def _means(finding: Any) -> str:
    return str(finding.kind.means_fr if lang() == "fr" else finding.kind.means_en)


def _same_act(session: Session, one: Found, names: Names) -> Any:
    """The other entries of the same act."""
    others = [other for other in of_unit(session, one.unit) if other.position != one.position]
    return trail_table(others, names, _("Les autres entrées du même acte")) if others else None


def _events(session: Session, one: Found) -> list[tuple[str, str]]:
    """(title, code) of the events that the act announced, as long as the outbox holds them."""
    found = []
    for code, _lane, _at in events_of(session, one.unit):
        known = EVENTS.get(code)
        found.append(((known.fr if lang() == "fr" else known.en) if known else code, code))
    return found


def _missing(one: Found) -> list[Any]:
    """Details that the document speaks of and that are not there any more."""
    told = one.document.get("details", {})
    return [
        _PARTS[part] for part, held in zip(_PARTS, one.sealed, strict=True) if held is None and part in told
    ]


def _document(one: Found) -> str:
    if not one.document:
        return one.facts.decode(errors="replace")
    return orjson.dumps(one.document, option=orjson.OPT_INDENT_2).decode()


def _opened(opened: acts.Opened) -> dict[str, Any]:
    parts = [
        (_PARTS[part], [(str(_DETAILS.get(name, name)), str(value)) for name, value in details.items()])
        for part, details in opened.details.items()
    ]
    return {
        "parts": parts,
        "gone": [_PARTS[part] for part in opened.gone],
        "damaged": [_PARTS[part] for part in opened.damaged],
    }


def proof(request: HttpRequest, position: int) -> HttpResponse:
    """The proof of inclusion of one entry, to be checked without us."""
    with database().snapshot() as session:
        one = entry_at(session, position)
        document = prove_entry(session, position)
    _noted(acts.read(by(request), one, "proof"))
    content = orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    return _file(content, "application/json", f"preuve-{position}.json")


def journal(request: HttpRequest) -> HttpResponse:
    """How the trail is: its last head, what waits for one, its last verification, and how to verify it oneself."""
    with database().reading() as session:
        head, waiting, run = last_head(session), backlog(session), last_run(session, JOB, micros())
        told = {
            "head": head,
            "head_at": when(head.at) if head else "",
            "waiting": waiting.entries,
            "age": lasting(waiting.seconds),
            "commands": _VERIFY,
            "keys": len(listed_keys(session)),
            "run": run,
            "run_at": when(run.ended or run.started) if run else "",
        }
    return private(request, "audit/journal.html", told)


def head_file(request: HttpRequest) -> HttpResponse:
    """The last signed head, to be kept elsewhere."""
    with database().reading() as session:
        head = covering_head(session)
    return _file(head.checkpoint.encode(), "text/plain; charset=utf-8", f"tete-{head.size}.txt")


def _file(content: bytes, content_type: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response
