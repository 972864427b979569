"""`socle notify`: whether mails leave, and what goes out each day, by hand."""

from typing import Annotated

import typer

from socle.app.commands.support import AT_TERMINAL, opened, out

app = typer.Typer(
    help="Essayer et suivre les courriels. / Try and watch the mails.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command()
def test(
    address: Annotated[str, typer.Argument(help="Adresse de messagerie. / Mail address.")],
) -> None:
    """Envoyer un courriel d’essai. / Send a trial mail."""
    from socle.kernel.notify.acts.sending import send_trial

    with opened() as db:
        answer = send_trial(db, AT_TERMINAL, address)
    out.print(f"Le relais a répondu / the relay answered: {answer}", soft_wrap=True, markup=False)


@app.command()
def status() -> None:
    """Dire si des courriels partent, et combien attendent. / Say whether mails leave, and how many wait."""
    from socle.kernel.notify.mails import sent, waiting
    from socle.kernel.notify.settings import notify_settings

    chosen = notify_settings()
    relay = chosen.relay
    if relay is None:
        out.print(
            "Aucun relais (SOCLE_MAIL_RELAY) : rien ne part. / No relay (SOCLE_MAIL_RELAY): nothing leaves."
        )
    else:
        secure = "TLS" if relay.tls else "STARTTLS" if relay.starttls else "en clair / in clear"
        out.print(
            f"{relay.host}:{relay.port}, {secure}, {chosen.sender.addr_spec}", soft_wrap=True, markup=False
        )
    with opened() as db:
        counted = f"{waiting(db)} en attente / waiting · {sent(db)} envoyés / sent"
    out.print(counted, soft_wrap=True)
