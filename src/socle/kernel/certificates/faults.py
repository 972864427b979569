"""What the local authority refuses."""

from socle.kernel.errors import kind

NAME_REFUSED = kind(
    "certificate-name",
    400,
    fr="« {received} » ne peut pas nommer ce certificat. Attendu : {would_pass}.",
    en="“{received}” cannot name this certificate. Expected: {would_pass}.",
    rule="IGC-Santé, gabarits des certificats",
    fhir="value",
)
REQUEST_REFUSED = kind(
    "certificate-request",
    400,
    fr="La demande de certificat est refusée : {why}.",
    en="The certificate request is refused: {why}.",
    rule="PKCS #10 (RFC 2986); RSA of 2048 bits or more, P-256 or P-384",
    fhir="value",
)
OFFER_UNKNOWN = kind(
    "certificate-offer",
    400,
    fr="« {received} » n’est pas une offre de certificat ; les offres : {known}.",
    en="“{received}” is no offer of certificates; the offers: {known}.",
    rule="IGC-Santé, offres",
    fhir="code-invalid",
)
REASON_UNKNOWN = kind(
    "certificate-reason",
    400,
    fr="« {received} » n’est pas un motif de révocation ; les motifs : {known}.",
    en="“{received}” is no reason to revoke; the reasons: {known}.",
    rule="RFC 5280 §5.3.1",
    fhir="code-invalid",
)
CERTIFICATE_UNKNOWN = kind(
    "certificate-unknown",
    404,
    fr="Aucun certificat {serial} en vigueur ; voyez : socle certificates list.",
    en="No certificate {serial} in force; see: socle certificates list.",
    rule="serial numbers are those listed",
    fhir="not-found",
)
TEST_AUTHORITY = kind(
    "certificate-test-authority",
    409,
    fr="En production, l’autorité locale n’émet rien sous les noms de la branche de test. Demandez vos certificats à "
    "l’IGC-Santé, ou nommez votre propre autorité : SOCLE_CERTIFICATES_ORGANISATION.",
    en="In production the local authority issues nothing under the names of the test branch. Order your certificates "
    "from IGC-Santé, or name an authority of your own: SOCLE_CERTIFICATES_ORGANISATION.",
    rule="production takes nothing fictional for real",
    fhir="business-rule",
)
AUTHORITY_UNKNOWN = kind(
    "certificate-authority-unknown",
    404,
    fr="Pas d’autorité « {received} » ici.",
    en="There is no authority “{received}” here.",
    rule="authorities are those of /igc",
    fhir="not-found",
)
