"""Authorization codes: for whom, for which address, until when, under which challenge (RFC 6749 §4.1.3)."""

from dataclasses import dataclass

from socle.standards.oauth.faults import CODE_UNUSABLE, Refused
from socle.standards.oauth.pkce import Challenge, check_verifier
from socle.standards.oauth.token_requests import CodeGrant


@dataclass(frozen=True, slots=True)
class IssuedCode:
    """What was said when the code was given; `expires` in seconds since 1970. That it is used once is for who keeps it:
    a second use ends what the first one gave (RFC 6749 §4.1.2)."""

    client_id: str
    redirect_uri: str
    challenge: Challenge | None
    expires: int

    def check(self, grant: CodeGrant, client_id: str, now: int) -> None:
        """Raises Refused: CODE_UNUSABLE, the same whatever does not fit; VERIFIER_WRONG, VERIFIER_UNASKED."""
        fits = (client_id, grant.redirect_uri) == (self.client_id, self.redirect_uri)
        if not fits or now >= self.expires:
            raise Refused(CODE_UNUSABLE)
        check_verifier(self.challenge, grant.verifier)
