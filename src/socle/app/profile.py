"""What a production installation must have before any part of it starts; each thing missing is named, with what would
pass."""

import re
import stat
from collections import Counter
from collections.abc import Iterator
from math import log2
from pathlib import Path

from socle.app.faults import UNSAFE_START
from socle.foundations.directory.settings import directory_settings
from socle.kernel.clock import micros
from socle.kernel.db import Database, Session
from socle.kernel.errors import SocleError
from socle.kernel.manifest import Text
from socle.kernel.operation import OperationSettings, operation
from socle.kernel.settings import Settings

SECRET_LENGTH = 32
# Of its characters: 16 random bytes in hexadecimal have 128 bits; a sentence or a repeated word far fewer.
SECRET_BITS = 64
CLOCK_SECONDS = 5
_MICROS = 1_000_000
_FOR_EXAMPLE = re.compile(
    r"change.?me|secret|password|example|0123456789abcdef$|azerty|qwerty", re.IGNORECASE
)


def check_profile(chosen: Settings) -> None:
    """Raises SocleError(UNSAFE_START) with everything that the settings of a production installation still lack."""
    if chosen.production:
        refuse(
            [
                *_secret(chosen),
                *_database(chosen),
                *_address(chosen, operation()),
                *_files(chosen, operation()),
                *_incidents(),
            ]
        )


def check_server(chosen: Settings) -> None:
    """The same for what only the database can say: under which role we are, whether both clocks agree, whether it was
    filled by a demonstration."""
    if not chosen.production:
        return
    db = Database(chosen.database_url)
    try:
        with db.reading() as session:
            refuse([*_role(session), *_clock(session), *_personas(session)])
    finally:
        db.close()


def refuse(found: list[Text]) -> None:
    if found:
        raise SocleError(
            UNSAFE_START,
            faults_fr="\u00a0; ".join(one.fr for one in found) + ".",
            faults_en="; ".join(one.en for one in found) + ".",
        )


def _secret(chosen: Settings) -> Iterator[Text]:
    if len(chosen.secret) < SECRET_LENGTH:
        yield Text(
            f"SOCLE_SECRET a moins de {SECRET_LENGTH} caractères",
            f"SOCLE_SECRET has fewer than {SECRET_LENGTH} characters",
        )
    elif bits(chosen.secret) < SECRET_BITS or _FOR_EXAMPLE.search(chosen.secret):
        yield Text(
            "SOCLE_SECRET n’est pas tiré au hasard\u00a0; prenez celui que donne «\u00a0openssl rand -hex 32\u00a0»",
            "SOCLE_SECRET is not drawn at random; take what “openssl rand -hex 32” gives",
        )


def bits(secret: str) -> float:
    """Shannon entropy of the secret's own characters: an upper bound of what somebody must guess."""
    length, counts = len(secret), Counter(secret)
    return -sum(count * log2(count / length) for count in counts.values())


def _database(chosen: Settings) -> Iterator[Text]:
    if chosen.database_url.startswith("sqlite:"):
        yield Text("SOCLE_DATABASE n’est pas PostgreSQL", "SOCLE_DATABASE is not PostgreSQL")


def _address(chosen: Settings, run: OperationSettings) -> Iterator[Text]:
    if not chosen.base_url.startswith("https://"):
        yield Text("SOCLE_BASE_URL n’est pas en https", "SOCLE_BASE_URL is not https")
    loopback = chosen.host in ("127.0.0.1", "::1", "localhost")
    if not loopback and not run.proxies:
        yield Text(
            f"SOCLE_HOST ({chosen.host}) ouvre à tous le port sans TLS\u00a0; nommez les mandataires dans "
            "SOCLE_PROXIES, ou écoutez sur 127.0.0.1",
            f"SOCLE_HOST ({chosen.host}) opens the port without TLS to all; name the proxies in SOCLE_PROXIES, or "
            "listen on 127.0.0.1",
        )


def _files(chosen: Settings, run: OperationSettings) -> Iterator[Text]:
    for path in (chosen.home / "socle.env", chosen.home / "secret.key", run.tls_key):
        if path is not None and readable_by_others(path):
            yield Text(
                f"{path} est lisible par d’autres comptes\u00a0; «\u00a0chmod 600\u00a0» suffit",
                f"{path} is readable by other accounts; “chmod 600” is enough",
            )


def _incidents() -> Iterator[Text]:
    if directory_settings().incidents:
        yield Text(
            "SOCLE_DIRECTORY_INCIDENTS simule des incidents\u00a0; laissez-le vide",
            "SOCLE_DIRECTORY_INCIDENTS simulates incidents; leave it empty",
        )


def readable_by_others(path: Path) -> bool:
    try:
        return bool(path.stat().st_mode & (stat.S_IROTH | stat.S_IWOTH))
    except OSError:
        return False


_READABLE = (
    "SELECT CASE WHEN to_regclass('directory_statement') IS NULL THEN false "
    "ELSE has_table_privilege('directory_statement', 'SELECT') END"
)


def _personas(session: Session) -> Iterator[Text]:
    """Whether the directory knows the people of the demonstration, whose RPPS numbers are given to nobody."""
    from socle.foundations.directory.demo.personas import CARDIOLOGIST, NURSE, PHARMACIST
    from socle.foundations.directory.statements import Source

    readable = session.fetch_one(_READABLE)
    # The sequencer has no business there; who serves the directory looks.
    if readable is None or not readable[0]:
        return
    keys = [f"8{rpps}" for rpps in (CARDIOLOGIST, NURSE, PHARMACIST)]
    among = session.dialect.among_texts("key", 2)
    found = session.fetch_one(
        f"SELECT 1 FROM directory_statement WHERE source = ?1 AND {among} LIMIT 1",
        Source.ACTIVITY.value,
        session.dialect.listed(keys),
    )
    if found is not None:
        yield Text(
            "la base contient les personnes fictives d’une démonstration\u00a0; prenez une base neuve",
            "the database holds the fictional people of a demonstration; take a new one",
        )


_POWERS = (
    "SELECT current_user, "
    "(SELECT rolsuper OR rolcreaterole OR rolbypassrls FROM pg_roles WHERE rolname = current_user), "
    "EXISTS (SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
    "WHERE n.nspname = current_schema() AND c.relname = 'django_migrations' "
    "AND pg_has_role(current_user, c.relowner, 'MEMBER'))"
)


_TOO_MUCH = {
    True: ("administre le serveur", "administers the server"),
    False: ("possède les tables", "owns the tables"),
}


def _role(session: Session) -> Iterator[Text]:
    row = session.fetch_one(_POWERS)
    assert row is not None
    name, powerful, owner = row
    if powerful or owner:
        fr, en = _TOO_MUCH[bool(powerful)]
        yield Text(
            f"le rôle {name} de SOCLE_DATABASE {fr}\u00a0; servez sous socle_app, que fait «\u00a0socle "
            "database-roles\u00a0»",
            f"the role {name} of SOCLE_DATABASE {en}; serve as socle_app, which “socle database-roles” makes",
        )


def _clock(session: Session) -> Iterator[Text]:
    before = micros()
    row = session.fetch_one("SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint")
    assert row is not None
    if (gap := apart(before, int(row[0]), micros())) > CLOCK_SECONDS * _MICROS:
        seconds = gap // _MICROS
        yield Text(
            f"l’horloge de cette machine et celle de la base diffèrent de {seconds} s\u00a0; il en faut "
            f"{CLOCK_SECONDS} au plus",
            f"the clocks of this machine and of the database differ by {seconds} s; {CLOCK_SECONDS} at most will do",
        )


def apart(before: int, told: int, after: int) -> int:
    """How far an instant told by another clock lies outside of the time during which we asked, in microseconds."""
    return max(before - told, told - after, 0)
