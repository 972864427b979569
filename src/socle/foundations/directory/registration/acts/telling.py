"""Telling people what waits for them: the person by mail, the managers of the structure in their notifications."""

from typing import Final
from urllib.parse import urlsplit

from socle.foundations.directory.registration import announced, records
from socle.foundations.directory.registration.acts.person import follow_path, secrets_of
from socle.foundations.directory.registration.letters import letter_of
from socle.foundations.directory.registration.states import State
from socle.kernel.access import DIRECTORY_MANAGER, VALIDATE_ROLES
from socle.kernel.accounts import grants
from socle.kernel.clock import from_micros, legal_zone
from socle.kernel.db import Database, Unit
from socle.kernel.manifest import Text
from socle.kernel.notify.acts.notifying import notify
from socle.kernel.notify.kinds import Channel, notice_kind
from socle.kernel.notify.mail.letter import message
from socle.kernel.notify.mail.relay import send
from socle.kernel.notify.settings import notify_settings
from socle.kernel.outbox.heard import Heard
from socle.kernel.settings import settings

_DESK: Final = "/annuaire/enregistrements"
ROLE_WAITS: Final = notice_kind(
    "directory.role-waits",
    title=Text("Un rôle attend votre décision", "A role waits for your decision"),
    text=Text(
        "Une personne déclare travailler dans votre structure : vérifiez son identité, puis validez ou refusez.",
        "Somebody declares to work in your structure: verify their identity, then validate or refuse.",
    ),
    link=_DESK,
    usual=Channel.MAIL,
    reader=VALIDATE_ROLES,
)
TWIN_FOUND: Final = notice_kind(
    "directory.twin-found",
    title=Text("La même personne, deux fois ?", "The same person, twice?"),
    text=Text(
        "Les fichiers nationaux nomment quelqu’un qui est peut-être une personne que vous avez enregistrée.",
        "The national files name somebody who may be a person that you registered.",
    ),
    link=_DESK,
    usual=Channel.MAIL,
    reader=VALIDATE_ROLES,
)
_NOTICES: Final = {announced.TO_VALIDATE.code: ROLE_WAITS, announced.TWIN_FOUND.code: TWIN_FOUND}
NOTICES: Final = tuple(kind.code for kind in _NOTICES.values())
HEARD_OF: Final = tuple(_NOTICES)


def tell_managers(unit: Unit, heard: Heard) -> None:
    """The listener `registration-notices`: who manages the structure of the registration."""
    for grant in grants.of_structure(unit, heard.data["structure"]):
        if grant.role == DIRECTORY_MANAGER.code:
            notify(unit, _NOTICES[heard.kind], grant.account, heard.id.hex())


def post(db: Database, heard: Heard) -> None:
    """The listener `registration-mail`. Without a relay nothing is sent, and the person's page says so. A code that was
    replaced since is not sent; a repetition has the same Message-ID.

    Raises SocleError: RELAY_UNREACHABLE, MAIL_DEFERRED; Hopeless: MAIL_REFUSED.
    """
    chosen = notify_settings()
    if chosen.relay is None:
        return
    with db.reading() as session:
        one = records.by_id(session, heard.data["registration"])
        kept = secrets_of(session, one) if one is not None and one.person is not None else None
    if one is None or one.person is None or kept is None or not kept.token:
        return
    if heard.kind == announced.CODE_WANTED.code and (one.state is not State.DECLARED or not kept.code):
        return
    link = settings().public_url + follow_path(kept.token)
    letter = letter_of(heard.kind, code=kept.code, link=link, demonstration=not settings().production)
    at = from_micros(heard.at).astimezone(legal_zone())
    made = message(letter, id=heard.id.hex(), at=at, sender=chosen.sender, to=one.person.email)
    own_name = urlsplit(settings().public_url).hostname or "localhost"
    send(chosen.relay, made, sender=chosen.sender.addr_spec, to=one.person.email, own_name=own_name)
