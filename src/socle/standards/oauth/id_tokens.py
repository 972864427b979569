"""The claims of the tokens that a provider issues, and what it believes of those that come back to it."""

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256, sha384, sha512
from typing import Any, Final

from socle.standards.oauth.faults import HINT_UNREADABLE, Refused, TokenFault
from socle.standards.oauth.jwt import Claims, Verifier, verify
from socle.standards.oauth.validity import audiences_of

LOGOUT_EVENT: Final = "http://schemas.openid.net/event/backchannel-logout"
LOGOUT_TYPE: Final = "logout+jwt"
ACCESS_TYPE: Final = "at+jwt"
_HASHES: Final = {"256": sha256, "384": sha384, "512": sha512}


@dataclass(frozen=True, slots=True)
class SignIn:
    """How somebody entered: `auth_time` in seconds since 1970, the level reached (`acr`), the means used (`amr`, RFC
    8176), the name of the provider's session (`sid`)."""

    subject: str
    auth_time: int
    acr: str
    amr: tuple[str, ...]
    sid: str


@dataclass(frozen=True, slots=True)
class Issue:
    """One token made: by whom, for which client, when (seconds since 1970), for how many seconds, under which name."""

    issuer: str
    client_id: str
    issued: int
    lifetime: int
    jti: str


@dataclass(frozen=True, slots=True)
class Hint:
    """Of whom and of which session an id_token given back speaks; `clients` are those it was made for."""

    subject: str
    sid: str
    clients: tuple[str, ...]


def half_hash(value: str, algorithm: str) -> str:
    """`at_hash` or `c_hash`: base64url of the left half of the hash of the token's own algorithm (OpenID Connect Core
    §3.1.3.6)."""
    digest = _HASHES[algorithm[2:]](value.encode("ascii")).digest()
    return urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=").decode()


def id_token_claims(
    issue: Issue, sign_in: SignIn, *, nonce: str, access_token: str, algorithm: str, more: Mapping[str, Any]
) -> Claims:
    """OpenID Connect Core §2. `more` are the person's claims; none replaces one of the protocol's. Without a nonce, or
    an access token beside it, the claims that tell of them are left out."""
    return {
        **more,
        **_issued(issue, sign_in),
        "aud": issue.client_id,
        "typ": "ID",
        "amr": list(sign_in.amr),
        **({"nonce": nonce} if nonce else {}),
        **({"at_hash": half_hash(access_token, algorithm)} if access_token else {}),
    }


def access_token_claims(
    issue: Issue,
    sign_in: SignIn,
    *,
    scopes: tuple[str, ...],
    audiences: tuple[str, ...],
    cnf: Mapping[str, str] | None,
    more: Mapping[str, Any],
) -> Claims:
    """An access token that resource servers can read (RFC 9068 §2.2 with the names that Pro Santé Connect adds);
    `cnf` binds it to a certificate (RFC 8705 §3)."""
    return {
        **more,
        **_issued(issue, sign_in),
        "typ": "Bearer",
        "client_id": issue.client_id,
        "scope": " ".join(scopes),
        **({"aud": audiences[0] if len(audiences) == 1 else list(audiences)} if audiences else {}),
        **({"cnf": dict(cnf)} if cnf else {}),
    }


def logout_token_claims(issue: Issue, subject: str, sid: str) -> Claims:
    """Back-Channel Logout §2.4: never a nonce, so that it cannot pass for an id_token. Signed with type LOGOUT_TYPE."""
    return {
        "iss": issue.issuer,
        "aud": issue.client_id,
        "iat": issue.issued,
        "exp": issue.issued + issue.lifetime,
        "jti": issue.jti,
        "sub": subject,
        "sid": sid,
        "events": {LOGOUT_EVENT: {}},
    }


def read_hint(token: str, verifier: Verifier, issuer: str) -> Hint:
    """What an id_token_hint says. It may have expired: it names a session, it opens none (RP-Initiated Logout §4).
    Raises Refused(HINT_UNREADABLE)."""
    try:
        claims = verify(token, verifier)
        if claims.get("iss") != issuer or claims.get("typ") != "ID":
            raise TokenFault("ce jeton n’a pas été donné ici", "this token was not given here")
    except TokenFault as fault:
        raise Refused(HINT_UNREADABLE, **fault.as_data()) from None
    return Hint(str(claims.get("sub", "")), str(claims.get("sid", "")), audiences_of(claims))


def _issued(issue: Issue, sign_in: SignIn) -> Claims:
    return {
        "exp": issue.issued + issue.lifetime,
        "iat": issue.issued,
        "auth_time": sign_in.auth_time,
        "jti": issue.jti,
        "iss": issue.issuer,
        "sub": sign_in.subject,
        "azp": issue.client_id,
        "session_state": sign_in.sid,
        "sid": sign_in.sid,
        "acr": sign_in.acr,
    }
