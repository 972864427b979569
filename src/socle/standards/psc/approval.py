"""How Pro Santé Connect asks on the phone: whom, through which channel, with which number; and what the phone signs."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from socle.standards.oauth.ciba import Asked, read_backchannel
from socle.standards.oauth.ciba_faults import BINDING_MESSAGE, USER_UNKNOWN
from socle.standards.oauth.clients import Client
from socle.standards.oauth.faults import Refused
from socle.standards.oauth.parameters import Parameters
from socle.standards.oauth.provider import Provider

_TWO_DIGITS: Final = re.compile(r"[0-9]{2}")
_NATIONAL_ID: Final = re.compile(r"[0-9A-Z][0-9A-Za-z/]{8,29}")


class Channel(StrEnum):
    """Through what the person answers: the e-CPS, or the card reader of the workstation."""

    MOBILE = "MOBILE"
    CARD = "CARD"


@dataclass(frozen=True, slots=True)
class ApprovalAsked:
    """`asked.login_hint` is the national identification, or empty when an id_token_hint names the person."""

    asked: Asked
    channel: Channel


def read_approval(parameters: Parameters, client: Client, provider: Provider) -> ApprovalAsked:
    """A backchannel request with what Pro Santé Connect adds. The number is asked of every client: comparing it is what
    keeps a person from approving the login of somebody else. Without `channel` the phone is meant (assumed).

    Raises Refused by the codes of CIBA Core §13: BINDING_MESSAGE, USER_UNKNOWN, UNKNOWN_VALUE of a channel…
    """
    asked = read_backchannel(parameters, client, provider)
    channel = Channel(parameters.known("channel", Channel) or Channel.MOBILE)
    if not _TWO_DIGITS.fullmatch(asked.binding_message):
        raise Refused(BINDING_MESSAGE)
    if asked.login_hint and not _NATIONAL_ID.fullmatch(asked.login_hint):
        raise Refused(USER_UNKNOWN)
    return ApprovalAsked(asked, channel)


def challenge(auth_req_id: str, binding_message: str, client_id: str) -> bytes:
    """What the phone signs: `auth_req_id|binding_message|client_id` in UTF-8, so that an approval is worth nothing for
    another request, another number or another client (our design; the e-CPS protocol is not published)."""
    return "|".join((auth_req_id, binding_message, client_id)).encode()


def is_signed_by(public: bytes, asked: bytes, signature: bytes) -> bool:
    """Whether the key of a phone (SubjectPublicKeyInfo in DER, on P-256) signed a challenge: ECDSA with SHA-256, the
    signature in DER as phones make it."""
    try:
        key = load_der_public_key(public)
        if not isinstance(key, EllipticCurvePublicKey) or not isinstance(key.curve, SECP256R1):
            return False
        key.verify(signature, asked, ECDSA(SHA256()))
    except (InvalidSignature, ValueError):
        return False
    return True
