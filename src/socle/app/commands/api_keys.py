"""`socle admin api-key`, `api-keys`, `end-api-key`: the keys of programs."""

from typing import Annotated

import typer

from socle.app.commands.support import moment, opened, out, table
from socle.kernel.actors import BY_SYSTEM

Label = Annotated[str, typer.Argument(help="Nom de l’application. / Name of the application.")]


def api_key(
    label: Label,
    service: Annotated[
        str, typer.Option(help="Service que la clé ouvre. / Service that the key opens.")
    ] = "directory",
) -> None:
    """Créer une clé d’API ; elle n’est montrée qu’une fois. / Make an API key; it is shown once."""
    from socle.kernel.apikeys.keys import issue

    with opened() as db, db.unit() as unit:
        key, presented = issue(unit, BY_SYSTEM, service=service, label=label)
    out.print(f"{key.id}  {key.service}  {key.label}", soft_wrap=True, markup=False)
    out.print(f"ESANTE-API-KEY: {presented}", soft_wrap=True, markup=False)


def api_keys() -> None:
    """Lister les clés d’API. / List the API keys."""
    from socle.kernel.apikeys.keys import listed

    shown = table("clé · key", "service", "application", "créée · made", "fermée · ended")
    with opened() as db, db.reading() as session:
        for one in listed(session):
            ended = moment(one.ended) if one.ended else ""
            shown.add_row(one.key.id, one.key.service, one.key.label, moment(one.created), ended)
    out.print(shown)


def end_api_key(
    id: Annotated[str, typer.Argument(help="Identifiant de la clé. / Identifier of the key.")],
) -> None:
    """Fermer une clé d’API. / End an API key."""
    from socle.kernel.apikeys.keys import end

    with opened() as db, db.unit() as unit:
        end(unit, BY_SYSTEM, id)
    out.print("Fermée. / Ended.")


def register(app: typer.Typer) -> None:
    """Add these commands to a group."""
    app.command("api-key")(api_key)
    app.command("api-keys")(api_keys)
    app.command("end-api-key")(end_api_key)
