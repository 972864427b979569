"""What backup and restore refuse."""

from socle.kernel.errors import kind

ARCHIVE_DAMAGED = kind(
    "backup-damaged",
    400,
    fr="La sauvegarde « {file} » est abîmée : {found}. Rien n’a changé ; prenez une autre sauvegarde.",
    en="The backup “{file}” is damaged: {found}. Nothing has changed; take another backup.",
    rule="socle backup",
)
ARCHIVE_MISSING = kind(
    "backup-missing",
    404,
    fr="Le dossier « {folder} » ne contient aucune sauvegarde (socle-….zip).",
    en="The folder “{folder}” holds no backup (socle-….zip).",
    rule="socle backup",
    fhir="not-found",
)
SCHEMA_NEWER = kind(
    "backup-newer",
    409,
    fr="La sauvegarde vient d’un Socle plus récent (version {version}) : cette version ne connaît pas {migrations}. "
    "Installez au moins la version {version}.",
    en="The backup comes from a newer Socle (version {version}): this one does not know {migrations}. Install at least "
    "version {version}.",
    rule="docs/backup.md",
    fhir="business-rule",
)
NOT_EMPTY = kind(
    "restore-not-empty",
    409,
    fr="La base contient déjà {rows} lignes ; son dernier acte est du {last}, la sauvegarde du {made}. Ce qui est plus "
    "récent que la sauvegarde serait perdu. Pour la remplacer : --replace",
    en="The database already holds {rows} rows; its last act is of {last}, the backup of {made}. What is newer than "
    "the backup would be lost. To replace it: --replace",
    rule="docs/backup.md",
    fhir="business-rule",
)
SCHEMA_OLDER = kind(
    "restore-older-schema",
    409,
    fr="La sauvegarde est d’un schéma plus ancien (version {version}) que celui de la base, qui contient {rows} "
    "lignes. L’y ramener en détruirait avant que la restauration soit certaine. Rien n’a changé. Faites d’abord "
    "« socle backup » dans le même dossier, puis restaurez ce fichier dans une base neuve et vide (SOCLE_DATABASE).",
    en="The backup is of an older schema (version {version}) than that of the database, which holds {rows} rows. "
    "Taking it back there would destroy some before the restoration is certain. Nothing has changed. First run “socle "
    "backup” into the same folder, then restore this file into a new, empty database (SOCLE_DATABASE).",
    rule="docs/backup.md",
    fhir="business-rule",
)
SCHEMA_DIFFERS = kind(
    "restore-schema-differs",
    409,
    fr="La sauvegarde et la base ne disent pas la même chose des tables : {differences}.",
    en="The backup and the database do not say the same of the tables: {differences}.",
    rule="docs/backup.md",
    fhir="business-rule",
)
COLUMN_UNKNOWN = kind(
    "backup-column-unknown",
    500,
    fr="La colonne {column} est d’un type que la sauvegarde ne connaît pas : {type}.",
    en="The column {column} is of a type that the backup does not know: {type}.",
    rule="docs/backup.md",
    fhir="not-supported",
)
