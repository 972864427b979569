"""What any FHIR door refuses before it looks at its data."""

from socle.kernel.errors import kind

BAD_VALUE = kind(
    "fhir-bad-value",
    400,
    fr="« {parameter}={value} » : {why_fr}",
    en="“{parameter}={value}”: {why_en}",
    rule="FHIR R4 §3.1.1.4",
    fhir="value",
)
NOT_ACCEPTABLE = kind(
    "fhir-not-acceptable",
    406,
    fr="Format demandé « {format} » ; ce serveur répond en application/fhir+json.",
    en="Asked for “{format}”; this server answers in application/fhir+json.",
    rule="FHIR R4 §3.1.0.1.11, CapabilityStatement.format",
    fhir="not-supported",
)
BAD_FORM = kind(
    "fhir-bad-form",
    415,
    fr="Corps « {received} » ; une recherche par POST s’envoie en application/x-www-form-urlencoded.",
    en="Body of type “{received}”; a search by POST is sent as application/x-www-form-urlencoded.",
    rule="FHIR R4 §3.1.1.2",
    fhir="not-supported",
)
