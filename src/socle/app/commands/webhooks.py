"""`socle webhooks`: subscribers outside, and what is sent to them."""

from typing import TYPE_CHECKING, Annotated

import typer

from socle.app.commands.support import AT_TERMINAL, moment, opened, out, table

if TYPE_CHECKING:
    from socle.kernel.webhooks.outcome import Outcome

app = typer.Typer(
    help="Tenir les webhooks. / Keep the webhooks.", no_args_is_help=True, rich_markup_mode=None
)
Id = Annotated[str, typer.Argument(help="Identifiant du webhook. / Identifier of the webhook.")]


@app.command("list")
def list_webhooks() -> None:
    """Lister les webhooks et leur état. / List the webhooks and their state."""
    from socle.kernel.webhooks.hooks import hooks

    with opened() as db, db.reading() as session:
        found = hooks(session)
    shown = table(
        "webhook", "adresse\naddress", "état\nstate", "curseur\ncursor", "reçu\nreceived", "échecs\nfailures"
    )
    for one in found:
        state = f"{one.state} ({one.reason})" if one.reason else one.state.value
        received = moment(one.last_at) if one.last_at else "-"
        shown.add_row(one.id, one.url, state, str(one.cursor), received, str(one.failures))
    out.print(shown)


@app.command()
def add(
    url: Annotated[str, typer.Argument(help="Adresse https. / https address.")],
    kind: Annotated[
        list[str] | None,
        typer.Option(help="Code d’évènement, à répéter ; tous sinon. / Code of event, repeated; else all."),
    ] = None,
) -> None:
    """Créer un webhook ; son secret n’est montré qu’ici. / Create a webhook; its secret is shown here only."""
    from socle.app.manifests import house
    from socle.kernel.webhooks import acts

    announced = {event for manifest in house() for event in manifest.events}
    with opened() as db, db.unit() as unit:
        id, secret = acts.create(unit, AT_TERMINAL, url, kind or (), announced)
    out.print(f"{id}  {secret}", soft_wrap=True)
    out.print(f"    socle webhooks test {id}", style="dim")


@app.command()
def rotate(id: Id) -> None:
    """Changer le secret ; l’ancien signe encore un jour. / Change the secret; the old one signs for a day."""
    from socle.kernel.webhooks import acts

    with opened() as db, db.unit() as unit:
        secret = acts.rotate(unit, AT_TERMINAL, id)
    out.print(secret, soft_wrap=True)


@app.command()
def test(id: Id) -> None:
    """Envoyer un message d’essai, maintenant. / Send a test message, now."""
    from socle.kernel.webhooks.trial import send_trial

    with opened() as db:
        outcome = send_trial(db, AT_TERMINAL, id)
    out.print(_said(outcome), soft_wrap=True)
    raise typer.Exit(int(not outcome.received))


@app.command()
def suspend(id: Id) -> None:
    """Ne plus rien envoyer, jusqu’à la reprise. / Send nothing until it is resumed."""
    from socle.kernel.webhooks import acts

    with opened() as db, db.unit() as unit:
        acts.suspend(unit, AT_TERMINAL, id)
    out.print("Suspendu. / Suspended.")


@app.command()
def resume(
    id: Id,
    after: Annotated[
        int | None,
        typer.Option(help="Rejouer après cet évènement. / Send again everything after this event."),
    ] = None,
) -> None:
    """Reprendre l’envoi là où il en était. / Go on sending from where it was."""
    from socle.kernel.webhooks import acts

    with opened() as db, db.unit() as unit:
        acts.resume(unit, AT_TERMINAL, id)
        if after is not None:
            acts.replay(unit, AT_TERMINAL, id, after)
    out.print("Repris. / Resumed.")


@app.command()
def replay(
    id: Id,
    after: Annotated[
        int, typer.Argument(help="Numéro du dernier évènement à garder. / Number of the last event to keep.")
    ],
) -> None:
    """Envoyer à nouveau ce qui suit un évènement. / Send again what follows an event."""
    from socle.kernel.webhooks import acts

    with opened() as db, db.unit() as unit:
        acts.replay(unit, AT_TERMINAL, id, after)
    out.print(f"Rejoué après {after}. / Replayed after {after}.")


@app.command()
def delete(id: Id) -> None:
    """Oublier un abonné. / Forget a subscriber."""
    from socle.kernel.webhooks import acts

    with opened() as db, db.unit() as unit:
        acts.delete(unit, AT_TERMINAL, id)
    out.print("Supprimé. / Deleted.")


def _said(outcome: "Outcome") -> str:
    if outcome.received:
        return f"Reçu, réponse {outcome.status}. / Received, answer {outcome.status}."
    return f"Pas reçu\u00a0: {outcome.problem}. / Not received: {outcome.problem}."
