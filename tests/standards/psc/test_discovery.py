"""The discovery document: true to what is served, with the wallet on its own host."""

from socle.standards.oauth.clients import GrantType, Method
from socle.standards.psc.discovery import REALM, Hosts, discovery

HOSTS = Hosts("https://auth.bas.example", "https://wallet.bas.example", "https://mtls.bas.example")
DOCUMENT = discovery(HOSTS, ("RS256", "ES256"))
ISSUER = "https://auth.bas.example/auth/realms/esante-wallet"


def test_the_endpoints_are_where_published_clients_call_them() -> None:
    protocol = f"{ISSUER}/protocol/openid-connect"
    assert {
        name: value for name, value in DOCUMENT.items() if "endpoint" in name and isinstance(value, str)
    } == {
        "authorization_endpoint": "https://wallet.bas.example/auth",
        "token_endpoint": f"{protocol}/token",
        "introspection_endpoint": f"{protocol}/token/introspect",
        "userinfo_endpoint": f"{protocol}/userinfo",
        "end_session_endpoint": f"{protocol}/logout",
        "revocation_endpoint": f"{protocol}/revoke",
        "pushed_authorization_request_endpoint": f"{protocol}/ext/par/request",
        "backchannel_authentication_endpoint": f"{protocol}/ext/ciba/auth",
    }
    assert (DOCUMENT["issuer"], DOCUMENT["jwks_uri"]) == (ISSUER, f"{protocol}/certs")


def test_a_certificate_is_asked_for_on_its_own_host() -> None:
    aliases = DOCUMENT["mtls_endpoint_aliases"]
    assert set(aliases) <= DOCUMENT.keys()
    for name, address in aliases.items():
        assert address == DOCUMENT[name].replace("auth.bas.example", "mtls.bas.example")
    assert aliases["token_endpoint"].startswith(f"https://mtls.bas.example{REALM}/")


def test_only_what_is_read_is_announced() -> None:
    assert DOCUMENT["response_types_supported"] == ["code"]
    assert DOCUMENT["acr_values_supported"] == ["eidas1", "eidas2", "eidas3"]
    assert DOCUMENT["grant_types_supported"] == [grant.value for grant in GrantType]
    assert set(DOCUMENT["token_endpoint_auth_methods_supported"]) == {method.value for method in Method}
    assert "none" not in DOCUMENT["introspection_endpoint_auth_methods_supported"]
    assert DOCUMENT["id_token_signing_alg_values_supported"] == ["RS256", "ES256"]
    assert {"openid", "scope_all"} <= set(DOCUMENT["scopes_supported"])
    assert not DOCUMENT["request_uri_parameter_supported"]
    signed = [name for name in DOCUMENT if "signing_alg" in name]
    assert len(signed) == 6
    assert all("none" not in DOCUMENT[name] for name in signed)
