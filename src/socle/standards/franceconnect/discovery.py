"""The discovery document of FranceConnect+, under the standard name."""

from typing import Any, Final

from socle.standards.franceconnect.provider import all_scopes, claims_of, provider
from socle.standards.oauth import nested
from socle.standards.oauth.clients import Method

NAME: Final = "/.well-known/openid-configuration"
BASE: Final = "/api/v2"
"""The path of the issuer on its host."""
PATHS: Final = {
    "authorization_endpoint": "/authorize",
    "token_endpoint": "/token",
    "userinfo_endpoint": "/userinfo",
    "end_session_endpoint": "/session/end",
    "jwks_uri": "/jwks",
    "revocation_endpoint": "/token/revocation",
}
"""Under the issuer; the last one is assumed."""
SIGNATURE: Final = "ES256"


def discovery(host: str) -> dict[str, Any]:
    """`host` is an address without a slash at the end."""
    issuer = host + BASE
    method = [Method.SECRET_POST.value]
    return {
        "issuer": issuer,
        **{name: issuer + path for name, path in PATHS.items()},
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code"],
        "subject_types_supported": ["pairwise"],
        "acr_values_supported": [level.value for level in provider(issuer).levels],
        "scopes_supported": list(all_scopes()),
        "claims_supported": [*claims_of(all_scopes()), "acr", "amr", "auth_time"],
        "claims_parameter_supported": True,
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
        **{f"{name}_endpoint_auth_methods_supported": method for name in ("token", "revocation")},
        **_encrypted("id_token"),
        **_encrypted("userinfo"),
    }


def _encrypted(what: str) -> dict[str, list[str]]:
    return {
        f"{what}_signing_alg_values_supported": [SIGNATURE],
        f"{what}_encryption_alg_values_supported": list(nested.ALGORITHMS),
        f"{what}_encryption_enc_values_supported": [nested.ENCRYPTION],
    }
