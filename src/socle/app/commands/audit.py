"""`socle audit`: the trail's sequencer, its verification, its heads and proofs."""

import json
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from socle.app.commands.progress import Progress
from socle.app.commands.support import AT_TERMINAL, moment, opened, out

if TYPE_CHECKING:
    from socle.kernel.audit.verification import Report
    from socle.kernel.db import Database

app = typer.Typer(
    help="Prouver ce qui a été fait. / Prove what was done.", no_args_is_help=True, rich_markup_mode=None
)
_SHOWN = 50
Held = Annotated[
    Path | None,
    typer.Option(exists=True, dir_okay=False, help="Tête gardée ailleurs. / A head kept elsewhere."),
]
AsJson = Annotated[bool, typer.Option("--json", help="En JSON. / As JSON.")]


@app.command()
def sequence() -> None:
    """Verser les entrées dans le journal, jusqu’à l’arrêt. / Move entries into the trail, until stopped."""
    import signal

    from socle.app.migrate import require_current, setup
    from socle.app.profile import check_server
    from socle.app.watching import start_logging
    from socle.kernel.audit.sequencer import Sequencer
    from socle.kernel.settings import settings

    check_server(settings())
    start_logging()
    setup()
    require_current()
    with opened() as db:
        sequencer = Sequencer(db)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: sequencer.stop())
        sequencer.run()


@app.command()
def verify(head: Held = None, as_json: AsJson = False) -> None:
    """Vérifier tout le journal ; code 1 au moindre écart. / Check the whole trail; exit code 1 on any finding."""
    from socle.app.manifests import effects
    from socle.kernel.audit.verification import verify as verify_trail

    with opened() as db, Progress() as progress:
        foreign = _note(head) if head else None
        report = verify_trail(
            db, foreign=foreign, progress=lambda d, t: progress.watch("audit", d, t), effects=effects()
        )
    if as_json:
        _print_json(report.as_json())
    else:
        _tell(report)
    raise typer.Exit(int(bool(report.findings)))


def _tell(report: "Report") -> None:
    for finding in report.findings[:_SHOWN]:
        out.print(f"✗ {finding.sentence('fr')} {finding.kind.means_fr}", soft_wrap=True, markup=False)
        out.print(f"  {finding.sentence('en')} {finding.kind.means_en}", soft_wrap=True, markup=False)
        out.print(f"  ({finding.kind.code})", style="dim")
    if (others := len(report.findings) - _SHOWN) > 0:
        out.print(f"… et {others} autres (--json). / … and {others} more (--json).")
    _tell_removals(report)
    if report.findings:
        return
    waiting, covered = report.waiting, f"{report.size:,}".replace(",", "\u202f")
    out.print(
        f"✓ {covered} entrées, {report.heads} têtes, {report.units} actes : rien n’a changé depuis leur signature.\n"
        f"  {report.size:,} entries, {report.heads} heads, {report.units} acts: nothing changed since the signatures.",
        soft_wrap=True,
    )
    if waiting.entries:
        out.print(
            f"  {waiting.entries} entrées attendent leur tête depuis {waiting.seconds:.1f} s. / "
            f"{waiting.entries} entries have waited {waiting.seconds:.1f} s for their head.",
            soft_wrap=True,
        )
    _tell_how_far(report)


def _tell_removals(report: "Report") -> None:
    """What is not there any more, and on whose word: only a person can say whether that was decided."""
    if (purge := report.purge) is not None and report.floor:
        day = moment(purge.before)
        out.print(
            f"  Retirées par une purge : entrées 0 à {report.floor - 1}, d’avant {day}, par {purge.by} ({purge.at}) ; "
            f"{report.entries} présentes sur {report.size}.\n"
            f"  Taken out by a purge: entries 0 to {report.floor - 1}, from before {day}, by {purge.by} ({purge.at}); "
            f"{report.entries} present of {report.size}.",
            soft_wrap=True,
            markup=False,
        )
    if report.unvouched:
        more = "…" if len(report.unvouched) > _SHOWN else ""
        shown = ", ".join(map(str, report.unvouched[:_SHOWN])) + more
        out.print(
            "! Purges et effacements crus sans preuve, d’une version antérieure ou sous une clé maîtresse que ce "
            f"processus n’a pas (SOCLE_SECRET_PREVIOUS) : entrées {shown}.\n"
            "  Purges and erasures believed without proof, made by an earlier version or under a master key that "
            f"this process does not hold (SOCLE_SECRET_PREVIOUS): entries {shown}.",
            soft_wrap=True,
            markup=False,
        )


def _tell_how_far(report: "Report") -> None:
    if report.vouched_to is None:
        out.print(
            "  Sans tête gardée ailleurs, ceci ne vaut que contre qui n’a pas la clé de signature : confiez à un tiers "
            "ce que donne « socle audit head », et vérifiez avec --head.\n"
            "  Without a head kept elsewhere, this holds only against who does not have the signing key: give what "
            "“socle audit head” prints to somebody else, and check with --head.",
            soft_wrap=True,
        )
        return
    out.print(
        f"  Jusqu’à l’entrée {report.vouched_to - 1}, prouvé par la tête gardée ailleurs ; après, par la clé de "
        f"signature seule.\n  Up to entry {report.vouched_to - 1}, proven by the head kept elsewhere; after that, by "
        "the signing key alone.",
        soft_wrap=True,
    )


@app.command()
def head() -> None:
    """Donner la dernière tête signée, à garder ailleurs. / Print the last signed head, to be kept elsewhere."""
    from socle.kernel.audit.proofs import covering_head

    with opened() as db, db.reading() as session:
        sys.stdout.write(covering_head(session).checkpoint)


@app.command()
def prove(
    position: Annotated[
        int | None, typer.Argument(min=0, help="Position de l’entrée. / Position of the entry.")
    ] = None,
    unit: Annotated[
        str, typer.Option(help="Toutes les entrées d’un acte. / All the entries of one act.")
    ] = "",
    since: Held = None,
) -> None:
    """Prouver une entrée, un acte, ou la suite d’une tête. / Prove an entry, an act, or what follows a head."""
    from socle.kernel.audit import proofs
    from socle.kernel.audit.heads import read_note

    if [position is not None, bool(unit), since is not None].count(True) != 1:
        raise typer.BadParameter("POSITION, --unit ou/or --since")
    with opened() as db, db.snapshot() as session:
        if since is not None:
            _print_json(proofs.prove_since(session, read_note(_note(since))))
        elif position is not None:
            _print_json(proofs.prove_entry(session, position))
        else:
            _print_json(proofs.prove_unit(session, unit))


@app.command()
def export(
    file: Annotated[Path, typer.Argument(dir_okay=False, help="Fichier à écrire. / File to write.")],
) -> None:
    """Écrire le journal en lignes JSON, sans détail scellé. / Write the trail as JSON lines, without sealed details."""
    from socle.kernel.audit.export import export_lines

    partial = file.with_name(f"{file.name}.part")
    with opened() as db, db.snapshot() as session, Progress() as progress:
        with partial.open("wb") as written:
            written.writelines(export_lines(session, lambda d, t: progress.watch("audit", d, t)))
        partial.replace(file)
    out.print(f"{file}\n    python docs/verify_trail.py {file}", soft_wrap=True)


@app.command()
def purge(
    before: Annotated[str, typer.Option(help="Jour, AAAA-MM-JJ (UTC). / Day, YYYY-MM-DD (UTC).")],
    confirm: Annotated[
        bool, typer.Option("--confirm", help="Retirer pour de bon. / Remove for good.")
    ] = False,
) -> None:
    """Retirer les entrées d’avant un jour ; leurs feuilles restent. / Remove entries before a day; leaves stay."""
    from datetime import UTC, datetime, time

    from socle.kernel.audit.entry import micros_of
    from socle.kernel.audit.retention import purge as purge_trail

    try:
        day = micros_of(datetime.combine(date.fromisoformat(before), time(), UTC).isoformat())
    except ValueError:
        raise typer.BadParameter(f"{before}: AAAA-MM-JJ / YYYY-MM-DD") from None
    with opened() as db:
        if not confirm:
            _tell_purge(db, day)
            raise typer.Exit(2)
        with db.unit() as unit:
            removed = purge_trail(unit, day, AT_TERMINAL)
    out.print(f"{removed} entrées retirées. / {removed} entries removed.")


def _tell_purge(db: "Database", before: int) -> None:
    """What would go, and whether the installation's own setting would keep it."""
    from socle.kernel.audit.retention import kept_since, old_entries

    with db.snapshot() as session:
        old = old_entries(session, before)
    kept = kept_since()
    if old is None:
        out.print("Rien à retirer. / Nothing to remove.")
        return
    out.print(
        f"Seraient retirées : {old.entries} entrées, de {old.first} à {old.size - 1}, d’avant {moment(old.before)}.\n"
        f"Would be removed: {old.entries} entries, {old.first} to {old.size - 1}, from before {moment(old.before)}.",
        soft_wrap=True,
    )
    if kept is None or before > kept:
        since = "tout / everything" if kept is None else moment(kept)
        out.print(f"SOCLE_AUDIT_KEEP_MONTHS garde / keeps: {since}", soft_wrap=True)
    out.print("Rien n’est retiré sans --confirm. / Nothing is removed without --confirm.", soft_wrap=True)


def _note(file: Path) -> str:
    """The signed head that the file holds. Raises SocleError(NOT_A_HEAD)."""
    from socle.kernel.audit.faults import NOT_A_HEAD
    from socle.kernel.audit.heads import read_note
    from socle.kernel.errors import SocleError
    from socle.standards.signed_note import NoteFault

    try:
        note = file.read_text(encoding="utf-8")
        read_note(note)
    except (NoteFault, UnicodeDecodeError) as fault:
        raise SocleError(NOT_A_HEAD, file=file.name, reason=str(fault)) from None
    return note


def _print_json(document: Any) -> None:
    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2) + "\n")
