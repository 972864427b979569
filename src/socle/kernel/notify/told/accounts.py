"""What the holders of accounts are told: of their security, of their roles, of the yearly review."""

from typing import Any

from socle.kernel.accounts.actions import (
    FACTORS,
    INVITATION,
    LOCKOUTS,
    NEW_PASSWORD,
    REVIEW_BEGUN,
    ROLE_ENDED,
    ROLE_GIVEN,
    ROLE_LENT,
    UNUSUAL,
)
from socle.kernel.accounts.acts.invite import second_link
from socle.kernel.accounts.people import holders
from socle.kernel.accounts.personal import subject_of
from socle.kernel.accounts.roles import REVIEW
from socle.kernel.db import Unit
from socle.kernel.manifest import Text
from socle.kernel.notify.acts.notifying import new_id, notify, post
from socle.kernel.notify.kinds import Channel, NoticeKind, notice_kind, security_kind
from socle.kernel.notify.mails import Purpose, place
from socle.kernel.notify.settings import notify_settings
from socle.kernel.outbox.heard import Heard
from socle.kernel.sealing import seal

_IF_NOT_YOU_FR = (
    "Si ce n’est pas vous, changez de mot de passe et fermez les autres sessions depuis votre compte."
)
_IF_NOT_YOU_EN = "If it was not you, change your password and end the other sessions from your account."
_FACTOR = {"factor": "totp, passkey, recovery"}
_ROLE = {"role": "code of the role", "structure": "the structure that it is for, or empty"}


def _security(code: str, fr: tuple[str, str], en: tuple[str, str], **members: str) -> NoticeKind:
    """A kind whose text ends with what to do when it was somebody else."""
    text = Text(f"{fr[1]} {_IF_NOT_YOU_FR}", f"{en[1]} {_IF_NOT_YOU_EN}")
    return security_kind(code, title=Text(fr[0], en[0]), text=text, members=members)


NEW_DEVICE = _security(
    "security.new-device",
    (
        "Connexion depuis un nouvel appareil",
        "Votre compte a été ouvert depuis un navigateur que nous n’avions pas vu.",
    ),
    ("Signed in from a new device", "Your account was opened from a browser that we had not seen."),
)
AFTER_LOCKOUT = _security(
    "security.after-lockout",
    (
        "Connexion après un blocage",
        "Le bon secret a été donné juste après un blocage des essais de connexion.",
    ),
    (
        "Signed in after a lockout",
        "The right secret was given just after signing in had been blocked for a time.",
    ),
)
BLOCKED = _security(
    "security.blocked",
    (
        "Essais de connexion bloqués",
        "Trois fois aujourd’hui, trop d’essais ont bloqué la connexion à votre compte.",
    ),
    ("Signing in was blocked", "Three times today, too many attempts blocked signing in to your account."),
)
FACTOR_ADDED = _security(
    "security.factor-added",
    ("Second facteur ajouté", "Ajouté à votre compte : {factor}."),
    ("Second factor added", "Added to your account: {factor}."),
    **_FACTOR,
)
FACTOR_REMOVED = _security(
    "security.factor-removed",
    ("Second facteur retiré", "Retiré de votre compte : {factor}."),
    ("Second factor removed", "Removed from your account: {factor}."),
    **_FACTOR,
)
RECOVERY_USED = _security(
    "security.recovery-used",
    ("Code de secours utilisé", "L’un de vos codes de secours a ouvert votre compte ; il ne servira plus."),
    ("Recovery code used", "One of your recovery codes opened your account; it will not work again."),
)
PASSWORD_CHANGED = _security(
    "security.password-changed",
    ("Mot de passe changé", "Le mot de passe de votre compte a changé, et vos autres sessions sont fermées."),
    ("Password changed", "The password of your account was changed, and your other sessions were ended."),
)
ROLE_RECEIVED = notice_kind(
    "role.received",
    title=Text("Un rôle vous est confié", "You were given a role"),
    text=Text("Vous tenez maintenant le rôle « {role} »{place}.", "You now hold the role “{role}”{place}."),
    link="/compte",
    usual=Channel.MAIL,
    members=_ROLE,
)
ROLE_WITHDRAWN = notice_kind(
    "role.withdrawn",
    title=Text("Un rôle a pris fin", "A role ended"),
    text=Text(
        "Vous ne tenez plus le rôle « {role} »{place} : {reason}.",
        "You no longer hold the role “{role}”{place}: {reason}.",
    ),
    link="/compte",
    usual=Channel.MAIL,
    members={**_ROLE, "reason": "revoked, leaver, delegation-ended, unconfirmed"},
)
DELEGATED = notice_kind(
    "role.delegation-received",
    title=Text("Un rôle vous est délégué", "A role was delegated to you"),
    text=Text(
        "Vous tenez le rôle « {role} »{place} jusqu’au {until} compris.",
        "You hold the role “{role}”{place} up to and including {until}.",
    ),
    link="/compte",
    usual=Channel.MAIL,
    members={**_ROLE, "until": "the last day, ISO 8601"},
)
DELEGATION_ENDING = notice_kind(
    "role.delegation-ending",
    title=Text("Une délégation se termine bientôt", "A delegation ends soon"),
    text=Text(
        "Le rôle « {role} »{place} n’est délégué que jusqu’au {until} compris. Pour qu’il continue, "
        "la personne qui l’a délégué le délègue de nouveau.",
        "The role “{role}”{place} is delegated only up to and including {until}. To go on, whoever lent it delegates "
        "it again.",
    ),
    link="/compte",
    members={**_ROLE, "until": "the last day, ISO 8601"},
)
REVIEW_OPEN = notice_kind(
    "review.open",
    title=Text("La revue annuelle des rôles est ouverte", "The yearly review of roles is open"),
    text=Text(
        "Confirmez chaque rôle{place} avant la fin du {due} : ce que personne ne confirme prend fin.",
        "Confirm each role{place} before the end of {due}: what nobody confirms ends.",
    ),
    link="/comptes/revue",
    reader=REVIEW,
    usual=Channel.MAIL,
    members={"structure": "the structure, or empty", "due": "the last day, ISO 8601"},
)
REVIEW_DUE = notice_kind(
    "review.due",
    title=Text("La revue annuelle attend encore des réponses", "The yearly review still waits for answers"),
    text=Text(
        "Des rôles{place} ne sont pas confirmés. Ils prennent fin après le {due}.",
        "Some roles{place} are not confirmed. They end after {due}.",
    ),
    link="/comptes/revue",
    reader=REVIEW,
    usual=Channel.MAIL,
    members={"structure": "the structure, or empty", "due": "the last day, ISO 8601"},
)
REVIEW_TO_OPEN = notice_kind(
    "review.to-open",
    title=Text("Une revue annuelle des rôles est à ouvrir", "A yearly review of roles is to be opened"),
    text=Text(
        "Les rôles{place} n’ont pas été revus depuis un an : ouvrez la revue.",
        "The roles{place} have not been reviewed for a year: open the review.",
    ),
    link="/comptes/revue",
    reader=REVIEW,
    members={"structure": "the structure, or empty"},
)
_UNUSUAL = {"new-device": NEW_DEVICE, "after-lockout": AFTER_LOCKOUT}
_CHANGES = {"added": FACTOR_ADDED, "removed": FACTOR_REMOVED}


def _invited(unit: Unit, heard: Heard) -> None:
    """The invitation by mail, with a link of its own. Without a relay its inviter hands over the one that was shown."""
    account = heard.data["account"]
    made = second_link(unit, account) if notify_settings().mail_relay else None
    if made is not None:
        mail = new_id()
        sealed = seal(unit, subject_of(account), place(mail), {"token": made.token})
        post(unit, mail, account, Purpose.INVITATION, sealed)


def _blocked(unit: Unit, heard: Heard) -> None:
    if heard.data["account"]:
        _tell(unit, BLOCKED, heard)


def _unusual(unit: Unit, heard: Heard) -> None:
    _tell(unit, _UNUSUAL[heard.data["why"]], heard)


def _factors(unit: Unit, heard: Heard) -> None:
    if heard.data["change"] == "used":
        _tell(unit, RECOVERY_USED, heard)
    else:
        _tell(unit, _CHANGES[heard.data["change"]], heard)


def _review_begun(unit: Unit, heard: Heard) -> None:
    structure, due = heard.data["structure"], heard.data["due"]
    for account in holders(unit, REVIEW, structure):
        notify(unit, REVIEW_OPEN, account, heard.id.hex(), structure=structure, due=due)


def _tell(unit: Unit, kind: NoticeKind, heard: Heard) -> None:
    """Whom the event is about, with those of its members that the kind names."""
    data: dict[str, Any] = {name: heard.data[name] for name in kind.members}
    notify(unit, kind, heard.data["account"], heard.id.hex(), **data)


TELLERS = {
    INVITATION.code: _invited,
    LOCKOUTS.code: _blocked,
    UNUSUAL.code: _unusual,
    FACTORS.code: _factors,
    NEW_PASSWORD.code: lambda unit, heard: _tell(unit, PASSWORD_CHANGED, heard),
    ROLE_GIVEN.code: lambda unit, heard: _tell(unit, ROLE_RECEIVED, heard),
    ROLE_LENT.code: lambda unit, heard: _tell(unit, DELEGATED, heard),
    ROLE_ENDED.code: lambda unit, heard: _tell(unit, ROLE_WITHDRAWN, heard),
    REVIEW_BEGUN.code: _review_begun,
}
