"""The manifest of notifications: the centre, the choices, and the mails that leave."""

from socle.kernel.access import PUBLIC
from socle.kernel.db import Database
from socle.kernel.manifest import (
    Counter,
    Job,
    LegalBasis,
    Listener,
    Manifest,
    Page,
    PersonalData,
    Processing,
    Retention,
    Standard,
    Text,
    Wing,
)
from socle.kernel.notify.actions import MAIL_ASKED
from socle.kernel.notify.roles import OWN_NOTICES
from socle.kernel.notify.settings import NotifySettings, notify_settings
from socle.kernel.notify.told import NOTICES, TELLERS
from socle.kernel.notify.told.operation import MAIL_LISTENER
from socle.kernel.schedules.when import Daily
from socle.kernel.settings import settings

_PACKAGE = "socle.kernel.notify"
_KEPT = Text("SOCLE_NOTIFY_KEEP_DAYS jours", "SOCLE_NOTIFY_KEEP_DAYS days")
_CHOSEN = Text("tant que le compte existe", "as long as the account exists")
_PURPOSE = Text(
    "prévenir chacun de ce qui le concerne, comme il l’a choisi",
    "to tell people what concerns them, as they chose",
)
_PARKED = "SELECT count(*) FROM outbox_delivery WHERE state = 'parked' AND listener = ?1"


def unwell(db: Database) -> str | None:
    """`mail-parked` when mails wait for the operator, `mail-no-relay` in a production that sends none, None when all is
    well."""
    with db.reading() as session:
        row = session.fetch_one(_PARKED, MAIL_LISTENER)
    if row and row[0]:
        return "mail-parked"
    return "mail-no-relay" if settings().production and not notify_settings().mail_relay else None


MANIFEST = Manifest(
    name="notify",
    wing=Wing.GROUND,
    title=Text("Notifications", "Notifications"),
    subtitle=Text("ce qui vous attend, ici et par courriel", "what waits for you, here and by mail"),
    system="",
    standards=(
        Standard("SMTP", "RFC 5321", "https://www.rfc-editor.org/rfc/rfc5321"),
        Standard("Internet Message Format", "RFC 5322", "https://www.rfc-editor.org/rfc/rfc5322"),
        Standard("One-Click Unsubscribe", "RFC 8058", "https://www.rfc-editor.org/rfc/rfc8058"),
        Standard("Auto-Submitted", "RFC 3834", "https://www.rfc-editor.org/rfc/rfc3834"),
    ),
    pages=(
        Page(
            "notifications",
            "notifications",
            f"{_PACKAGE}.doors.centre:centre",
            Text("Notifications", "Notifications"),
            OWN_NOTICES,
            methods=("GET", "POST"),
        ),
        Page(
            "notifications/preferences",
            "notification-preferences",
            f"{_PACKAGE}.doors.choosing:preferences",
            Text("Ce qui m’est envoyé", "What is sent to me"),
            OWN_NOTICES,
            methods=("GET", "POST"),
        ),
        Page(
            "notifications/desabonnement",
            "unsubscribe",
            f"{_PACKAGE}.doors.choosing:unsubscribe",
            Text("Ne plus recevoir ces courriels", "Stop these mails"),
            PUBLIC,
            methods=("GET", "POST"),
        ),
    ),
    events=(MAIL_ASKED.code,),
    notices=NOTICES,
    listeners=(
        Listener("notify", tuple(TELLERS), f"{_PACKAGE}.told:hear"),
        Listener(MAIL_LISTENER, (MAIL_ASKED.code,), f"{_PACKAGE}.acts.sending:deliver", outside=True),
    ),
    settings=NotifySettings,
    personal_data=(
        PersonalData(
            "notify_notification.account, notify_notification.data, notify_notification.cause",
            Text("ce dont une personne a été prévenue, en codes", "what a person was told, in codes"),
            _PURPOSE,
            _KEPT,
        ),
        PersonalData(
            "notify_preference.account, notify_preference.channel, notify_reader.account, notify_reader.lang",
            Text(
                "comment elle veut être prévenue, et dans quelle langue",
                "how they want to be told, and in which language",
            ),
            _PURPOSE,
            _CHOSEN,
        ),
        PersonalData(
            "notify_mail.account, notify_mail.sealed",
            Text(
                "les courriels demandés et leur sort ; le lien d’une invitation, scellé jusqu’au départ",
                "the mails asked for and what became of them; the link of an invitation, sealed until it leaves",
            ),
            _PURPOSE,
            _KEPT,
        ),
    ),
    processing=Processing(
        LegalBasis.LEGAL_OBLIGATION,
        Text(
            "prévenir d’un accès inhabituel et de ce qui attend une décision (RGPD art. 32)",
            "to tell of an unusual access and of what waits for a decision (GDPR art. 32)",
        ),
        Text(
            "la personne elle-même ; le relais de messagerie voit son adresse et le texte du courriel",
            "the person alone; the mail relay sees their address and the text of the mail",
        ),
    ),
    impersonal=(
        "notify_notification.id",
        "notify_notification.kind",
        "notify_notification.mail",
        "notify_preference.kind",
        "notify_mail.id",
        "notify_mail.purpose",
        "notify_mail.state",
    ),
    retention=(
        Retention(
            "notices",
            Text(
                "notifications et courriels de plus de SOCLE_NOTIFY_KEEP_DAYS jours",
                "notifications and mails older than SOCLE_NOTIFY_KEEP_DAYS days",
            ),
            f"{_PACKAGE}.privacy:forget_notices",
        ),
        Retention(
            "choices",
            Text("choix de comptes qui n’existent plus", "choices of accounts that no longer exist"),
            f"{_PACKAGE}.privacy:forget_choices",
        ),
    ),
    jobs=(
        Job(
            "remind",
            Text(
                "rappeler les délégations et les revues qui se terminent",
                "remind people of delegations and reviews that end",
            ),
            Daily(7),
            f"{_PACKAGE}.daily:remind",
        ),
        Job(
            "digest",
            Text("envoyer le courriel du jour", "send the mail of the day"),
            Daily(7, 30),
            f"{_PACKAGE}.daily:send_digests",
        ),
    ),
    export=f"{_PACKAGE}.privacy:export",
    erase=f"{_PACKAGE}.privacy:erase",
    counters=(
        Counter(Text("courriels envoyés", "mails sent"), f"{_PACKAGE}.mails:sent"),
        Counter(Text("courriels en attente", "mails waiting"), f"{_PACKAGE}.mails:waiting"),
    ),
    health=f"{_PACKAGE}.manifest:unwell",
    django_app=_PACKAGE,
    order=910,
)
