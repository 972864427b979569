"""What those who hold the installation are told: of what stands still and waits for them."""

from socle.kernel.accounts.people import holders
from socle.kernel.clock import from_micros
from socle.kernel.db import Unit
from socle.kernel.manifest import Text
from socle.kernel.notify.acts.notifying import notify
from socle.kernel.notify.kinds import Channel, notice_kind
from socle.kernel.outbox.actions import PARKED
from socle.kernel.outbox.heard import Heard
from socle.kernel.outbox.roles import OPERATE as OPERATE_OUTBOX
from socle.kernel.schedules.acts import FAILED_EVENT
from socle.kernel.webhooks.actions import STOPPED
from socle.kernel.webhooks.roles import OPERATE as OPERATE_WEBHOOKS

MAIL_LISTENER = "mail"
"""The listener that hands mails to the relay: what it parks is not told by mail."""
DELIVERY_PARKED = notice_kind(
    "operation.delivery-parked",
    title=Text("Une livraison est bloquée", "A delivery is parked"),
    text=Text(
        "« {listener} » a échoué trop souvent : relancez la livraison, ou écartez-la. D’autres ont pu suivre ce "
        "jour-là.",
        "“{listener}” failed too often: try the delivery again, or set it aside. Others may have followed that day.",
    ),
    link="/exploitation/livraisons",
    usual=Channel.MAIL,
    members={"listener": "name of the listener"},
    reader=OPERATE_OUTBOX,
)
WEBHOOK_STOPPED = notice_kind(
    "operation.webhook-stopped",
    title=Text("Un webhook est suspendu", "A webhook is suspended"),
    text=Text(
        "Son abonné n’a pas reçu ce qui lui est envoyé : {problem}. Reprenez-le une fois la cause corrigée : il "
        "recevra ce qui a attendu.",
        "Its subscriber did not receive what is sent to it: {problem}. Resume it once the cause is mended: it will "
        "receive what waited.",
    ),
    link="/exploitation/webhooks",
    usual=Channel.MAIL,
    members={"problem": "what its last failure was"},
    reader=OPERATE_WEBHOOKS,
)

JOB_FAILED = notice_kind(
    "operation.job-failed",
    title=Text("Un travail planifié a échoué", "A scheduled job failed"),
    text=Text(
        "« {job} » n’a pas abouti. Un travail qui échoue est essayé trois fois ; si cela dure, corrigez la cause, "
        "puis relancez-le.",
        "“{job}” did not succeed. A job that fails is tried three times; if that lasts, mend the cause, then run it "
        "again.",
    ),
    link="/exploitation",
    usual=Channel.MAIL,
    members={"job": "name of the job"},
    reader=OPERATE_OUTBOX,
)


def _parked(unit: Unit, heard: Heard) -> None:
    """Once a day for each listener: what makes one delivery fail often makes a hundred."""
    listener = heard.data["listener"]
    cause = f"{listener}:{from_micros(heard.at).date()}"
    for account in holders(unit, OPERATE_OUTBOX):
        notify(unit, DELIVERY_PARKED, account, cause, mailed=listener != MAIL_LISTENER, listener=listener)


def _stopped(unit: Unit, heard: Heard) -> None:
    for account in holders(unit, OPERATE_WEBHOOKS):
        notify(unit, WEBHOOK_STOPPED, account, heard.id.hex(), problem=heard.data["reason"])


def _job_failed(unit: Unit, heard: Heard) -> None:
    """Once a day for each job: it is tried several times."""
    job = heard.data["job"]
    for account in holders(unit, OPERATE_OUTBOX):
        notify(unit, JOB_FAILED, account, f"{job}:{from_micros(heard.at).date()}", job=job)


TELLERS = {PARKED.code: _parked, STOPPED.code: _stopped, FAILED_EVENT.code: _job_failed}
