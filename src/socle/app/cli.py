"""The command line: `socle up`, `services`, `doctor`, `load`, `read`, `story`, `demo`."""

import json
import logging
import sys
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from socle import __version__
from socle.app.commands.progress import Progress
from socle.app.commands.support import err, out, table
from socle.app.jobs import Job, submit
from socle.kernel.db import FileBusy
from socle.kernel.errors import DISK_FULL, SocleError
from socle.kernel.full_disk import says_full
from socle.kernel.settings import settings

app = typer.Typer(
    name="socle",
    help="Les fondations du numérique en santé, chez vous. / The foundations of digital health, at home.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
)
load_app = typer.Typer(
    help="Charger des fichiers. / Load files.", no_args_is_help=True, rich_markup_mode=None
)
app.add_typer(load_app, name="load")
# Groups of commands, each in its own module, by the name they are called with. A group without one is no group: its
# commands stand beside the others.
COMMANDS: tuple[tuple[str, str], ...] = (
    ("", "socle.app.commands.operate"),
    ("", "socle.app.commands.worker"),
    ("audit", "socle.app.commands.audit"),
    ("keys", "socle.app.commands.keys"),
    ("certificates", "socle.app.commands.certificates"),
    ("outbox", "socle.app.commands.outbox"),
    ("webhooks", "socle.app.commands.webhooks"),
    ("", "socle.app.commands.backup"),
    ("privacy", "socle.app.commands.privacy"),
    ("admin", "socle.app.commands.admin"),
    ("directory", "socle.app.commands.directory"),
    ("notify", "socle.app.commands.notify"),
    ("schedule", "socle.app.commands.schedule"),
)
for _name, _module in COMMANDS:
    app.add_typer(import_module(_module).app, name=_name)
_FAULTS_SHOWN = 10
_INTERRUPTED = 130


def main() -> None:
    """Entry point; an expected refusal is two lines, never a traceback."""
    # What the driver says of a connection that an interruption broke is nothing a person can act on.
    logging.getLogger("psycopg").setLevel(logging.ERROR)
    try:
        # Outside its standalone mode typer gives back the code of an Exit instead of raising it, and so for Ctrl-C.
        code = app(standalone_mode=False)
    except SocleError as refusal:
        _tell_refusal(refusal.as_json())
        sys.exit(2)
    except FileBusy as busy:
        holder = f"{busy.holder or '?'} ({busy.path})"
        err.print(f"Le dossier de données est tenu par le processus {holder}.", soft_wrap=True)
        err.print(f"The data folder is held by process {holder}.", soft_wrap=True)
        sys.exit(2)
    except Exception as failure:
        show = getattr(failure, "show", None)
        if show is not None:
            show()
            sys.exit(getattr(failure, "exit_code", 1))
        if says_full(failure):
            _tell_refusal(SocleError(DISK_FULL).as_json())
            sys.exit(2)
        if type(failure).__name__ not in ("OperationalError", "PoolTimeout"):
            raise
        err.print(
            "La base de données ne répond pas, ou n’est pas prête ; voyez : socle doctor", soft_wrap=True
        )
        err.print("The database does not answer, or is not ready; see: socle doctor", soft_wrap=True)
        err.print(f"({str(failure).splitlines()[0]})", style="dim", soft_wrap=True, markup=False)
        sys.exit(1)
    if code == _INTERRUPTED:
        err.print("Interrompu ; l’état publié n’a pas changé.")
        err.print("Interrupted; the published state has not changed.")
    sys.exit(code)


def _tell_refusal(refusal: dict[str, Any]) -> None:
    # What was received stands in these sentences: its brackets are no style.
    err.print(refusal["detail_fr"], soft_wrap=True, markup=False)
    err.print(refusal["detail"], soft_wrap=True, markup=False)
    err.print(f"({refusal['title']} · {refusal['rule']})", style="dim", soft_wrap=True, markup=False)


@app.command()
def version() -> None:
    """Dire la version. / Say the version."""
    out.print(__version__)


@app.command()
def up(
    part: Annotated[
        Literal["all", "protocols", "portal", "tls"],
        typer.Option(help="Ce que ce processus sert. / What this process serves."),
    ] = "all",
    host: Annotated[str | None, typer.Option(help="Adresse d’écoute. / Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port d’écoute. / Port to listen on.")] = None,
) -> None:
    """Préparer les données, puis servir pages et protocoles. / Prepare the data, then serve pages and protocols."""
    from socle.app.banner import banner
    from socle.app.profile import check_profile
    from socle.app.tls_door import tls_context
    from socle.app.up import held_data_folder, prepare
    from socle.app.watching import every_setting
    from socle.kernel.operation import operation

    check_profile(settings())
    # Before anything is prepared: a setting that cannot be read, a door that cannot open are told at once.
    every_setting()
    tls_context(operation())
    with held_data_folder() as beside:
        with Progress() as progress:
            loaded = prepare(progress.tell)
        from socle.app.server import serve
        from socle.app.worker import beside_server

        if out.is_terminal or loaded:
            banner(out, loaded, host, port)
        serve(part, host, port, beside=[*beside, *beside_server()])


@app.command()
def migrate() -> None:
    """Mettre le schéma à jour. / Bring the schema up to date."""
    from socle.app.migrate import migrate as apply
    from socle.app.profile import check_profile

    check_profile(settings())
    applied = apply()
    out.print("\n".join(applied) if applied else "À jour. / Up to date.")


@app.command()
def services(
    as_json: Annotated[
        bool, typer.Option("--json", help="Comme /services.json. / As /services.json.")
    ] = False,
) -> None:
    """Lister services, adresses et fidélité. / List services, addresses and fidelity."""
    from socle.app.services import listed

    found = json.loads(listed().body)
    if as_json:
        sys.stdout.write(json.dumps(found, ensure_ascii=False, indent=2) + "\n")
        return
    shown = table("service", "adresse · address", "fidélité · fidelity")
    # An address that is copied from two lines is another address.
    shown.columns[1].no_wrap = True
    for service in found["services"]:
        for endpoint in service["endpoints"]:
            methods = " ".join(endpoint["methods"])
            shown.add_row(service["name"], f"{methods} {endpoint['path']}", endpoint["fidelity"])
        for page in service["pages"]:
            shown.add_row(service["name"], f"page {page['path']}", "")
    out.print(shown)


@app.command()
def doctor() -> None:
    """Vérifier l’installation. / Check the installation."""
    from socle.app.doctor import examine
    from socle.app.watching import every_setting

    every_setting()
    findings = examine()
    for finding in findings:
        mark = {"ok": "✓", "warning": "!", "error": "✗"}[finding.level]
        out.print(f"{mark} {finding.what.fr} / {finding.what.en}: {finding.found}", soft_wrap=True)
        if finding.remedy:
            out.print(f"    {finding.remedy.fr}\n    {finding.remedy.en}", soft_wrap=True)
    raise typer.Exit(int(any(finding.level == "error" for finding in findings)))


@load_app.command("directory")
def load_directory(
    files: Annotated[
        list[Path],
        typer.Argument(
            exists=True, dir_okay=False, help="Extractions officielles. / Official extraction files."
        ),
    ],
    delta: Annotated[
        bool, typer.Option("--delta", help="Ne dire que ce qui change. / Say only what changes.")
    ] = False,
    accept_deactivations: Annotated[
        int | None,
        typer.Option(
            help="Accepter exactement ce nombre de désactivations. / Accept exactly so many deactivations."
        ),
    ] = None,
) -> None:
    """Charger l’annuaire depuis ses fichiers officiels. / Load the directory from its official files."""
    absolute = [file.resolve() for file in files]
    job = Job(kind="directory", files=absolute, delta=delta, accept_deactivations=accept_deactivations)
    _show_report(_submitted(job))


@load_app.command("fhir")
def load_fhir(
    files: Annotated[
        list[Path],
        typer.Argument(exists=True, dir_okay=False, help="Ressources FHIR JSON. / FHIR JSON resources."),
    ],
    store: Annotated[
        Literal["directory-public", "directory-restricted"] | None,
        typer.Option(help="Entrepôt ; sinon selon le profil déclaré. / Store; else by the declared profile."),
    ] = None,
) -> None:
    """Charger des ressources FHIR telles quelles. / Load FHIR resources as they are."""
    event = _submitted(Job(kind="fhir", files=[file.resolve() for file in files], store=store))
    refused = 0
    for verdict in event["resources"]:
        refused += bool(verdict["faults"])
        _show_verdict(verdict)
    raise typer.Exit(1 if refused else 0)


def _show_verdict(verdict: dict[str, Any]) -> None:
    if not verdict["faults"]:
        for name, type_name, fid in verdict["taken"]:
            out.print(f"{verdict['file']}: {type_name}/{fid} → {name}", soft_wrap=True)
            out.print(f"    socle read {name} {type_name}/{fid}", style="dim", soft_wrap=True)
        return
    err.print(f"{verdict['file']}: refusé / refused", soft_wrap=True)
    for fault in verdict["faults"][:_FAULTS_SHOWN]:
        place = (
            f"ligne/line {fault['line']}, colonne/column {fault['column']}"
            if fault["line"]
            else fault["where"]
        )
        err.print(f"    {place}: {fault['received']} — {fault['rule']}", soft_wrap=True, markup=False)
        err.print(f"    {fault['fr']}\n    {fault['en']}", soft_wrap=True, markup=False)
    if (others := len(verdict["faults"]) - _FAULTS_SHOWN) > 0:
        err.print(f"    … et {others} de plus / and {others} more", soft_wrap=True)


@app.command()
def read(
    store: Annotated[
        Literal["directory-public", "directory-restricted"], typer.Argument(help="Entrepôt. / Store.")
    ],
    resource: Annotated[str, typer.Argument(help="Type/id")],
) -> None:
    """Relire une ressource d’un entrepôt. / Read a resource back from a store."""
    from socle.engines.fhirstore.faults import UNKNOWN_TYPE
    from socle.engines.fhirstore.read import read as read_steps
    from socle.engines.fhirstore.steps import drive
    from socle.foundations.directory.loading.resources import STORES
    from socle.kernel.db import Database

    type_name, _, fid = resource.partition("/")
    if type_name not in STORES[store].profiles:
        raise SocleError(UNKNOWN_TYPE, type=type_name, known=", ".join(STORES[store].profiles))
    db = Database(settings().database_url)
    try:
        with db.reading() as session:
            version = drive(session, read_steps(STORES[store], type_name, fid))
    finally:
        db.close()
    sys.stdout.buffer.write(version.body + b"\n")


@app.command()
def story(
    step: Annotated[int | None, typer.Argument(help="Numéro d’étape. / Number of the step.")] = None,
) -> None:
    """Faire la visite, une commande à la fois. / Walk through the house, one command at a time."""
    from socle.app.manifests import house
    from socle.app.plan import plan_of
    from socle.kernel.manifest import command

    for told in plan_of(house()).steps:
        if step not in (None, told.order):
            continue
        mark = "" if told.story else " (à venir / to come)"
        title = f"{told.order}. {told.title.fr} / {told.title.en}{mark}"
        out.print(title, style="bold" if told.story else "dim", soft_wrap=True)
        if told.story:
            base = settings().public_url
            out.print(f"   {told.story.tells.fr}\n   {told.story.tells.en}", soft_wrap=True, markup=False)
            out.print(f"   {base}{told.story.page}", soft_wrap=True, markup=False)
            typed = command(told.story.curl, base, demo=not settings().production)
            out.print(f"   {typed}", soft_wrap=True, markup=False)


@app.command()
def demo(
    folder: Annotated[Path, typer.Argument(help="Dossier où écrire. / Folder to write to.")],
    size: Annotated[
        Literal["village", "town", "department", "nation"], typer.Option(help="Taille. / Size.")
    ] = "town",
    delta: Annotated[
        bool,
        typer.Option(
            "--delta", help="Écrire aussi le lendemain et son delta. / Also the next day and its delta."
        ),
    ] = False,
    changes: Annotated[int, typer.Option(min=1, help="Changements du delta. / Changes in the delta.")] = 100,
) -> None:
    """Écrire les fichiers officiels d’un territoire fictif. / Write a fictional territory's official files."""
    from socle.foundations.directory.demo import SIZES, write_delta, write_territory

    folder.mkdir(parents=True, exist_ok=True)
    with Progress() as progress:

        def tell(done: int, total: int) -> None:
            progress.tell({"stage": size, "done": done, "total": total})

        written = write_territory(folder, SIZES[size], progress=tell)
        files = list(written.files)
        if delta:
            next_day = write_delta(folder, SIZES[size], changes=changes)
            files += [*next_day.full.files, *next_day.delta]
    for file in files:
        out.print(str(file), soft_wrap=True)


def _submitted(job: Job) -> dict[str, Any]:
    """Run a job with its progress shown; its last event, or exit 2 when it was refused."""
    from socle.app.migrate import migrate as apply
    from socle.app.profile import check_profile

    check_profile(settings())
    last: dict[str, Any] = {}
    with Progress() as progress:

        def hear(event: dict[str, Any]) -> None:
            last.clear()
            last.update(event)
            progress.tell(event)

        apply()
        submit(job, hear)
    if "refused" in last:
        _tell_refusal(last["refused"])
        raise typer.Exit(2)
    if not last or "stage" in last:
        err.print(
            "Le chargement s’est arrêté ; l’état publié n’a pas changé. / The load stopped; nothing changed."
        )
        raise typer.Exit(1)
    return last


def _show_report(event: dict[str, Any]) -> None:
    report = event["report"]
    shown = table("fichier\nfile", "lignes\nlines", "refusées\nrejected", "alertes\nwarnings")
    for file in report["files"]:
        wrong = ", ".join(f"{rule} {count}" for rule, count in file["rejected"].items()) or "0"
        warned = ", ".join(f"{rule} {count}" for rule, count in file["warnings"].items()) or "0"
        shown.add_row(file["file"], str(file["lines"]), wrong, warned)
        if file["rejects"]:
            err.print(
                f"{file['rejects']} : corrigez, puis / mend, then: socle load directory --delta FILE",
                soft_wrap=True,
            )
    out.print(shown)
    out.print(
        f"+{report['created']} ~{report['updated']} (dont inactives / now inactive: {report['deactivated']}) "
        f"={report['unchanged']} · "
        f"{report['seconds']:.1f} s · transaction {report['transaction']}"
    )
