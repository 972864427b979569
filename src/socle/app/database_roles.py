"""Who may do what in a PostgreSQL database: one role for each kind of process, with what it needs and no more.

The owner makes and changes tables, and serves nobody. The processes that serve may add to the audit trail and never
change or remove what is in it; only the sequencer takes entries out of the inbox, into a log that it can only add to.
Whoever steals the password of one process has what that process had.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from socle.app.faults import ROLE_PREFIX, ROLES_NEED_POSTGRESQL
from socle.kernel.db import Database, Session
from socle.kernel.errors import SocleError

OWNER, APP, SEQUENCER, WORKER, READER = "owner", "app", "sequencer", "worker", "reader"
SERVING = (APP, SEQUENCER, WORKER, READER)
ROLES = (OWNER, *SERVING)
PREFIX = "socle"
_PREFIX = re.compile(r"[a-z][a-z0-9_]{0,40}")
_MAINTAINABLE_SINCE = 170_000
_ALL = "SELECT, INSERT, UPDATE, DELETE"
_READ = "SELECT"
_WRITE = "SELECT, INSERT, UPDATE"
# What forgets a person, and what time has passed over.
_KEEP = "SELECT, UPDATE, DELETE"
# Sealed bytes are cleared when a person is erased; the entry itself stays as it is.
_ERASE = "SELECT, UPDATE (subject_sealed, actor_sealed)"


@dataclass(frozen=True, slots=True)
class Rule:
    """What each role may do on these tables; a role that is not named may do nothing."""

    tables: tuple[str, ...]
    grants: Mapping[str, str]


def _rule(tables: str, **grants: str) -> Rule:
    return Rule(tuple(tables.split()), grants)


RULES = (
    _rule("django_migrations", app=_READ, sequencer=_READ, worker=_READ, reader=_READ),
    _rule(
        "fhirstore_store fhirstore_transaction fhirstore_identity fhirstore_version fhirstore_token fhirstore_code "
        "fhirstore_string fhirstore_reference fhirstore_date directory_statement directory_density directory_place "
        "directory_label directory_load",
        app=_ALL,
        worker=_ALL,
        reader=_READ,
    ),
    _rule(
        "audit_unit", app="SELECT, INSERT", worker="SELECT, INSERT", sequencer="SELECT, INSERT", reader=_READ
    ),
    _rule(
        "audit_inbox",
        app="SELECT, INSERT",
        worker="INSERT, SELECT, UPDATE (subject_sealed, actor_sealed)",
        sequencer="SELECT, INSERT, DELETE",
        reader=_READ,
    ),
    _rule("audit_entry", app=_READ, worker=_ERASE, sequencer="SELECT, INSERT", reader=_READ),
    _rule("audit_tile", app=_READ, worker=_READ, sequencer="SELECT, INSERT, UPDATE", reader=_READ),
    _rule("audit_head audit_key", app=_READ, worker=_READ, sequencer="SELECT, INSERT", reader=_READ),
    _rule("keyring_envelope", app="SELECT, INSERT", worker=_ALL, sequencer="SELECT, INSERT"),
    _rule(
        "keyring_signing", app="SELECT, INSERT", worker="SELECT, INSERT, UPDATE", sequencer="SELECT, INSERT"
    ),
    # What it says proves itself: every role may check heads by it. The owner alone replaces keys.
    _rule("keyring_succession", app=_READ, sequencer=_READ, worker=_READ, reader=_READ),
    _rule("keyring_erasure", app=_READ, worker="SELECT, INSERT, UPDATE"),
    _rule(
        "outbox_inbox",
        app="SELECT, INSERT",
        sequencer="INSERT",
        worker="SELECT, INSERT, DELETE",
        reader=_READ,
    ),
    _rule("outbox_event", app=_READ, worker="SELECT, INSERT, DELETE", reader=_READ),
    _rule("outbox_delivery", app="SELECT, UPDATE", worker=_ALL, reader=_READ),
    _rule("outbox_counter", app=_READ, worker="SELECT, UPDATE", reader=_READ),
    _rule("accounts_account accounts_grant accounts_review", app=_WRITE, worker=_KEEP, reader=_READ),
    # What opens a door to who reads it: hashes of passwords and tokens, sealed second factors.
    _rule("accounts_credential accounts_session accounts_attempts", app=_WRITE, worker=_KEEP),
    # The worker makes the link of an invitation that is mailed.
    _rule("accounts_invitation", app=_WRITE, worker=_ALL),
    _rule("schedules_run", app=_READ, worker=_ALL, reader=_READ),
    _rule("directory_registration directory_registration_step", app=_WRITE, worker=_ALL),
    _rule("directory_registered_person directory_registered_number", app=_ALL, worker=_ALL),
    _rule("privacy_request", app=_WRITE, worker=_KEEP, reader=_READ),
    _rule("privacy_message privacy_file", app=_WRITE, worker=_KEEP),
    _rule("privacy_restriction", app="SELECT, INSERT, DELETE", worker="SELECT, INSERT, DELETE", reader=_READ),
    # The worker makes and sends; the pages read and choose.
    _rule("notify_notification notify_mail", app=_WRITE, worker=_ALL),
    _rule("notify_preference notify_reader", app=_WRITE, worker=_KEEP, reader=_READ),
    # A list says what was revoked to whoever asks; keys that sign are the keyring's.
    _rule("certificates_authority", app="SELECT, INSERT", worker=_READ, reader=_READ),
    _rule("certificates_certificate", app=_WRITE, worker="SELECT, DELETE", reader=_READ),
    _rule("webhook", app=_ALL, worker="SELECT, UPDATE"),
    # The worker ends those of who leaves.
    _rule("apikeys_key", app=_WRITE, worker=_KEEP),
)


# Rows that a role does not see of a table that it may read. Who answers requests signs tokens and never heads: stolen,
# it could rewrite no history. The worker copies all of them into the backups' key file; the sequencer signs heads.
_ALL_BUT_HEADS = "purpose <> 'audit-head'"
SPLIT: Mapping[str, Mapping[str, str]] = {
    "keyring_signing": {APP: _ALL_BUT_HEADS, WORKER: "true", SEQUENCER: "purpose = 'audit-head'"}
}


def tables() -> dict[str, Rule]:
    """The rule of each table."""
    return {table: rule for rule in RULES for table in rule.tables}


def statements(
    prefix: str, existing: Iterable[str], *, schema: str, database: str, version: int
) -> Iterator[str]:
    """The SQL that makes the roles `<prefix>_owner`, `<prefix>_app`, … and gives them their rights on those tables that
    exist; it can be run again. Roles are made without a password: giving one is the administrator's business.
    """
    names = {role: f"{_checked(prefix)}_{role}" for role in ROLES}
    for name in names.values():
        yield (
            f"DO $$ BEGIN CREATE ROLE {name} LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; "
            "WHEN unique_violation THEN NULL; END $$"
        )
    yield f"ALTER ROLE {names[READER]} SET default_transaction_read_only = on"
    yield f"REVOKE ALL ON DATABASE {_quoted(database)} FROM PUBLIC"
    yield f"GRANT CONNECT ON DATABASE {_quoted(database)} TO {', '.join(names.values())}"
    yield f"REVOKE ALL ON SCHEMA {_quoted(schema)} FROM PUBLIC"
    yield f"GRANT USAGE, CREATE ON SCHEMA {_quoted(schema)} TO {names[OWNER]}"
    yield f"GRANT USAGE ON SCHEMA {_quoted(schema)} TO {', '.join(names[role] for role in SERVING)}"
    ours = sorted(set(existing) & tables().keys())
    for table in ours:
        yield f"ALTER TABLE {table} OWNER TO {names[OWNER]}"
    yield from grants(prefix, ours, version=version)


def grants(prefix: str, existing: Iterable[str], *, version: int) -> Iterator[str]:
    """What the owner itself may run again after each upgrade."""
    names = {role: f"{_checked(prefix)}_{role}" for role in SERVING}
    by_table = tables()
    for table in sorted(set(existing) & by_table.keys()):
        yield f"REVOKE ALL ON TABLE {table} FROM PUBLIC, {', '.join(names.values())}"
        for role, privileges in by_table[table].grants.items():
            yield f"GRANT {privileges} ON TABLE {table} TO {names[role]}"
            if "INSERT" in privileges and "DELETE" in privileges and version >= _MAINTAINABLE_SINCE:
                # Who loads many rows tells the planner what the table holds now.
                yield f"GRANT MAINTAIN ON TABLE {table} TO {names[role]}"
        if table in SPLIT:
            yield from _policies(table, SPLIT[table], names)


def _policies(table: str, split: Mapping[str, str], names: Mapping[str, str]) -> Iterator[str]:
    """Row-level security: a role sees and adds the rows that its condition admits. The owner, who is not bound by it,
    sees all."""
    yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
    for role, admitted in split.items():
        policy = f"{names[role]}_{table}"
        yield f"DROP POLICY IF EXISTS {policy} ON {table}"
        yield f"CREATE POLICY {policy} ON {table} TO {names[role]} USING ({admitted}) WITH CHECK ({admitted})"


def _checked(prefix: str) -> str:
    if not _PREFIX.fullmatch(prefix):
        raise SocleError(ROLE_PREFIX, prefix=prefix)
    return prefix


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def written(db: Database, prefix: str = PREFIX) -> list[str]:
    """The statements for this database, as it is now. Raises SocleError(ROLES_NEED_POSTGRESQL) on SQLite."""
    if db.engine != "postgresql":
        raise SocleError(ROLES_NEED_POSTGRESQL)
    with db.reading() as session:
        row = session.fetch_one(
            "SELECT current_schema(), current_database(), current_setting('server_version_num')::int"
        )
        assert row is not None
        schema, database, version = row
        return list(statements(prefix, _existing(session), schema=schema, database=database, version=version))


def apply(db: Database, prefix: str = PREFIX) -> int:
    """Run them in one transaction, as an administrator; how many there were."""
    todo = written(db, prefix)
    with db.unit() as unit:
        for statement in todo:
            unit.execute(statement)
    return len(todo)


def grant_again(db: Database) -> int:
    """After an upgrade by the owner role, give the others their rights on the new tables; 0 where there are no
    such roles."""
    if db.engine != "postgresql":
        return 0
    with db.reading() as session:
        row = session.fetch_one("SELECT current_user, current_setting('server_version_num')::int")
        assert row is not None
        prefix, _, role = str(row[0]).rpartition("_")
        if role != OWNER or not _complete(session, prefix):
            return 0
        todo = list(grants(prefix, _existing(session), version=row[1]))
    with db.unit() as unit:
        for statement in todo:
            unit.execute(statement)
    return len(todo)


def _complete(session: Session, prefix: str) -> bool:
    names = [f"{prefix}_{role}" for role in SERVING]
    found = session.fetch_one("SELECT count(*) FROM pg_roles WHERE rolname = ANY(?1::text[])", names)
    return found is not None and found[0] == len(names)


def _existing(session: Session) -> list[str]:
    return [
        name
        for (name,) in session.fetch("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
    ]
