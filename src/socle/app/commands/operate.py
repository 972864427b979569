"""`socle upgrade` and `socle database-roles`: what an operator does around the processes that serve."""

from pathlib import Path
from typing import Annotated

import typer

from socle.app.commands.progress import Progress
from socle.app.commands.support import opened, out
from socle.kernel.db import Database
from socle.kernel.settings import settings

app = typer.Typer(rich_markup_mode=None)


@app.command()
def upgrade(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Dire ce qui serait fait. / Say what would be done.")
    ] = False,
    sql: Annotated[
        bool, typer.Option("--sql", help="Écrire le SQL, sans rien faire. / Write the SQL, doing nothing.")
    ] = False,
    backup: Annotated[
        bool,
        typer.Option(
            "--backup/--no-backup", help="Sauvegarder les données d’abord. / Back the data up first."
        ),
    ] = True,
) -> None:
    """Mettre le schéma au niveau de cette version. / Bring the schema to this version."""
    from socle.app.migrate import pending, pending_sql, require_known
    from socle.app.profile import check_profile
    from socle.app.up import held_data_folder
    from socle.app.upgrade import upgrade as bring_up

    check_profile(settings())
    if dry_run or sql:
        require_known()
        for line in pending_sql() if sql else pending():
            out.print(line, soft_wrap=True, markup=False)
        return
    with held_data_folder():
        done = bring_up(_back_up if backup else None)
    if done.backup is not None:
        out.print(f"Sauvegarde / backup: {done.backup}", soft_wrap=True)
    out.print("\n".join(done.migrations) if done.migrations else "À jour. / Up to date.")


def _back_up(db: Database) -> Path:
    """Into the folder whose key file follows erasures."""
    from socle.app.backup.make import back_up
    from socle.kernel.keyring.settings import keyring_settings

    with Progress() as progress:
        return back_up(db, keyring_settings().followed, tell=progress.watch).path


@app.command("database-roles")
def database_roles(
    prefix: Annotated[
        str, typer.Option(help="Début du nom des rôles. / What the names of the roles begin with.")
    ] = "socle",
    apply: Annotated[
        bool, typer.Option("--apply", help="L’exécuter, en administrateur. / Run it, as an administrator.")
    ] = False,
) -> None:
    """Écrire le SQL des rôles PostgreSQL au moindre privilège. / Write the SQL of least-privilege PostgreSQL roles."""
    from socle.app import database_roles as roles

    with opened() as db:
        if apply:
            count = roles.apply(db, prefix)
            out.print(f"{count} instructions exécutées. / {count} statements run.")
            return
        for statement in roles.written(db, prefix):
            out.print(f"{statement};", soft_wrap=True, markup=False)
