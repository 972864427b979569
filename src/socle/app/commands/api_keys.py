"""`socle admin api-key`, `api-keys`, `end-api-key`: the keys of programs."""

from datetime import datetime
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
    until: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Dernier jour où elle sert. / Last day on which it serves."),
    ] = None,
    a_second: Annotated[
        int | None,
        typer.Option(help="Appels par seconde, 0 sans limite. / Calls a second, 0 for no limit."),
    ] = None,
) -> None:
    """Créer une clé d’API ; elle n’est montrée qu’une fois. / Make an API key; it is shown once."""
    from socle.kernel.apikeys.acts import issue
    from socle.kernel.clock import end_of_day

    expires = end_of_day(until.date()) if until else None
    with opened() as db, db.unit() as unit:
        key, presented = issue(
            unit, BY_SYSTEM, service=service, label=label, a_second=a_second, expires=expires
        )
    out.print(f"{key.id}  {key.service}  {key.label}", soft_wrap=True, markup=False)
    out.print(f"ESANTE-API-KEY: {presented}", soft_wrap=True, markup=False)


def api_keys() -> None:
    """Lister les clés d’API. / List the API keys."""
    from socle.kernel.apikeys.keys import listed
    from socle.kernel.clock import micros

    shown = table(
        "clé · key", "service", "application", "créée · made", "appel · call", "fin · end", "état · state"
    )
    now = micros()
    with opened() as db, db.reading() as session:
        for one in listed(session):
            # What ends with a day is told by that day, not by the first moment after it.
            last = one.ended or (one.key.expires - 1 if one.key.expires else None)
            days = [_day(when) for when in (one.created, one.used, last)]
            state = "en service · in use" if one.is_open(now) else "fermée · ended"
            shown.add_row(one.key.id, one.key.service, one.key.label, *days, state)
    out.print(shown)


def _day(micros: int | None) -> str:
    return moment(micros).partition(" ")[0] if micros else "-"


def end_api_key(
    id: Annotated[str, typer.Argument(help="Identifiant de la clé. / Identifier of the key.")],
) -> None:
    """Fermer une clé d’API. / End an API key."""
    from socle.kernel.apikeys.acts import end

    with opened() as db, db.unit() as unit:
        end(unit, BY_SYSTEM, id)
    out.print("Fermée. / Ended.")


def register(app: typer.Typer) -> None:
    """Add these commands to a group."""
    app.command("api-key")(api_key)
    app.command("api-keys")(api_keys)
    app.command("end-api-key")(end_api_key)
