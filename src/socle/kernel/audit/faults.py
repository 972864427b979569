"""What the audit trail refuses."""

from socle.kernel.errors import kind

TRAIL_BROKEN = kind(
    "trail-broken",
    500,
    fr="Le journal ne s’ajoute plus : ses tuiles ne donnent pas la racine de sa dernière tête, à {size} entrées. "
    "Rien n’est perdu, les actes attendent. Lancez : socle audit verify",
    en="The trail is not appended to: its tiles do not give the root of its last head, at {size} entries. Nothing is "
    "lost, acts wait. Run: socle audit verify",
    rule="RFC 9162 §2.1",
    fhir="exception",
)
NO_HEAD = kind(
    "trail-without-head",
    404,
    fr="Le journal n’a pas encore de tête signée : aucune entrée n’y a été versée.",
    en="The trail has no signed head yet: no entry was moved into it.",
    rule="RFC 9162 §2.1",
    fhir="not-found",
)
NO_ENTRY = kind(
    "trail-entry-unknown",
    404,
    fr="Aucune entrée à prouver pour « {asked} » ; le journal en compte {size}, numérotées à partir de zéro.",
    en="No entry to prove for “{asked}”; the trail has {size}, numbered from zero.",
    rule="RFC 9162 §2.1.3",
    fhir="not-found",
)
NOT_A_HEAD = kind(
    "not-a-head",
    400,
    fr="Le fichier « {file} » n’est pas une tête signée : {reason}. Attendu : ce que donne « socle audit head ».",
    en="The file “{file}” is not a signed head: {reason}. Expected: what “socle audit head” prints.",
    rule="C2SP tlog-checkpoint",
)
DETAILS_REASON = kind(
    "trail-reason-missing",
    400,
    fr="Donnez une raison : elle reste dans la trace, scellée avec votre nom, et l’ouverture des détails avec elle.",
    en="Give a reason: it stays in the trail, sealed with your name, and so does the opening of the details.",
    rule="PGSSI-S 7.2.2.4",
)
TRAIL_PARAMETER = kind(
    "trail-parameter-unknown",
    400,
    fr="Critère inconnu « {parameter} ». Critères admis : {known}.",
    en="Unknown search parameter “{parameter}”. Known: {known}.",
    rule="IHE ITI TF-2 3.81.4.1.2; FHIR R4 §3.1.1.3 (strict)",
    fhir="not-supported",
)
TRAIL_PERIOD = kind(
    "trail-period-missing",
    400,
    fr="Donnez le début et la fin de la période : date=ge2026-11-22T08:00:00Z&date=le2026-11-22T09:00:00Z, ou une date "
    "seule, comme date=2026-11-22.",
    en="Give the beginning and the end of the period: date=ge2026-11-22T08:00:00Z&date=le2026-11-22T09:00:00Z, or one "
    "date, such as date=2026-11-22.",
    rule="IHE ITI TF-2 3.81.4.1.2.1 (date is required)",
    fhir="required",
)
NO_EVENT = kind(
    "trail-event-unknown",
    404,
    fr="Aucune ressource AuditEvent/{id}.",
    en="No resource AuditEvent/{id}.",
    rule="FHIR R4 §3.1.0.1 read",
    fhir="not-found",
)
EVENT_UNREADABLE = kind(
    "trail-event-unreadable",
    500,
    fr="L’entrée {position} de la trace ne se lit plus : elle a été modifiée. Prévenez l’exploitant ; il la trouvera "
    "par : socle audit verify",
    en="The entry {position} of the trail cannot be read any more: it was changed. Tell the operator, who finds it by: "
    "socle audit verify",
    rule="RFC 9162 §2.1",
    fhir="invalid",
)
TRAIL_READ_ONLY = kind(
    "trail-read-only",
    405,
    fr="La trace se lit ; {method} n’y est pas admis. Cherchez par GET sur « {base}/AuditEvent ».",
    en="The trail is read only; {method} is not allowed. Search with GET on “{base}/AuditEvent”.",
    rule="IHE ITI TF-2 3.81.4.1.2 (HTTP GET)",
    fhir="not-supported",
)
TRAIL_UNSOUND = kind(
    "trail-unsound",
    500,
    fr="La vérification du journal a trouvé {count} écarts. Pour les lire un à un : socle audit verify",
    en="The verification of the trail found {count} differences. To read them one by one: socle audit verify",
    rule="RFC 9162 §2.1",
    fhir="exception",
)
PURGE_AHEAD = kind(
    "trail-purge-ahead",
    400,
    fr="Rien n’est retiré : {before} est encore à venir. Donnez un jour passé : après lui, la trace reste entière.",
    en="Nothing is removed: {before} is yet to come. Give a day that has passed: after it, the trail stays whole.",
    rule="docs/audit.md",
)
TRAIL_FILTER = kind(
    "trail-filter-unread",
    400,
    fr="Critères illisibles : {parameter}. Reprenez l’adresse que donne la page « /trace ».",
    en="Criteria that cannot be read: {parameter}. Take the address that the page “/trace” gives.",
    rule="the filters of the page /trace",
)
