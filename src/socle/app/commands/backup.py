"""`socle backup`, `socle restore`."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from socle.app.commands.progress import Progress
from socle.app.commands.support import AT_TERMINAL, moment, opened, out, table

if TYPE_CHECKING:
    from socle.app.backup.restore import Ages, Restored

app = typer.Typer(rich_markup_mode=None)


@app.command()
def backup(
    folder: Annotated[
        Path | None,
        typer.Argument(
            file_okay=False, help="Dossier ; sinon SOCLE_BACKUP_FOLDER. / Folder; else SOCLE_BACKUP_FOLDER."
        ),
    ] = None,
    replace_damaged: Annotated[
        bool,
        typer.Option(
            "--replace-damaged",
            help="Remplacer un fichier des clés abîmé, gardé à côté. / Replace a damaged key file, kept beside.",
        ),
    ] = False,
) -> None:
    """Sauvegarder les données et les clés. / Back up the data and the keys."""
    from socle.app.backup.make import back_up
    from socle.kernel.keyring.settings import keyring_settings

    followed = keyring_settings().followed
    chosen = folder or followed
    with opened() as db, Progress() as progress:
        made = back_up(db, chosen, AT_TERMINAL, progress.watch, replace_damaged=replace_damaged)
    manifest = made.manifest
    out.print(str(made.path), soft_wrap=True)
    out.print(f"{manifest.rows} lignes, {len(manifest.tables)} tables / rows, tables")
    out.print(f"{made.envelopes} clés dans le fichier des clés / keys in the key file")
    if chosen.resolve() != followed.resolve():
        out.print(
            f"Les effacements suivent le fichier des clés de {followed} ; celui-ci ne les connaîtra qu’à sa prochaine "
            f"sauvegarde : réglez SOCLE_BACKUP_FOLDER.\nErasures follow the key file of {followed}; this one learns of "
            "them at its next backup only: set SOCLE_BACKUP_FOLDER.",
            soft_wrap=True,
        )


@app.command()
def restore(
    source: Annotated[
        Path,
        typer.Argument(
            exists=True, help="Dossier (la plus récente) ou fichier. / Folder (the newest) or file."
        ),
    ],
    replace: Annotated[
        bool,
        typer.Option("--replace", help="Remplacer ce que la base contient. / Replace what the base holds."),
    ] = False,
) -> None:
    """Restaurer une sauvegarde, effacements compris. / Restore a backup, erasures included."""
    from socle.app.backup import archive, schema
    from socle.app.backup import restore as restoring
    from socle.app.commands.audit import verify
    from socle.app.migrate import migrate
    from socle.app.privacy import erasers

    path = archive.latest(source) if source.is_dir() else source
    with _alone(), opened() as db:
        migrate()
        with Progress() as progress:
            done = restoring.restore(
                db,
                path,
                align=schema.align,
                replace=replace,
                by=AT_TERMINAL,
                erasers=erasers(),
                tell=progress.watch,
                told=_tell_ages,
            )
        schema.catch_up()
    out.print(
        f"{done.manifest.rows} lignes, {len(done.manifest.tables)} tables, {done.envelopes} clés / "
        "rows, tables, keys: comptes et empreintes égaux / counts and hashes equal",
        soft_wrap=True,
    )
    if done.erasures:
        out.print(f"{done.erasures} effacements refaits. / {done.erasures} erasures made again.")
    _tell_reopened(done)
    verify()


@contextmanager
def _alone() -> Iterator[None]:
    """On SQLite, hold the data folder: no server may answer meanwhile. FileBusy when one does."""
    from socle.app.jobs import lock_path
    from socle.kernel.db import FileLock
    from socle.kernel.settings import settings

    if not settings().database_url.startswith("sqlite:"):
        yield
        return
    with FileLock(lock_path()):
        yield


def _tell_ages(ages: "Ages") -> None:
    shown = table("", "date · date")
    shown.add_row("données de la sauvegarde · data of the backup", moment(ages.data))
    shown.add_row("fichier des clés · key file", moment(ages.keys))
    if ages.last_act is not None:
        shown.add_row("dernier acte de la base · last act of the database", moment(ages.last_act))
    out.print(shown)
    if ages.lost:
        out.print(
            "La base contient des actes plus récents que la sauvegarde. / "
            "The database holds newer acts than the backup.",
            soft_wrap=True,
        )
    if not ages.counted:
        out.print(
            "Attention : ce fichier des clés est d’une version qui ne comptait pas ses lignes. Si on en a retiré, rien "
            "ne le montre. / Warning: this key file is of a version that did not count its rows. If any were taken "
            "out, nothing shows it.",
            soft_wrap=True,
        )


def _tell_reopened(done: "Restored") -> None:
    closed, since = done.closed, moment(done.manifest.made)
    out.print(
        f"Fermées : {closed.sessions} sessions, {closed.invitations} invitations. / "
        f"Closed: {closed.sessions} sessions, {closed.invitations} invitations.",
        soft_wrap=True,
    )
    out.print(
        f"Revoyez les rôles, les comptes, les facteurs de connexion et les clés d’API : ce qui a été retiré ou changé "
        f"depuis le {since} est revenu.\nLook again at roles, accounts, factors and API keys: what was taken back or "
        f"changed since {since} has come back.",
        soft_wrap=True,
    )
