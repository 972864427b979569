"""`socle outbox`: what waits to be heard, and what an operator does about what is parked."""

from typing import Annotated, Literal

import typer

from socle.app.commands.support import AT_TERMINAL, moment, opened, out, table

app = typer.Typer(
    help="Suivre et débloquer les évènements. / Watch and unblock events.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
Listener = Annotated[str, typer.Argument(help="Nom de l’écouteur. / Name of the listener.")]
Sequence = Annotated[int, typer.Argument(help="Numéro de l’évènement. / Number of the event.")]


@app.command()
def status() -> None:
    """Dire ce qui attend, par écouteur. / Say what waits, by listener."""
    from socle.kernel.clock import micros
    from socle.kernel.outbox.queries import figures

    with opened() as db, db.reading() as session:
        told = figures(session, micros())
    out.print(
        f"{told.last} évènements annoncés / events announced · {told.inbox} à ranger / to be logged",
        soft_wrap=True,
    )
    shown = table(
        "écouteur\nlistener",
        "prêts\nready",
        "en attente\nwaiting",
        "derrière\nbehind",
        "bloqués\nparked",
        "écartés\nset aside",
        "âge (s)\nage (s)",
    )
    for one in told.listeners:
        counts = (one.ready, one.waiting, one.behind, one.parked, one.set_aside)
        shown.add_row(one.listener, *map(str, counts), f"{one.age:.0f}")
    out.print(shown)


@app.command()
def parked(
    state: Annotated[
        Literal["parked", "waiting", "set-aside"],
        typer.Option(help="Bloqués, en attente ou écartés. / Parked, waiting or set aside."),
    ] = "parked",
) -> None:
    """Lister les livraisons retenues. / List the deliveries that are held."""
    from socle.kernel.outbox.queries import Wanted, held
    from socle.kernel.outbox.states import State

    with opened() as db, db.reading() as session:
        found = held(session, Wanted(State(state)))
    shown = table(
        "écouteur\nlistener",
        "numéro\nnumber",
        "évènement\nevent",
        "file\nlane",
        "annoncé\nannounced",
        "essais\ntries",
        "derrière\nbehind",
        "erreur\nerror",
    )
    for one in found:
        numbers = (str(one.tries), str(one.behind))
        shown.add_row(
            one.listener, str(one.sequence), one.kind, one.lane, moment(one.at), *numbers, one.last_error
        )
    out.print(shown)


@app.command()
def retry(listener: Listener, sequence: Sequence) -> None:
    """Relancer une livraison retenue. / Try a held delivery again."""
    from socle.kernel.outbox import operate

    with opened() as db, db.unit() as unit:
        operate.retry(unit, AT_TERMINAL, listener, sequence)
    out.print("Relancée ; sa file la suit. / Tried again; its lane follows.")


@app.command("set-aside")
def set_aside(
    listener: Listener,
    sequence: Sequence,
    reason: Annotated[
        str, typer.Option(help="Raison, inscrite dans la trace. / Reason, written into the trail.")
    ],
) -> None:
    """Écarter une livraison retenue ; sa file repart. / Set a held delivery aside; its lane goes on."""
    from socle.kernel.outbox import operate

    with opened() as db, db.unit() as unit:
        operate.set_aside(unit, AT_TERMINAL, listener, sequence, reason)
    out.print("Écartée ; sa file repart. / Set aside; its lane goes on.")


@app.command("take-back")
def take_back(listener: Listener, sequence: Sequence) -> None:
    """Reprendre une livraison écartée, si sa file attend. / Take back what was set aside, if its lane waits."""
    from socle.kernel.outbox import operate

    with opened() as db, db.unit() as unit:
        operate.take_back(unit, AT_TERMINAL, listener, sequence)
    out.print("Bloquée de nouveau ; sa file attend. / Parked again; its lane waits.")
