"""`socle privacy`: what persons ask, what is exported, erased, restricted and forgotten."""

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from socle.app.commands.support import AT_TERMINAL, opened, out, write_new
from socle.kernel.privacy.requests import Outcome, Request, Right

app = typer.Typer(
    help="Les droits des personnes. / The rights of persons.", no_args_is_help=True, rich_markup_mode=None
)
Subject = Annotated[
    str, typer.Argument(help="Identifiant interne, « record:… ». / Internal identifier, “record:…”.")
]
Id = Annotated[str, typer.Argument(help="Numéro de la demande. / Number of the request.")]


@app.command()
def requests() -> None:
    """Lister les demandes en attente. / List the requests that wait."""
    from socle.kernel.clock import business_date
    from socle.kernel.privacy.requests import Wanted, all_requests

    some = False
    with opened() as db:
        for found in all_requests(db, Wanted(business_date())):
            _show(found)
            some = True
    if not some:
        out.print("Aucune demande n’attend. / No request waits.")


@app.command()
def receive(
    kind: Annotated[Right, typer.Argument(help="Le droit exercé. / The right that is exercised.")],
    subject: Subject,
    received: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Jour de réception. / Day of reception."),
    ] = None,
    said: Annotated[str, typer.Option(help="Ce qui est demandé ; scellé. / What is asked; sealed.")] = "",
) -> None:
    """Enregistrer une demande ; son délai court. / Register a request; its delay runs."""
    from socle.kernel.privacy.acts.requests import give_link
    from socle.kernel.privacy.acts.requests import receive as act
    from socle.kernel.settings import settings

    with opened() as db, db.unit() as unit:
        day = received.date() if received else None
        request = act(unit, AT_TERMINAL, subject, kind, {"said": said} if said else None, day)
        made = give_link(unit, request)
    _show([request])
    out.print("Lien à remettre à la personne, montré une fois : / Link to hand to the person, shown once:")
    out.print(settings().public_url + made.path, soft_wrap=True, markup=False)


@app.command()
def extend(
    id: Id,
    reason: Annotated[
        str, typer.Argument(help="Pourquoi ; la personne en est informée. / Why; the person is told.")
    ],
) -> None:
    """Prolonger le délai de deux mois. / Extend the delay by two months."""
    from socle.kernel.privacy.acts.requests import extend as act

    with opened() as db, db.unit() as unit:
        request = act(unit, AT_TERMINAL, id, reason)
    _show([request])


@app.command()
def close(
    id: Id,
    outcome: Annotated[Outcome, typer.Argument(help="Issue de la demande. / How it ends.")],
    said: Annotated[
        str,
        typer.Option(help="La réponse, ou les motifs du refus ; scellés. / The answer, or why not; sealed."),
    ] = "",
    ground: Annotated[
        str,
        typer.Option(help="Motif juridique d’un refus. / The legal ground of a refusal."),
    ] = "",
) -> None:
    """Clore une demande ; un refus a un motif et des raisons. / Close a request; a refusal has a ground and reasons."""
    from socle.kernel.privacy.acts import requests as acts
    from socle.kernel.privacy.grounds import ground_for
    from socle.kernel.privacy.requests import find

    with opened() as db, db.unit() as unit:
        match outcome:
            case Outcome.REFUSED:
                law = ground_for(find(unit, id).kind, ground)
                request = acts.refuse(unit, AT_TERMINAL, id, law, said)
            case Outcome.ANSWERED:
                request = acts.answer(unit, AT_TERMINAL, id, said)
            case Outcome.WITHDRAWN:
                request = acts.withdraw(unit, AT_TERMINAL, id)
    _show([request])


@app.command()
def export(
    subject: Subject,
    file: Annotated[
        Path, typer.Argument(dir_okay=False, help="Fichier JSON à écrire. / JSON file to write.")
    ],
) -> None:
    """Écrire tout ce qui est tenu d’une personne. / Write all that is held of a person."""
    from socle.app.privacy import exported
    from socle.kernel.privacy.export import note_export

    with opened() as db:
        with db.snapshot() as session:
            held = exported(session, subject)
        with db.unit() as unit:
            note_export(unit, AT_TERMINAL, subject)
    text = json.dumps(held, ensure_ascii=False, indent=1) + "\n"
    write_new(file, text.encode())
    out.print(str(file), soft_wrap=True)


@app.command()
def erase(
    subject: Subject,
    confirm: Annotated[
        bool, typer.Option("--confirm", help="Effacer pour de bon. / Erase for good.")
    ] = False,
) -> None:
    """Effacer une personne : rien d’ici ne la rendra. / Erase a person: nothing here will bring it back."""
    from socle.app.privacy import erasers
    from socle.kernel.privacy.erasure import Reason
    from socle.kernel.privacy.erasure import erase as act

    if not confirm:
        out.print("Rien n’est effacé sans --confirm. / Nothing is erased without --confirm.", soft_wrap=True)
        raise typer.Exit(2)
    with opened() as db:
        act(db, subject, Reason.REQUEST, AT_TERMINAL, erasers())
    out.print(f"{subject}: effacé / erased", soft_wrap=True, markup=False)


@app.command()
def restrict(
    subject: Subject,
    lift: Annotated[bool, typer.Option("--lift", help="Lever le gel. / Lift the restriction.")] = False,
) -> None:
    """Geler les données d’une personne. / Restrict the processing of a person’s data."""
    from socle.kernel.privacy import restriction

    with opened() as db, db.unit() as unit:
        (restriction.lift if lift else restriction.restrict)(unit, AT_TERMINAL, subject)
        since = restriction.restricted_since(unit, subject)
    out.print(f"{subject}: {since.isoformat() if since else '-'}", soft_wrap=True, markup=False)


@app.command()
def retain() -> None:
    """Oublier ce dont la durée est passée. / Forget what is past its time."""
    from socle.app.privacy import retentions
    from socle.kernel.privacy.retention import apply

    with opened() as db:
        done = apply(db, retentions(), AT_TERMINAL)
    for rule, rows in done.items():
        out.print(f"{rule}: {rows} lignes / rows", soft_wrap=True)


def _show(found: list[Request]) -> None:
    from socle.kernel.clock import business_date

    today = business_date()
    for request in found:
        late = "EN RETARD · LATE" if request.late(today) else ""
        left = "" if late or request.closed else f"{request.days_left(today)} j · d"
        days = f"{request.received.isoformat()} → {request.due.isoformat()}"
        out.print(
            f"{request.id}  {request.kind.value}  {request.state.value}  {days}  {late or left}",
            soft_wrap=True,
        )
