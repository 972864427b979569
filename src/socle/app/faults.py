"""What the installation itself refuses, and the whole error catalogue: every module that declares errors is named here,
so that a process that has not met them yet can still show them."""

from importlib import import_module

from socle.kernel.errors import CATALOGUE, ErrorKind, kind

UNSAFE_START = kind(
    "unsafe-start",
    500,
    fr="Démarrage refusé en production : {faults_fr}",
    en="Refused to start in production: {faults_en}",
    rule="production starts only with real keys, TLS, PostgreSQL and without personas",
)

TLS_DOOR_UNUSABLE = kind(
    "tls-door-unusable",
    500,
    fr="La porte TLS ne peut pas s’ouvrir : {reason}. Vérifiez SOCLE_TLS_PORT et les fichiers qui vont avec.",
    en="The TLS door cannot open: {reason}. Check SOCLE_TLS_PORT and the files that go with it.",
    rule="SOCLE_TLS_CERTIFICATE, SOCLE_TLS_KEY, and SOCLE_TLS_CLIENT_CA unless SOCLE_TLS_CLIENT is none",
)
DATABASE_NEWER = kind(
    "database-newer",
    500,
    fr="La base a été mise à niveau par une version plus récente : {migrations} n’existe pas dans la "
    "version {version}. Installez cette version plus récente, ou restaurez une sauvegarde faite avant.",
    en="The database was upgraded by a newer version: {migrations} does not exist in version {version}. "
    "Install that newer version, or restore a backup made before.",
    rule="a schema is never taken back",
)
SCHEMA_BEHIND = kind(
    "schema-behind",
    500,
    fr="Le schéma de la base attend {count} migrations. En production, lancez « socle upgrade » avec le rôle "
    "propriétaire, puis redémarrez.",
    en="The schema of the database waits for {count} migrations. In production, run “socle upgrade” with the owner "
    "role, then start again.",
    rule="processes that serve do not own the tables",
)

NO_BACKUP_YET = kind(
    "no-backup-yet",
    409,
    fr="Ce schéma est plus ancien que les sauvegardes de Socle. Copiez la base par ses propres moyens, puis lancez "
    "« socle upgrade --no-backup ».",
    en="This schema is older than the backups of Socle. Copy the database by its own means, then run "
    "“socle upgrade --no-backup”.",
    rule="an upgrade begins with a way back",
)
ROLES_NEED_POSTGRESQL = kind(
    "roles-need-postgresql",
    400,
    fr="Les rôles sont ceux d’une base PostgreSQL ; SOCLE_DATABASE désigne un fichier SQLite.",
    en="Roles are those of a PostgreSQL database; SOCLE_DATABASE names a SQLite file.",
    rule="SOCLE_DATABASE=postgresql://administrator@host/base",
)
ROLE_PREFIX = kind(
    "role-prefix",
    400,
    fr="« {prefix} » ne peut pas commencer le nom d’un rôle : minuscules, chiffres et _, une lettre "
    "d’abord, 41 au plus.",
    en="“{prefix}” cannot begin the name of a role: lower-case letters, digits and _, a letter first, 41 at most.",
    rule="names that need no quotes in SQL",
)

DECLARED_IN = (
    "socle.app.backup.faults",
    "socle.kernel.errors",
    "socle.kernel.unreadable",
    "socle.kernel.edge.limits",
    "socle.kernel.edge.protocol",
    "socle.kernel.edge.proxies",
    "socle.kernel.tls.peer",
    "socle.app.metrics",
    "socle.kernel.keys",
    "socle.kernel.audit.faults",
    "socle.kernel.keyring.faults",
    "socle.kernel.keyring.keyfile",
    "socle.kernel.privacy.faults",
    "socle.kernel.outbox.faults",
    "socle.kernel.schedules.faults",
    "socle.kernel.webhooks.faults",
    "socle.kernel.apikeys.faults",
    "socle.kernel.certificates.faults",
    "socle.kernel.access",
    "socle.kernel.accounts.faults",
    "socle.kernel.notify.faults",
    "socle.kernel.fhir.faults",
    "socle.engines.fhirstore.faults",
    "socle.foundations.directory.loading.faults",
    "socle.foundations.directory.registration.faults",
)


def catalogue() -> dict[str, ErrorKind]:
    """Every error by its code."""
    for module in DECLARED_IN:
        import_module(module)
    return CATALOGUE
