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
