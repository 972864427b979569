"""What a provider refuses: the registered error of a standard, told so that who wrote the client can mend it.

A client program reads `error` and `description`; the log of a client's exchanges shows the sentence, in French or
English. No sentence carries a secret, a code or a token: only names and shapes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from socle.standards.fhir.faults import Bilingual

_KINDS: dict[str, "Kind"] = {}
KINDS: Mapping[str, "Kind"] = MappingProxyType(_KINDS)
"""Every refusal by its code, for a catalogue of errors."""


@dataclass(frozen=True, slots=True)
class Kind:
    """`code` is ours and stable; `error` and `status` are those of the standard that `rule` names. `fr` and `en` are
    `str.format` templates over the refusal's data."""

    code: str
    error: str
    status: int
    fr: str
    en: str
    rule: str


class Refused(ValueError):
    """A request that is not granted, and why."""

    def __init__(self, kind: Kind, **data: Any) -> None:
        self.kind = kind
        self.data = data
        super().__init__(f"{kind.error}: {self.sentence('en')}")

    @property
    def code(self) -> str:
        return self.kind.code

    @property
    def error(self) -> str:
        """The registered error code of the answer."""
        return self.kind.error

    @property
    def status(self) -> int:
        """HTTP status of a direct answer; an answer by redirection has that of the redirection."""
        return self.kind.status

    @property
    def description(self) -> str:
        """`error_description`: English in the only characters that RFC 6749 §5.2 allows there."""
        text = self.sentence("en").translate(_PLAIN)
        return "".join(character if " " <= character <= "~" else "?" for character in text)

    def sentence(self, lang: str = "fr") -> str:
        return (self.kind.fr if lang == "fr" else self.kind.en).format(**self.data)

    def as_json(self) -> dict[str, str]:
        """The body of a direct answer (RFC 6749 §5.2)."""
        return {"error": self.error, "error_description": self.description}


class TokenFault(ValueError):
    """A token that is not believed; what that means for the request is for its reader to say."""

    def __init__(self, fr: str, en: str) -> None:
        super().__init__(en)
        self.reason = Bilingual(fr, en)

    def as_data(self) -> dict[str, str]:
        """The data `fr` and `en` of a refusal that this fault is the reason of."""
        return {"fr": self.reason.fr, "en": self.reason.en}


# RFC 6749 §5.2 leaves out the quotation mark and the backslash.
_PLAIN = str.maketrans({"“": "'", "”": "'", '"': "'", "’": "'", "\\": "/", "…": "..."})


def kind(code: str, error: str, *, fr: str, en: str, rule: str, status: int = 400) -> Kind:
    """Declare a refusal once."""
    if code in _KINDS:
        raise ValueError(f"refusal declared twice: {code}")
    _KINDS[code] = made = Kind(code, error, status, fr, en, rule)
    return made


# -- Parameters of any request ---------------------------------------------------------------------------------

NOT_ENCODED = kind(
    "oauth-not-encoded",
    "invalid_request",
    fr="Les paramètres ne sont pas en application/x-www-form-urlencoded et UTF-8.",
    en="The parameters are not in application/x-www-form-urlencoded and UTF-8.",
    rule="RFC 6749 appendix B",
)
TOO_MANY = kind(
    "oauth-too-many-parameters",
    "invalid_request",
    fr="La requête porte {count} paramètres ; {most} au plus sont lus.",
    en="The request has {count} parameters; {most} are read at most.",
    rule="a bound on the work of reading",
)
REPEATED = kind(
    "oauth-parameter-repeated",
    "invalid_request",
    fr="Le paramètre {name} est donné {count} fois ; donnez-le une fois.",
    en="The parameter {name} is given {count} times; give it once.",
    rule="RFC 6749 §3.1, §3.2",
)
MISSING = kind(
    "oauth-parameter-missing",
    "invalid_request",
    fr="Il manque le paramètre {name}, ou il est vide.",
    en="The parameter {name} is missing or empty.",
    rule="RFC 6749 §3.1, §3.2",
)
MALFORMED = kind(
    "oauth-parameter-malformed",
    "invalid_request",
    fr="Le paramètre {name} n’a pas la forme attendue : {fr}.",
    en="The parameter {name} does not have the expected form: {en}.",
    rule="RFC 6749 appendix A; the standard that defines the parameter",
)
UNKNOWN_VALUE = kind(
    "oauth-value-unknown",
    "invalid_request",
    fr="Le paramètre {name} vaut {received} ; attendu : {known}.",
    en="The parameter {name} is {received}; expected: {known}.",
    rule="the standard that defines the parameter",
)
TOO_SHORT = kind(
    "oauth-value-too-short",
    "invalid_request",
    fr="Le paramètre {name} a {length} caractères ; il en faut au moins {least}, tirés au hasard.",
    en="The parameter {name} has {length} characters; it needs at least {least}, drawn at random.",
    rule="OpenID Connect Core §3.1.2.1; FranceConnect+ asks for 32",
)

# -- Authorization ---------------------------------------------------------------------------------------------

CLIENT_UNKNOWN = kind(
    "oauth-client-unknown",
    "invalid_client",
    fr="Aucun client {received} n’est enregistré ici.",
    en="No client {received} is registered here.",
    rule="RFC 6749 §2.2",
    status=401,
)
CLIENT_MISMATCH = kind(
    "oauth-client-mismatch",
    "invalid_request",
    fr="Le paramètre client_id ne désigne pas le client qui s’est authentifié, ou qui a signé.",
    en="The parameter client_id does not name the client that authenticated, or that signed.",
    rule="RFC 9126 §2; RFC 9101 §5",
)
REDIRECT_UNREGISTERED = kind(
    "oauth-redirect-unregistered",
    "invalid_request",
    fr="L’adresse redirect_uri n’est pas l’une de celles du client, caractère pour caractère. "
    "Personne n’y est renvoyé.",
    en="The address redirect_uri is not one of the client’s, character for character. Nobody is sent there.",
    rule="RFC 9700 §2.1; OpenID Connect Core §3.1.2.1",
)
REDIRECT_UNSAFE = kind(
    "oauth-redirect-unsafe",
    "invalid_redirect_uri",
    fr="Cette adresse ne peut pas être enregistrée : {fr}.",
    en="This address cannot be registered: {en}.",
    rule="RFC 6749 §3.1.2; RFC 8252 §7; RFC 7591 §3.2.2",
)
RESPONSE_TYPE = kind(
    "oauth-response-type",
    "unsupported_response_type",
    fr="response_type vaut {received} ; seul « code » est servi.",
    en="response_type is {received}; only “code” is served.",
    rule="RFC 6749 §4.1.2.1; RFC 9700 §2.1.2",
)
GRANT_NOT_ALLOWED = kind(
    "oauth-grant-not-allowed",
    "unauthorized_client",
    fr="Ce client n’a pas droit à {grant} ; ses droits se demandent avec son enregistrement.",
    en="This client may not use {grant}; what it may use is asked with its registration.",
    rule="RFC 6749 §4.1.2.1, §5.2",
)
SCOPE_NOT_ALLOWED = kind(
    "oauth-scope-not-allowed",
    "invalid_scope",
    fr="Le périmètre {received} n’est pas ouvert à ce client ; le sont : {known}.",
    en="The scope {received} is not open to this client; open are: {known}.",
    rule="RFC 6749 §3.3",
)
SCOPE_WITHOUT_OPENID = kind(
    "oauth-scope-without-openid",
    "invalid_scope",
    fr="Le périmètre openid manque dans scope.",
    en="The scope openid is missing in scope.",
    rule="OpenID Connect Core §3.1.2.1",
)
SCOPE_WIDENED = kind(
    "oauth-scope-widened",
    "invalid_scope",
    fr="Le périmètre {received} n’a pas été accordé au départ ; on ne peut que le réduire.",
    en="The scope {received} was not granted at first; it can only be narrowed.",
    rule="RFC 6749 §6",
)
PROMPT_NONE_ALONE = kind(
    "oauth-prompt-none-alone",
    "invalid_request",
    fr="prompt=none ne s’accompagne d’aucune autre valeur.",
    en="prompt=none comes with no other value.",
    rule="OpenID Connect Core §3.1.2.1",
)
REQUEST_REFUSED = kind(
    "oauth-request-object-refused",
    "request_not_supported",
    fr="Ce client n’a pas enregistré d’algorithme pour le paramètre request : passez les paramètres un à un.",
    en="This client registered no algorithm for the parameter request: send the parameters one by one.",
    rule="OpenID Connect Core §6.1, §3.1.2.6",
)
REQUEST_URI_REFUSED = kind(
    "oauth-request-uri-refused",
    "request_uri_not_supported",
    fr="request_uri ne sert qu’à une requête déposée ici (PAR) ; aucune adresse n’est lue ailleurs.",
    en="request_uri serves only a request that was pushed here (PAR); no address elsewhere is read.",
    rule="OpenID Connect Core §6.2; RFC 9126 §2.2",
)
REQUEST_URI_UNUSABLE = kind(
    "oauth-request-uri-unusable",
    "invalid_request_uri",
    fr="Ce request_uri n’a pas été donné ici à ce client, a déjà servi ou a expiré.",
    en="This request_uri was not given here to this client, was used or has expired.",
    rule="RFC 9126 §2.2, §4; RFC 9101 §7",
)
REQUEST_UNREADABLE = kind(
    "oauth-request-object-unreadable",
    "invalid_request_object",
    fr="Le paramètre request ne convient pas : {fr}.",
    en="The parameter request will not do: {en}.",
    rule="RFC 9101 §6",
)
CLAIMS_UNREADABLE = kind(
    "oauth-claims-unreadable",
    "invalid_request",
    fr="Le paramètre claims ne convient pas : {fr}.",
    en="The parameter claims will not do: {en}.",
    rule="OpenID Connect Core §5.5",
)
HINT_UNREADABLE = kind(
    "oauth-hint-unreadable",
    "invalid_request",
    fr="id_token_hint ne convient pas : {fr}.",
    en="id_token_hint will not do: {en}.",
    rule="OpenID Connect Core §3.1.2.1; RP-Initiated Logout §2",
)
LOGOUT_REDIRECT = kind(
    "oauth-logout-redirect",
    "invalid_request",
    fr="post_logout_redirect_uri n’est pas l’une de celles du client, caractère pour caractère.",
    en="post_logout_redirect_uri is not one of the client’s, character for character.",
    rule="RP-Initiated Logout §3",
)

# -- PKCE ------------------------------------------------------------------------------------------------------

CHALLENGE_MISSING = kind(
    "oauth-challenge-missing",
    "invalid_request",
    fr="Ce client doit donner code_challenge et code_challenge_method=S256.",
    en="This client must give code_challenge and code_challenge_method=S256.",
    rule="RFC 7636 §4.4.1; RFC 9700 §2.1.1",
)
CHALLENGE_PLAIN = kind(
    "oauth-challenge-plain",
    "invalid_request",
    fr="La méthode plain ne protège pas ce client ; donnez code_challenge_method=S256.",
    en="The method plain does not protect this client; give code_challenge_method=S256.",
    rule="RFC 7636 §4.2, §4.4.1; RFC 9700 §2.1.1",
)
METHOD_WITHOUT_CHALLENGE = kind(
    "oauth-method-without-challenge",
    "invalid_request",
    fr="code_challenge_method est donné sans code_challenge.",
    en="code_challenge_method is given without code_challenge.",
    rule="RFC 7636 §4.3",
)
VERIFIER_WRONG = kind(
    "oauth-verifier-wrong",
    "invalid_grant",
    fr="code_verifier manque, ou n’est pas celui dont code_challenge est l’empreinte.",
    en="code_verifier is missing, or is not the one that code_challenge was made of.",
    rule="RFC 7636 §4.6",
)
VERIFIER_UNASKED = kind(
    "oauth-verifier-unasked",
    "invalid_grant",
    fr="code_verifier est donné pour un code demandé sans code_challenge : la demande a pu être altérée.",
    en="code_verifier is given for a code that was asked without code_challenge: the request may have been altered.",
    rule="RFC 9700 §4.8.2 (PKCE downgrade)",
)

# -- Token endpoint --------------------------------------------------------------------------------------------

GRANT_TYPE = kind(
    "oauth-grant-type",
    "unsupported_grant_type",
    fr="grant_type vaut {received} ; attendu : {known}.",
    en="grant_type is {received}; expected: {known}.",
    rule="RFC 6749 §5.2",
)
CLIENT_NOT_AUTHENTICATED = kind(
    "oauth-client-not-authenticated",
    "invalid_client",
    fr="Le client n’est pas reconnu : {fr}.",
    en="The client is not recognised: {en}.",
    rule="RFC 6749 §2.3, §5.2; RFC 7521 §4.2.1; RFC 8705 §2",
    status=401,
)
SEVERAL_AUTHENTICATIONS = kind(
    "oauth-several-authentications",
    "invalid_request",
    fr="Le client s’authentifie de plusieurs façons à la fois : {methods}. Gardez-en une.",
    en="The client authenticates in several ways at once: {methods}. Keep one.",
    rule="RFC 6749 §2.3",
)
TOKEN_TYPE = kind(
    "oauth-token-type",
    "invalid_request",
    fr="{name} vaut {received} ; attendu : {known}.",
    en="{name} is {received}; expected: {known}.",
    rule="RFC 8693 §2.1, §3",
)

LOGIN_REQUIRED = kind(
    "oauth-login-required",
    "login_required",
    fr="La personne doit s’authentifier, et prompt=none demande de ne rien lui montrer.",
    en="The person has to authenticate, and prompt=none asks to show nothing.",
    rule="OpenID Connect Core §3.1.2.6",
)
CODE_UNUSABLE = kind(
    "oauth-code-unusable",
    "invalid_grant",
    fr="Ce code n’est pas celui de ce client et de cette adresse redirect_uri, ou il a expiré.",
    en="This code is not of this client and this redirect_uri, or it has expired.",
    rule="RFC 6749 §4.1.3, §5.2",
)
BEARER_MISSING = kind(
    "oauth-bearer-missing",
    "invalid_request",
    fr="Aucun jeton : donnez-le dans l’en-tête « Authorization: Bearer … ».",
    en="No token: give it in the header “Authorization: Bearer …”.",
    rule="RFC 6750 §2, §3.1",
    status=401,
)
BEARER_TWICE = kind(
    "oauth-bearer-twice",
    "invalid_request",
    fr="Le jeton est donné de deux façons : gardez l’en-tête Authorization.",
    en="The token is given in two ways: keep the header Authorization.",
    rule="RFC 6750 §2, §3.1",
)
CERTIFICATE_NOT_BOUND = kind(
    "oauth-certificate-not-bound",
    "invalid_token",
    fr="Ce jeton est lié à un certificat qui n’est pas celui de la connexion.",
    en="This token is bound to a certificate that is not the one of the connection.",
    rule="RFC 8705 §3",
    status=401,
)
