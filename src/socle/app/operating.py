"""The operator's page: what `socle doctor` finds, what waits and for how long, how large things are, the last backup
and the last signed head, on one sheet."""

import re
import ssl
import sys
from datetime import datetime
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from socle import __version__
from socle.app.backup.archive import moment_of, newest
from socle.app.doctor import Finding, examine
from socle.app.operating_doors import doors
from socle.app.operating_schedules import schedules_table
from socle.kernel.audit.heads import last_head
from socle.kernel.audit.health import backlog
from socle.kernel.clock import from_micros, legal_zone, micros, now
from socle.kernel.db import Database, Session, database
from socle.kernel.keyring.settings import keyring_settings
from socle.kernel.operation import operation
from socle.kernel.outbox.queries import figures
from socle.kernel.settings import settings
from socle.kernel.web.durations import lasting
from socle.kernel.web.templatetags.components import Column, Table, figure, tag
from socle.kernel.web.views import by

_MIB = 1024 * 1024
_NONE = "—"
# The words in which services say that they cannot serve.
_TROUBLES = {
    "empty": gettext_lazy("vide, rien n’est encore chargé"),
    "sequencer-late": gettext_lazy("le séquenceur ne suit pas"),
    "mail-parked": gettext_lazy("des courriels sont bloqués, voyez les livraisons"),
    "mail-no-relay": gettext_lazy("aucun relais de messagerie, rien n’est envoyé"),
}
_REMARK = re.compile(r"\(([^()]+) / ([^()]+)\)")
_LARGEST = 8
_POSTGRESQL_SIZES = (
    "SELECT relname, pg_total_relation_size(oid) FROM pg_class "
    "WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace ORDER BY 2 DESC LIMIT ?1"
)


def page(request: HttpRequest) -> HttpResponse:
    lang = get_language() or "fr"
    db = database()
    findings = sorted(examine(), key=lambda one: _ORDER[one.level])
    with db.reading() as session:
        head = last_head(session)
        waiting = waiting_table(session)
        sizes = sizes_table(db, session)
        desks = doors(session, by(request))
        schedules = schedules_table(session)
    told = {
        "doors": desks,
        "findings": findings_table(findings, lang),
        "wrong": sum(one.level != "ok" for one in findings),
        "installation": installation_table(db),
        "waiting": waiting,
        "schedules": schedules,
        "sizes": sizes,
        "head": head,
        "head_at": _when(from_micros(head.at)) if head else "",
        "backup": backup_told(keyring_settings().followed),
    }
    response = render(request, "app/operating.html", told)
    response.headers["Cache-Control"] = "no-store"
    return response


_ORDER = {"error": 0, "warning": 1, "ok": 2}
_TONES = {
    "ok": ("good", gettext_lazy("en ordre")),
    "warning": ("warm", gettext_lazy("à surveiller")),
    "error": ("bad", gettext_lazy("à corriger")),
}


def findings_table(findings: list[Finding], lang: str) -> Table:
    rows = []
    for finding in findings:
        tone, word = _TONES[finding.level]
        rows.append((finding.what.of(lang), tag(str(word), tone), _told(finding, lang)))
    return Table(
        _("Ce qui a été examiné"), (Column(_("Quoi")), Column(_("État")), Column(_("Constat"))), rows
    )


def _told(finding: Finding, lang: str) -> str:
    found = _half(finding.found, lang)
    return f"{found}. {finding.remedy.of(lang)}" if finding.remedy else found


def _half(found: str, lang: str) -> str:
    """A finding, or a remark in it, says both languages with a slash between; the page keeps the reader's."""
    found = _REMARK.sub(lambda remark: f"({remark[1] if lang == 'fr' else remark[2]})", found)
    french, both, english = found.partition(" / ")
    if both:
        return french if lang == "fr" else english
    return str(_TROUBLES.get(found, found))


def installation_table(db: Database) -> Table:
    chosen, run = settings(), operation()
    door = str(run.tls_port) if run.tls_port else _("fermée")
    rows = [
        (_("Version"), f"Socle {__version__}, Python {sys.version.split()[0]}"),
        (_("Profil"), chosen.profile),
        (_("Base de données"), db.engine),
        (_("Adresse publique"), chosen.public_url),
        (_("Porte TLS"), f"{door} · {ssl.OPENSSL_VERSION}"),
        (_("Mandataires de confiance"), run.proxies or _("aucun")),
    ]
    return Table(_("Cette installation"), (Column(_("Quoi")), Column(_("Valeur"))), rows)


def waiting_table(session: Session) -> Table:
    trail, events = backlog(session), figures(session, micros())
    rows = [
        (_("Entrées de la trace à sceller"), trail.entries, lasting(trail.seconds) or _NONE),
        (_("Évènements à inscrire"), events.inbox, lasting(events.inbox_age) or _NONE),
        *(
            (
                _("Livraisons à « %(listener)s »") % {"listener": one.listener},
                one.ready + one.waiting + one.behind,
                lasting(one.age) or _NONE,
            )
            for one in events.listeners
        ),
        (_("Livraisons bloquées, qui attendent l’exploitant"), events.parked, _NONE),
    ]
    columns = (Column(_("Quoi")), Column(_("Combien"), numeric=True), Column(_("Depuis"), numeric=True))
    return Table(_("Files d’attente"), columns, rows)


def sizes_table(db: Database, session: Session) -> Table:
    """SQLite: the file and what is not yet written back into it. PostgreSQL: the database and its largest tables."""
    measured = (
        _file_sizes(Path(db.url.removeprefix("sqlite:///")))
        if db.engine == "sqlite"
        else _server_sizes(session)
    )
    rows = [(name, figure(round(size / _MIB, 1))) for name, size in measured]
    return Table(_("Espace utilisé"), (Column(_("Quoi")), Column(_("Mio"), numeric=True)), rows)


def _file_sizes(file: Path) -> list[tuple[str, int]]:
    beside = [file, file.with_name(f"{file.name}-wal")]
    return [(path.name, path.stat().st_size) for path in beside if path.exists()]


def _server_sizes(session: Session) -> list[tuple[str, int]]:
    whole = session.fetch_one("SELECT current_database(), pg_database_size(current_database())")
    assert whole is not None
    return [
        (str(whole[0]), int(whole[1])),
        *((str(n), int(s)) for n, s in session.fetch(_POSTGRESQL_SIZES, _LARGEST)),
    ]


def backup_told(folder: Path) -> dict[str, str] | None:
    """The newest data file of the folder that backups go to, in words; None when there is none."""
    found = newest(folder)
    if found is None:
        return None
    made = moment_of(found)
    return {
        "name": found.name,
        "at": _when(made),
        "age": lasting((now() - made).total_seconds()) or _("à l’instant"),
    }


def _when(moment: datetime) -> str:
    zone = legal_zone()
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M:%S} ({zone.key})"
