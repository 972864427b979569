"""Handing mails to the relay: outside of any unit, then what became of it written down.

The relay may take a mail whose success was never written down, when the process dies in between: it is sent again under
the same Message-ID, by which a mailbox tells a repetition.
"""

from email.message import EmailMessage
from urllib.parse import urlsplit

from socle.kernel.accounts.personal import read_email, subject_of
from socle.kernel.actors import BY_SYSTEM, Acting
from socle.kernel.audit.actions import Action, Outcome
from socle.kernel.audit.entry import Entry
from socle.kernel.clock import micros
from socle.kernel.db import Database, Unit
from socle.kernel.errors import SocleError
from socle.kernel.keyring.faults import ERASED
from socle.kernel.notify.actions import REFUSED, SENT, TRIED
from socle.kernel.notify.acts.notifying import new_id
from socle.kernel.notify.faults import NO_RELAY
from socle.kernel.notify.letters import trial, written
from socle.kernel.notify.mail.relay import Answer, send
from socle.kernel.notify.mails import Mail, MailState, mail
from socle.kernel.notify.settings import notify_settings
from socle.kernel.outbox.heard import Heard, Hopeless
from socle.kernel.settings import settings
from socle.kernel.work import record

_DONE = "UPDATE notify_mail SET state = ?2, status = ?3, done = ?4, sealed = {sealed} WHERE id = ?1"


def deliver(db: Database, heard: Heard) -> None:
    """The handler of the listener `mail`: one mail, to one person.

    Raises SocleError: NO_RELAY, RELAY_UNREACHABLE, MAIL_DEFERRED, which are tried again; Hopeless: MAIL_REFUSED.
    """
    with db.reading() as session:
        known = mail(session, heard.data["mail"])
        if known is None or known.state is MailState.SENT:
            return
        try:
            ready = written(session, known)
        except SocleError as gone:
            if gone.kind is not ERASED:
                raise
            return
    if ready is None:
        with db.unit() as unit:
            unit.execute(_DONE.format(sealed="NULL"), known.id, MailState.DROPPED.value, 0, micros())
        return
    try:
        answer = _hand_over(*ready)
    except Hopeless as refusal:
        with db.unit() as unit:
            _refused(unit, known, int(refusal.data["status"]))
        raise
    with db.unit() as unit:
        _sent(unit, known, answer.status)


def send_trial(db: Database, by: Acting, address: str) -> str:
    """Send a trial mail at once; what the relay answered, code and text. It is in the trail without the address.

    Raises SocleError: NO_RELAY, EMAIL_NOT_READ, and what `send` raises.
    """
    to, id = read_email(address), new_id()
    if notify_settings().relay is None:
        raise SocleError(NO_RELAY)
    outcome = Outcome.REFUSED
    try:
        answer = _hand_over(to, trial(to, id=id, at=micros()))
        outcome = Outcome.SUCCESS
    finally:
        with db.unit() as unit:
            record(unit, Entry(TRIED, by, outcome, target=f"Mail/{id}"))
    return str(answer)


def _hand_over(to: str, message: EmailMessage) -> Answer:
    chosen = notify_settings()
    if chosen.relay is None:
        raise SocleError(NO_RELAY)
    own_name = urlsplit(settings().public_url).hostname or "localhost"
    return send(chosen.relay, message, sender=chosen.sender.addr_spec, to=to, own_name=own_name)


def _sent(unit: Unit, known: Mail, status: int) -> None:
    """What only the mail was to say is forgotten."""
    unit.execute(_DONE.format(sealed="NULL"), known.id, MailState.SENT.value, status, micros())
    _tell(unit, known, SENT, Outcome.SUCCESS, status)


def _refused(unit: Unit, known: Mail, status: int) -> None:
    """It may be tried again by an operator, and keeps what it has to say."""
    unit.execute(_DONE.format(sealed="sealed"), known.id, MailState.REFUSED.value, status, micros())
    _tell(unit, known, REFUSED, Outcome.REFUSED, status)


def _tell(unit: Unit, known: Mail, action: Action, outcome: Outcome, status: int) -> None:
    data = {"purpose": known.purpose.value, "status": status}
    subject = subject_of(known.account)
    record(unit, Entry(action, BY_SYSTEM, outcome, subject=subject, target=f"Mail/{known.id}", data=data))
