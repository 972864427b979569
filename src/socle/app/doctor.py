"""`socle doctor`: whether this installation can do what it should, and what to do where it cannot."""

import os
import shutil
import sqlite3
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from socle.app.faults import UNSAFE_START
from socle.app.manifests import house
from socle.app.migrate import pending
from socle.app.profile import check_profile
from socle.kernel.db import Database
from socle.kernel.errors import SocleError
from socle.kernel.manifest import Text, load_attribute
from socle.kernel.settings import settings

Level = Literal["ok", "warning", "error"]
_FREE_MIB = 500


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: what was found, and what to do when it is not well."""

    level: Level
    what: Text
    found: str
    remedy: Text | None = None


def examine() -> list[Finding]:
    findings = [check() for check in (_python, _home, _space, _profile, _database)]
    if all(finding.level != "error" for finding in findings):
        findings.append(_schema())
        findings += _services()
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
    return Finding("ok", what, str(home))


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
        remedy = Text(unsafe.sentence("fr"), unsafe.sentence("en"))
        return Finding("error", what, UNSAFE_START.code, remedy)
    return Finding("ok", what, settings().profile)


def _database() -> Finding:
    what = Text("Base de données", "Database")
    url = settings().database_url
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
    waiting = pending()
    what = Text("Schéma", "Schema")
    if waiting:
        return Finding(
            "error", what, ", ".join(waiting), Text("Lancez « socle migrate ».", "Run “socle migrate”.")
        )
    return Finding("ok", what, "à jour / up to date")


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


def _service(db: Database, title: Text, check: Callable[[Database], str | None]) -> Finding:
    try:
        unwell = check(db)
    except Exception as failure:
        return Finding("error", title, f"{type(failure).__name__}: {failure}")
    return Finding("warning", title, unwell) if unwell else Finding("ok", title, "en état / well")
