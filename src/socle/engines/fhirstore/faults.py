"""What the FHIR store and its doors refuse, and how they say it."""

from socle.kernel.errors import kind

UNKNOWN_TYPE = kind(
    "fhir-unknown-type",
    404,
    fr="Le type « {type} » n’est pas servi ici ; servis : {known}.",
    en="The type “{type}” is not served here; served: {known}.",
    rule="FHIR R4 §3.1.0, CapabilityStatement.rest.resource",
    fhir="not-supported",
)
UNKNOWN_RESOURCE = kind(
    "fhir-not-found",
    404,
    fr="Aucune ressource {type}/{id}.",
    en="No resource {type}/{id}.",
    rule="FHIR R4 §3.1.0.1 read",
    fhir="not-found",
)
GONE = kind(
    "fhir-gone",
    410,
    fr="La ressource {type}/{id} a été supprimée.",
    en="The resource {type}/{id} was deleted.",
    rule="FHIR R4 §3.1.0.1 read",
    fhir="deleted",
)
READ_ONLY = kind(
    "fhir-read-only",
    403,
    fr=(
        "Cet entrepôt se lit ; {method} n’y est pas permis. Lisez par GET, ou cherchez par POST "
        "sur « {base}/{type}/_search »."
    ),
    en=(
        "This store is read only; {method} is forbidden. Read with GET, or search with POST on "
        "“{base}/{type}/_search”."
    ),
    rule="Annuaire Santé API v2: GET and POST _search only",
    fhir="forbidden",
)
UNKNOWN_PARAMETER = kind(
    "fhir-unknown-parameter",
    400,
    fr=(
        "Critère inconnu « {parameter} » pour {type}. Critères admis : {known}. Pour l’ignorer : "
        "en-tête Prefer: handling=lenient."
    ),
    en=(
        "Unknown search parameter “{parameter}” for {type}. Known: {known}. To have it ignored: "
        "header Prefer: handling=lenient."
    ),
    rule="FHIR R4 §3.1.1.3 (strict by default)",
    fhir="not-supported",
)
UNKNOWN_MODIFIER = kind(
    "fhir-unknown-modifier",
    400,
    fr="Le critère « {parameter} » ({kind}) n’admet pas « :{modifier} » ; admis : {known}.",
    en="The parameter “{parameter}” ({kind}) does not take “:{modifier}”; it takes: {known}.",
    rule="FHIR R4 §3.1.1.4.5",
    fhir="not-supported",
)
BAD_CHAIN = kind(
    "fhir-bad-chain",
    400,
    fr=(
        "« {parameter} » : {reference} n’est pas une référence de {type}, ou sa cible {targets} "
        "n’a pas le critère « {inner} »."
    ),
    en=(
        "“{parameter}”: {reference} is not a reference of {type}, or its target {targets} has no "
        "parameter “{inner}”."
    ),
    rule="FHIR R4 §3.1.1.4.17 (one level of chaining)",
    fhir="not-supported",
)
BAD_INCLUDE = kind(
    "fhir-bad-include",
    400,
    fr="« {parameter}={value} » n’est pas admis ; admis pour {type} : {known}.",
    en="“{parameter}={value}” is not allowed; allowed for {type}: {known}.",
    rule="FHIR R4 §3.1.1.5.4, CapabilityStatement.rest.resource.searchInclude",
    fhir="not-supported",
)
PAGE_FORGED = kind(
    "fhir-page-link",
    400,
    fr="Ce lien de page n’a pas été émis ici, ou a été modifié. Recommencez la recherche.",
    en="This page link was not issued here, or was changed. Start the search again.",
    rule="Socle ADR 0006, signed page links",
    fhir="value",
)
PAGE_EXPIRED = kind(
    "fhir-page-expired",
    410,
    fr="La recherche que ce lien continue a commencé il y a plus de {hours} heures. Recommencez ici : {start}",
    en="The search that this link goes on with began more than {hours} hours ago. Start again here: {start}",
    rule="Socle ADR 0006, signed page links",
    fhir="expired",
)
PAGE_TOO_LONG = kind(
    "fhir-page-link-too-long",
    400,
    fr=(
        "Il faut une autre page, et le lien qui y mène dépasserait {limit} octets. Demandez tout en une page "
        "(_count={cap} au plus), ou partagez les valeurs entre plusieurs recherches."
    ),
    en=(
        "There is another page, and the link to it would be longer than {limit} bytes. Ask for all in one page "
        "(_count={cap} at most), or share the values between several searches."
    ),
    rule="SOCLE_TARGET_BYTES; Socle ADR 0006, page links carry the query",
    fhir="too-long",
)
INCLUDED_CUT = kind(
    "fhir-included-cut",
    200,
    fr="Plus de {limit} ressources incluses : seules les premières sont là. Demandez des pages plus petites (_count).",
    en="More than {limit} included resources: only the first are here. Ask for smaller pages (_count).",
    rule="FHIR R4 §3.1.1.5.4; INCLUDED_LIMIT",
    fhir="too-costly",
)
TOO_MANY_CRITERIA = kind(
    "fhir-too-many-criteria",
    400,
    fr="{count} critères ou valeurs ; au plus {limit}.",
    en="{count} criteria or values; at most {limit}.",
    rule="Socle: a bound on the work of one request",
    fhir="too-costly",
)
REFUSED_RESOURCE = kind(
    "fhir-refused-resource",
    422,
    fr="{where} : {why_fr}",
    en="{where}: {why_en}",
    rule="FHIR R4 JSON (§2.6.2) and structure of the type",
    fhir="structure",
)
OVERTAKEN = kind(
    "fhir-overtaken",
    409,
    fr="La transaction {number} a été défaite par un autre processus ; rien n’en est publié. Relancez le chargement.",
    en="Transaction {number} was undone by another process; nothing of it is published. Start the load again.",
    rule="Socle ADR 0005, one writing transaction a store",
    fhir="conflict",
)
STORE_BUSY = kind(
    "fhir-store-busy",
    409,
    fr="Un chargement écrit déjà dans l’entrepôt « {store} » (transaction {number}, depuis {started}).",
    en="A load is already writing to the store “{store}” (transaction {number}, since {started}).",
    rule="Socle ADR 0005, one writing transaction a store",
    fhir="lock-error",
)
