"""The discovery document of Pro Santé Connect, with the two things that break standard clients: its name is
`wallet-openid-configuration`, and the authorization endpoint is on another host than the issuer.

The members are those of the captured document (ansforge/psc-edc-proxy-esante, mock_discovery_response.json). What is
not served here is not announced, and `acr_values_supported` lists the levels that are really answered where the capture
has Keycloak's `["0", "0"]`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from socle.standards.oauth.authorization import ResponseMode
from socle.standards.oauth.clients import GrantType, Method
from socle.standards.oauth.jwt import ALGORITHMS, SECRET_ALGORITHMS
from socle.standards.oauth.levels import Level
from socle.standards.psc.provider import SCOPES

WALLET_NAME: Final = "/.well-known/wallet-openid-configuration"
STANDARD_NAME: Final = "/.well-known/openid-configuration"
REALM: Final = "/auth/realms/esante-wallet"
"""The path of the issuer on its host."""
AUTHORIZATION: Final = "/auth"
"""The path of the authorization endpoint on the host of the wallet."""
_PROTOCOL: Final = "/protocol/openid-connect"
PATHS: Final = {
    "token_endpoint": f"{_PROTOCOL}/token",
    "introspection_endpoint": f"{_PROTOCOL}/token/introspect",
    "userinfo_endpoint": f"{_PROTOCOL}/userinfo",
    "end_session_endpoint": f"{_PROTOCOL}/logout",
    "jwks_uri": f"{_PROTOCOL}/certs",
    "revocation_endpoint": f"{_PROTOCOL}/revoke",
    "pushed_authorization_request_endpoint": f"{_PROTOCOL}/ext/par/request",
    "backchannel_authentication_endpoint": f"{_PROTOCOL}/ext/ciba/auth",
}
"""Under the issuer."""
_WITH_CERTIFICATE: Final = (
    *("token_endpoint", "revocation_endpoint", "introspection_endpoint", "userinfo_endpoint"),
    *("pushed_authorization_request_endpoint", "backchannel_authentication_endpoint"),
)
_CLIENT_METHODS: Final = (
    *(Method.PRIVATE_KEY_JWT, Method.SECRET_BASIC, Method.SECRET_POST),
    *(Method.TLS, Method.SECRET_JWT),
)
_CLAIMS: Final = (
    *("aud", "sub", "iss", "auth_time", "given_name", "family_name", "preferred_username", "acr", "amr"),
    *("SubjectNameID", "SubjectRole", "SubjectOrganization", "SubjectOrganizationID", "SubjectRefPro"),
    *("Secteur_Activite", "PSI_Locale", "Mode_Acces_Raison", "Acces_Regulation_Medicale", "UITVersion"),
    *("Palier_Authentification", "otherIds", "email_verified"),
)


@dataclass(frozen=True, slots=True)
class Hosts:
    """Addresses without a slash at the end: of the host of the issuer, of that of the wallet, and of the one that asks
    for a client certificate."""

    issuer_host: str
    wallet_host: str
    certificate_host: str

    @property
    def issuer(self) -> str:
        return self.issuer_host + REALM

    @property
    def authorization_endpoint(self) -> str:
        return self.wallet_host + AUTHORIZATION

    def endpoint(self, name: str) -> str:
        return self.issuer + PATHS[name]


def discovery(hosts: Hosts, signatures: Sequence[str]) -> dict[str, Any]:
    """The document, the same under both names. `signatures` are the algorithms of the keys in use for tokens."""
    return {
        "issuer": hosts.issuer,
        "authorization_endpoint": hosts.authorization_endpoint,
        **{name: hosts.endpoint(name) for name in PATHS},
        "mtls_endpoint_aliases": {
            name: hosts.certificate_host + REALM + PATHS[name] for name in _WITH_CERTIFICATE
        },
        **_tokens(signatures),
        **_requests(),
        **_client_authentication(),
        "backchannel_logout_supported": True,
        "backchannel_logout_session_supported": True,
        "frontchannel_logout_supported": False,
        "frontchannel_logout_session_supported": False,
    }


def _tokens(signatures: Sequence[str]) -> dict[str, Any]:
    return {
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": list(signatures),
        "userinfo_signing_alg_values_supported": list(signatures),
        "claims_supported": list(_CLAIMS),
        "claim_types_supported": ["normal"],
        "tls_client_certificate_bound_access_tokens": True,
    }


def _requests() -> dict[str, Any]:
    return {
        "grant_types_supported": [grant.value for grant in GrantType],
        "response_types_supported": ["code"],
        "response_modes_supported": [mode.value for mode in ResponseMode],
        "scopes_supported": list(SCOPES),
        "acr_values_supported": [level.value for level in Level],
        "claims_parameter_supported": True,
        "request_parameter_supported": True,
        "request_object_signing_alg_values_supported": list(ALGORITHMS),
        # True by default in the standard, which would have clients send addresses that nobody reads.
        "request_uri_parameter_supported": False,
        "require_pushed_authorization_requests": False,
        "code_challenge_methods_supported": ["plain", "S256"],
        "authorization_response_iss_parameter_supported": True,
        "backchannel_token_delivery_modes_supported": ["poll"],
        "backchannel_user_code_parameter_supported": False,
    }


def _client_authentication() -> dict[str, Any]:
    methods = [method.value for method in _CLIENT_METHODS]
    told: dict[str, Any] = {}
    for endpoint in ("token", "introspection", "revocation"):
        # A public client gets tokens, but asks about none (RFC 7662 §2.1).
        public = [Method.NONE.value] if endpoint != "introspection" else []
        told[f"{endpoint}_endpoint_auth_methods_supported"] = methods + public
        told[f"{endpoint}_endpoint_auth_signing_alg_values_supported"] = [*ALGORITHMS, *SECRET_ALGORITHMS]
    return told
