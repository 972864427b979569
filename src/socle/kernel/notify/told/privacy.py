"""What people are told of requests over personal data: those who instruct, that one came and that its delay runs out;
whoever asked from their account, that something is expected of them, or there for them."""

from typing import Any

from socle.kernel.accounts.people import holders
from socle.kernel.accounts.privacy import account_of
from socle.kernel.db import Unit
from socle.kernel.manifest import Text
from socle.kernel.notify.acts.notifying import notify
from socle.kernel.notify.kinds import Channel, NoticeKind, notice_kind
from socle.kernel.outbox.heard import Heard
from socle.kernel.privacy.actions import (
    CLOSED_EVENT,
    DUE_EVENT,
    INSTRUCT,
    MOVED_EVENT,
    RECEIVED_EVENT,
)
from socle.kernel.privacy.requests import asker

_RIGHT = {"right": "the right that is exercised"}
_REQUEST = {**_RIGHT, "due": "the last day, ISO 8601"}
_OWN = {**_RIGHT, "request": "number of the request"}
_OWN_LINK = "/compte/mes-donnees/{request}"
REQUEST_RECEIVED = notice_kind(
    "privacy.request-received",
    title=Text("Une personne exerce un droit sur ses données", "A person exercises a right over their data"),
    text=Text(
        "Droit demandé : {right}. Répondez au plus tard le {due}.",
        "Right exercised: {right}. Answer by {due} at the latest.",
    ),
    link="/droits/instruction",
    # Anybody may deposit one: a mail for each would be theirs to send.
    usual=Channel.DIGEST,
    members=_REQUEST,
    reader=INSTRUCT,
)
REQUEST_DUE = notice_kind(
    "privacy.request-due",
    title=Text("Une demande attend sa réponse", "A request waits for its answer"),
    text=Text(
        "Droit demandé : {right}. Dernier jour pour répondre dans les délais : le {due}.",
        "Right exercised: {right}. Last day to answer in time: {due}.",
    ),
    link="/droits/instruction",
    usual=Channel.MAIL,
    members=_REQUEST,
    reader=INSTRUCT,
)
REQUEST_LATE = notice_kind(
    "privacy.request-late",
    title=Text("Une demande est en retard", "A request is late"),
    text=Text(
        "Droit demandé : {right}. Le délai est dépassé depuis le {due} : répondez sans attendre.",
        "Right exercised: {right}. The delay has been over since {due}: answer without waiting.",
    ),
    link="/droits/instruction?etat=late",
    usual=Channel.MAIL,
    members=_REQUEST,
    reader=INSTRUCT,
)


def _own(code: str, fr: tuple[str, str], en: tuple[str, str]) -> NoticeKind:
    """What concerns one's own rights is told even while one's data are restricted."""
    return notice_kind(
        code,
        title=Text(fr[0], en[0]),
        text=Text(fr[1], en[1]),
        link=_OWN_LINK,
        usual=Channel.MAIL,
        members=_OWN,
        restricted_too=True,
    )


OWN_ASKED = _own(
    "privacy.own-asked",
    ("Une question sur votre demande", "Droit demandé : {right}. Des précisions vous sont demandées."),
    ("A question about your request", "Right exercised: {right}. You are asked for more."),
)
OWN_EXTENDED = _own(
    "privacy.own-extended",
    (
        "Le délai de votre demande est prolongé",
        "Droit demandé : {right}. La réponse peut prendre deux mois de plus ; lisez pourquoi.",
    ),
    (
        "The delay of your request was extended",
        "Right exercised: {right}. The answer may take two more months; read why.",
    ),
)
OWN_FILE = _own(
    "privacy.own-file",
    ("Vos données sont prêtes", "Droit demandé : {right}. Le fichier se télécharge une fois."),
    ("Your data are ready", "Right exercised: {right}. The file is downloaded once."),
)
OWN_CLOSED = _own(
    "privacy.own-closed",
    ("Votre demande a sa réponse", "Droit demandé : {right}. Lisez ce qui a été décidé."),
    ("Your request was answered", "Right exercised: {right}. Read what was decided."),
)
_MOVES = {"asked": OWN_ASKED, "extended": OWN_EXTENDED, "file": OWN_FILE}


def _tell(unit: Unit, kind: NoticeKind, heard: Heard) -> None:
    data: dict[str, Any] = {name: heard.data[name] for name in kind.members}
    for account in holders(unit, INSTRUCT):
        notify(unit, kind, account, heard.id.hex(), **data)


def _due(unit: Unit, heard: Heard) -> None:
    _tell(unit, REQUEST_LATE if heard.data["stage"] == "late" else REQUEST_DUE, heard)


def _tell_own(unit: Unit, kind: NoticeKind, heard: Heard) -> None:
    """Nobody is told who asked without an account: they have their link."""
    account = account_of(unit, asker(unit, heard.data["request"]))
    if account is not None:
        data: dict[str, Any] = {name: heard.data[name] for name in kind.members}
        notify(unit, kind, account, heard.id.hex(), **data)


def _closed(unit: Unit, heard: Heard) -> None:
    if heard.data["outcome"] != "withdrawn":
        _tell_own(unit, OWN_CLOSED, heard)


TELLERS = {
    RECEIVED_EVENT.code: lambda unit, heard: _tell(unit, REQUEST_RECEIVED, heard),
    DUE_EVENT.code: _due,
    MOVED_EVENT.code: lambda unit, heard: _tell_own(unit, _MOVES[heard.data["what"]], heard),
    CLOSED_EVENT.code: _closed,
}
