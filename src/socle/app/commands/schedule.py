"""`socle schedule`: the jobs that come back, what became of them, and running them by hand."""

from collections.abc import Mapping
from typing import Annotated

import typer

from socle.app.commands.support import AT_TERMINAL, moment, opened, out, table

app = typer.Typer(
    help="Suivre les travaux planifiés. / Follow the scheduled jobs.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
_SAID = {"running": "en cours / running", "done": "fait / done", "failed": "échoué / failed"}


@app.command("list")
def list_jobs() -> None:
    """Lister les travaux et leur dernier passage. / List the jobs and their last run."""
    from socle.app.schedules import followed, upcoming
    from socle.kernel.clock import micros

    at = micros()
    with opened() as db, db.reading() as session:
        found = followed(session, at)
    shown = table("travail\njob", "état\nstate", "dernier passage\nlast run", "prochain\nnext", "a fait\ndid")
    for one in found:
        job, run = one.job, one.last
        state = _SAID[run.outcome.value] if run else "jamais / never"
        overdue = "  EN RETARD · LATE" if one.late else ""
        overdue += "  DATÉ DU FUTUR · IN THE FUTURE" if one.ahead else ""
        did = (run.error or _figures(run.counts)) if run else ""
        shown.add_row(
            job.name, state + overdue, moment(run.started) if run else "-", moment(upcoming(job, at)), did
        )
    out.print(shown)


@app.command()
def run(
    name: Annotated[
        str,
        typer.Argument(
            help="Nom du travail ; sans nom, tout ce qui est dû. / Its name; without, what is due."
        ),
    ] = "",
) -> None:
    """Exécuter un travail, ou tout ce qui est dû. / Run a job, or everything that is due."""
    from socle.app.migrate import setup
    from socle.app.schedules import jobs
    from socle.kernel.schedules.runner import named_job, run_due, run_now
    from socle.kernel.schedules.runs import Outcome

    setup()
    known = jobs()
    with opened() as db:
        done = [run_now(db, named_job(known, name), AT_TERMINAL)] if name else run_due(db, known, AT_TERMINAL)
    for one in done:
        told = one.error or _figures(one.counts)
        out.print(f"{one.job}: {_SAID[one.outcome.value]}  {told}", soft_wrap=True, markup=False)
    if not done:
        out.print("Rien n’est dû. / Nothing is due.")
    if any(one.outcome is Outcome.FAILED for one in done):
        raise typer.Exit(1)


def _figures(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items())
