"""`socle doctor`: whether this installation can do what it should, and what to do where it cannot. It only looks."""

import os
import shutil
import sqlite3
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Literal

from cryptography import x509

from socle.app.backup.archive import moment_of, newest
from socle.app.manifests import house
from socle.app.migrate import pending, require_known
from socle.app.profile import check_profile, check_server, readable_by_others
from socle.app.schedules import troubles
from socle.app.tls_door import tls_context
from socle.kernel.clock import from_micros, micros, now
from socle.kernel.db import Database
from socle.kernel.errors import SocleError
from socle.kernel.keyring.settings import keyring_settings
from socle.kernel.manifest import Text, load_attribute
from socle.kernel.operation import operation
from socle.kernel.privacy.erasure import clears_at_once
from socle.kernel.schedules.runs import last_done
from socle.kernel.settings import settings

Level = Literal["ok", "warning", "error"]
_FREE_MIB = 500
_RENEWAL = timedelta(days=30)
# A day, and the time that the backup itself may take.
_BACKUP_EVERY = timedelta(hours=36)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: what was found, and what to do when it is not well."""

    level: Level
    what: Text
    found: str
    remedy: Text | None = None


def examine() -> list[Finding]:
    findings = [check() for check in (_python, _home, _space, _profile, _proxies, _tls, _backup, _database)]
    if not _is_unmade() and all(finding.level != "error" for finding in findings):
        schema = _schema()
        findings += [schema, *_server()]
        # The rest reads tables, which a database without its schema does not have.
        if schema.level == "ok":
            findings += [*clearing(), *_services(), _schedules()]
    return findings


def _python() -> Finding:
    return Finding(
        "ok", Text("Python", "Python"), f"{sys.version.split()[0]}, SQLite {sqlite3.sqlite_version}"
    )


def _home() -> Finding:
    home = settings().home
    what = Text("Dossier de données", "Data folder")
    if home.exists() and not os.access(home, os.W_OK):
        remedy = Text(
            "Rendez-le accessible en écriture, ou choisissez SOCLE_HOME.",
            "Make it writable, or set SOCLE_HOME.",
        )
        return Finding("error", what, f"{home}: lecture seule / read only", remedy)
    if shown := _shown_to_others(home):
        remedy = Text(
            "D’autres comptes de la machine peuvent lire\u00a0: «\u00a0chmod o-rwx\u00a0» suffit.",
            "Other accounts of the machine can read: “chmod o-rwx” is enough.",
        )
        return Finding("warning", what, shown, remedy)
    return Finding("ok", what, str(home))


def _shown_to_others(home: Path) -> str:
    """The data folder, and an SQLite file that is elsewhere, as far as other accounts may read them."""
    _, sqlite, path = settings().database_url.partition("sqlite:///")
    places = [home, *([Path(path)] if sqlite and Path(path).parent != home else [])]
    return ", ".join(str(place) for place in places if readable_by_others(place))


def _space() -> Finding:
    place = next(parent for parent in (settings().home, *settings().home.parents) if parent.exists())
    free = shutil.disk_usage(place).free // 2**20
    what = Text("Place libre", "Free space")
    if free < _FREE_MIB:
        return Finding("warning", what, f"{free} Mio", Text("Libérez de la place.", "Free some space."))
    return Finding("ok", what, f"{free} Mio")


def _profile() -> Finding:
    what = Text("Profil", "Profile")
    try:
        check_profile(settings())
    except SocleError as unsafe:
        return _refused("error", what, unsafe)
    return Finding("ok", what, settings().profile)


def _proxies() -> Finding:
    """In production pages come through a proxy that ends TLS. One that is not listed is taken for everybody's machine:
    their failures to enter add up, and the trail knows one address."""
    what = Text("Mandataires", "Proxies")
    listed = operation().proxies
    if listed or not settings().production:
        return Finding("ok", what, listed or "aucun / none")
    remedy = Text(
        "Nommez dans SOCLE_PROXIES le mandataire qui termine TLS, même sur cette machine (127.0.0.1) : sans cela tous "
        "les visiteurs ont son adresse, et les erreurs de mot de passe de quelques-uns les bloquent tous.",
        "Name in SOCLE_PROXIES the proxy that ends TLS, even on this machine (127.0.0.1): otherwise all visitors have "
        "its address, and the wrong passwords of a few lock everybody out.",
    )
    return Finding("warning", what, "aucun / none", remedy)


def _refused(level: Level, what: Text, refusal: SocleError) -> Finding:
    """A refusal as a finding: its code, and its sentence as what to do."""
    return Finding(level, what, refusal.code, Text(refusal.sentence("fr"), refusal.sentence("en")))


def _server() -> list[Finding]:
    """In production: the role that serves, and the two clocks."""
    if not settings().production:
        return []
    what = Text("Rôle et horloge de la base", "Role and clock of the database")
    try:
        check_server(settings())
    except SocleError as unsafe:
        return [_refused("error", what, unsafe)]
    return [Finding("ok", what, "au moindre privilège / least privilege")]


def _tls() -> Finding:
    """Whether the TLS door can open, and for how long its certificate still counts."""
    what = Text("Porte TLS", "TLS door")
    chosen = operation()
    if not chosen.tls_port or chosen.tls_certificate is None:
        return Finding("ok", what, "non demandée / not asked for")
    try:
        tls_context(chosen)
    except SocleError as unusable:
        return _refused("error", what, unusable)
    certificate = x509.load_pem_x509_certificate(chosen.tls_certificate.read_bytes())
    ends = certificate.not_valid_after_utc
    if ends - now() < _RENEWAL:
        remedy = Text("Remplacez le certificat du serveur.", "Replace the server's certificate.")
        return Finding("warning" if ends > now() else "error", what, f"{ends:%Y-%m-%d}", remedy)
    return Finding("ok", what, f"{chosen.tls_port}, {ends:%Y-%m-%d}")


def _backup() -> Finding:
    what = Text("Dernière sauvegarde", "Last backup")
    found = newest(keyring_settings().followed)
    made = moment_of(found) if found else None
    told = f"{found.name}, {made:%Y-%m-%d %H:%M} UTC" if found else "aucune / none"
    if settings().production and (made is None or now() - made > _BACKUP_EVERY):
        remedy = Text(
            "Lancez «\u00a0socle backup\u00a0» chaque jour, vers un dossier qui n’est pas sur cette machine.",
            "Run “socle backup” every day, to a folder that is not on this machine.",
        )
        return Finding("warning", what, told, remedy)
    return Finding("ok", what, told)


def _is_unmade() -> bool:
    """Whether the SQLite file is not there yet: opening it would make it, and its folder."""
    _, sqlite, path = settings().database_url.partition("sqlite:///")
    return bool(sqlite) and not Path(path).exists()


def _database() -> Finding:
    what = Text("Base de données", "Database")
    url = settings().database_url
    if _is_unmade():
        remedy = Text(
            "« socle up » la crée et y charge la démonstration ; « socle migrate » la crée vide.",
            "“socle up” makes it and loads the demonstration; “socle migrate” makes it empty.",
        )
        return Finding("warning", what, "pas encore créée / not made yet", remedy)
    try:
        db = Database(url)
        try:
            with db.reading() as session:
                session.fetch_one("SELECT 1")
        finally:
            db.close()
    except Exception as failure:
        remedy = Text(
            "Vérifiez SOCLE_DATABASE et que le serveur répond.",
            "Check SOCLE_DATABASE and that the server answers.",
        )
        return Finding("error", what, type(failure).__name__, remedy)
    return Finding("ok", what, db.engine)


def _schema() -> Finding:
    what = Text("Schéma", "Schema")
    try:
        require_known()
    except SocleError as newer:
        return _refused("error", what, newer)
    waiting = pending()
    if waiting:
        return Finding(
            "error", what, ", ".join(waiting), Text("Lancez « socle upgrade ».", "Run “socle upgrade”.")
        )
    return Finding("ok", what, "à jour / up to date")


def clearing() -> list[Finding]:
    """On PostgreSQL before 17, whether the owner clears what the worker that erases may not."""
    what = Text("Place des clés effacées", "Room of erased keys")
    db = Database(settings().database_url)
    try:
        with db.reading() as session:
            if clears_at_once(session):
                return []
            cleared = last_done(session).get("privacy.scrub", 0)
    finally:
        db.close()
    if now() - from_micros(cleared) <= _BACKUP_EVERY:
        return [Finding("ok", what, "vidée chaque jour par le propriétaire / cleared daily by the owner")]
    remedy = Text(
        "Avant PostgreSQL 17, le rôle qui efface ne peut pas la vider : que le propriétaire lance chaque jour "
        "« socle schedule run », qui contient privacy.scrub.",
        "Before PostgreSQL 17 the role that erases may not clear it: have the owner run “socle schedule run” daily, "
        "which holds privacy.scrub.",
    )
    return [Finding("warning", what, "laissée à PostgreSQL / left to PostgreSQL", remedy)]


def _services() -> list[Finding]:
    """Each service's own health check, as its manifest names it: a callable `(db)` that gives one word when
    it cannot serve, and None when all is well."""
    db = Database(settings().database_url)
    try:
        return [
            _service(db, manifest.title, load_attribute(manifest.health))
            for manifest in house()
            if manifest.health
        ]
    finally:
        db.close()


def _schedules() -> Finding:
    """Jobs that failed, or that nobody has run in time."""
    what = Text("Travaux planifiés", "Scheduled jobs")
    db = Database(settings().database_url)
    try:
        with db.reading() as session:
            wrong = troubles(session, micros())
    finally:
        db.close()
    if not wrong:
        return Finding("ok", what, "à l’heure / on time")
    remedy = Text(
        "Voyez «\u00a0socle schedule list\u00a0»\u00a0; «\u00a0socle worker\u00a0» tourne-t-il, et l’horloge "
        "est-elle à l’heure\u00a0?",
        "See “socle schedule list”; is “socle worker” running, and is the clock right?",
    )
    return Finding("warning", what, ", ".join(wrong), remedy)


def _service(db: Database, title: Text, check: Callable[[Database], str | None]) -> Finding:
    try:
        unwell = check(db)
    except Exception as failure:
        return Finding("error", title, f"{type(failure).__name__}: {failure}")
    return Finding("warning", title, unwell) if unwell else Finding("ok", title, "en ordre / in order")
