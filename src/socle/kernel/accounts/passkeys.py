"""Passkeys (W3C Web Authentication Level 3): what the browser is asked to sign, and the check of what it signed.

A passkey is a second factor here, beside the password. Attestation is not asked for: which make of key somebody has is
nobody's business.
"""

from dataclasses import dataclass
from urllib.parse import urlsplit

from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from socle.kernel.accounts.faults import PASSKEY_REFUSED
from socle.kernel.errors import SocleError
from socle.kernel.settings import settings


@dataclass(frozen=True, slots=True)
class Passkey:
    """`handle` and `public` in base64url, `counter` the number of signatures that the key has counted."""

    handle: str
    public: str
    counter: int


def _site() -> tuple[str, str]:
    """The relying party's identifier (a host) and its origin."""
    parts = urlsplit(settings().public_url)
    return parts.hostname or "localhost", f"{parts.scheme}://{parts.netloc}"


def creation_options(*, account: str, name: str, known: list[Passkey], challenge: bytes) -> str:
    """What `navigator.credentials.create` takes, as JSON."""
    options = generate_registration_options(
        rp_id=_site()[0],
        rp_name="Socle",
        user_id=account.encode(),
        user_name=name,
        challenge=challenge,
        exclude_credentials=_described(known),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.DISCOURAGED,
            user_verification=UserVerificationRequirement.PREFERRED,
        ),
    )
    return options_to_json(options)


def created(answer: str, challenge: bytes) -> Passkey:
    """The new key that the browser made. Raises SocleError(PASSKEY_REFUSED)."""
    host, origin = _site()
    try:
        verified = verify_registration_response(
            credential=answer, expected_challenge=challenge, expected_rp_id=host, expected_origin=origin
        )
    except (WebAuthnException, ValueError) as failure:
        raise SocleError(PASSKEY_REFUSED) from failure
    return Passkey(
        bytes_to_base64url(verified.credential_id),
        bytes_to_base64url(verified.credential_public_key),
        verified.sign_count,
    )


def request_options(known: list[Passkey], challenge: bytes) -> str:
    """What `navigator.credentials.get` takes, as JSON."""
    return options_to_json(
        generate_authentication_options(
            rp_id=_site()[0], challenge=challenge, allow_credentials=_described(known)
        )
    )


def signed(answer: str, challenge: bytes, known: Passkey) -> int:
    """The counter after this signature. Raises SocleError(PASSKEY_REFUSED), also for a counter that went back."""
    host, origin = _site()
    try:
        verified = verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=host,
            expected_origin=origin,
            credential_public_key=base64url_to_bytes(known.public),
            credential_current_sign_count=known.counter,
        )
    except (WebAuthnException, ValueError) as failure:
        raise SocleError(PASSKEY_REFUSED) from failure
    return verified.new_sign_count


def _described(known: list[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(key.handle)) for key in known]
