"""What each mail says, for the notification, the digest or the invitation that it was asked for. A mail says that
something waits and leads into the house; what it is about is read there, by who has signed in."""

from datetime import datetime
from email.message import EmailMessage

from socle.kernel.accounts.personal import person, subject_of
from socle.kernel.clock import from_micros, legal_zone
from socle.kernel.db import Session
from socle.kernel.manifest import Text
from socle.kernel.notify.kinds import CATALOGUE, Channel
from socle.kernel.notify.mail.letter import Letter, Passage, message
from socle.kernel.notify.mails import Mail, Purpose, place
from socle.kernel.notify.queries import Notice, language_of, of_mail
from socle.kernel.notify.settings import notify_settings
from socle.kernel.notify.unsubscribing import link
from socle.kernel.notify.wording import told
from socle.kernel.privacy.restriction import restricted_since
from socle.kernel.sealing import unseal
from socle.kernel.settings import settings

PREFERENCES = "/notifications/preferences"
_OPEN = Text("Ouvrir dans Socle", "Open in Socle")
_ACCEPT = Text("Ouvrir mon compte", "Open my account")
_INVITATION = Text("Votre invitation à Socle", "Your invitation to Socle")
_INVITED = Text(
    "Un gestionnaire des accès vous invite à ouvrir votre compte. Ce lien sert une fois ; ne le transmettez à "
    "personne. Si vous n’attendiez pas cette invitation, ne faites rien.",
    "An access manager invites you to open your account. This link works once; pass it on to nobody. If you did not "
    "expect this invitation, do nothing.",
)
_TRIAL = Text("Courriel d’essai de Socle", "Trial mail from Socle")
_TRIED = Text(
    "Le relais de messagerie de cette installation prend les courriels. Rien d’autre n’est à faire.",
    "The mail relay of this installation takes mails. There is nothing else to do.",
)


def written(session: Session, mail: Mail) -> tuple[str, EmailMessage] | None:
    """Address and mail, ready for the relay; None when there is nobody to write to any more, or nothing left to say.

    Raises SocleError(ERASED) for an invitation whose person was erased.
    """
    to = person(session, mail.account)
    lang = language_of(session, mail.account)
    letter = _letter(session, mail, lang) if to.email and to.state != "left" else None
    if letter is None:
        return None
    sender = notify_settings().sender
    return to.email, message(letter, id=mail.id, at=_moment(mail.at), sender=sender, to=to.email)


def trial(to: str, *, id: str, at: int) -> EmailMessage:
    """A mail in both languages that says that mails leave."""
    passages = [Passage(_TRIAL.of(lang), _TRIED.of(lang)) for lang in ("fr", "en")]
    letter = Letter("fr", _TRIAL.fr, passages, demonstration=not settings().production)
    return message(letter, id=id, at=_moment(at), sender=notify_settings().sender, to=to)


def _letter(session: Session, mail: Mail, lang: str) -> Letter | None:
    if mail.purpose is Purpose.INVITATION:
        return _invitation(session, mail, lang)
    found = _allowed(session, mail.account, of_mail(session, mail.id))
    if not found:
        return None
    passages = [_passage(one, lang) for one in found]
    subject = passages[0].title if len(passages) == 1 else _counted(len(passages), lang)
    return Letter(
        lang,
        subject,
        passages,
        preferences=settings().public_url + PREFERENCES,
        unsubscribe=_stop(mail, found),
        demonstration=not settings().production,
    )


def _invitation(session: Session, mail: Mail, lang: str) -> Letter:
    assert mail.sealed is not None, "an invitation is asked for with its link"
    token = unseal(session, subject_of(mail.account), place(mail.id), mail.sealed)["token"]
    address = f"{settings().public_url}/compte/invitation?jeton={token}"
    passage = Passage(_INVITATION.of(lang), _INVITED.of(lang), address, _ACCEPT.of(lang))
    return Letter(lang, _INVITATION.of(lang), [passage], demonstration=not settings().production)


def _allowed(session: Session, account: str, found: list[Notice]) -> list[Notice]:
    """Without what may not be mailed about any more: a person may have had their data restricted (GDPR art. 18) while
    the mail waited to leave."""
    if not restricted_since(session, subject_of(account)):
        return found
    return [one for one in found if one.kind in CATALOGUE and CATALOGUE[one.kind].told_always]


def _passage(notice: Notice, lang: str) -> Passage:
    said = told(notice.kind, notice.data, lang)
    return Passage(said.title, said.text, settings().public_url + said.link, _OPEN.of(lang))


def _stop(mail: Mail, found: list[Notice]) -> str:
    """The address that stops such mails; empty for what nobody turns off."""
    kinds = [one.kind for one in found if one.kind in CATALOGUE and not CATALOGUE[one.kind].security]
    channel = Channel.DIGEST if mail.purpose is Purpose.DIGEST else Channel.MAIL
    return settings().public_url + link(mail.account, channel, kinds) if kinds else ""


def _counted(number: int, lang: str) -> str:
    return f"Socle\u00a0: {number} notifications" if lang == "fr" else f"Socle: {number} notifications"


def _moment(micros: int) -> datetime:
    return from_micros(micros).astimezone(legal_zone())
