"""Security headers, encoded once.

Pages get the whole set. What a program reads (JSON, files) gets the two that still protect it when a browser is made
to open it: no sniffing of the type, and a content policy that lets nothing run. Sources: OWASP Secure Headers Project,
W3C Content Security Policy Level 3.
"""

from typing import NamedTuple

Headers = tuple[tuple[bytes, bytes], ...]

_PAGE_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
_NO_SNIFF = (b"x-content-type-options", b"nosniff")
_UNUSED_FEATURES = (
    "camera",
    "display-capture",
    "geolocation",
    "microphone",
    "payment",
    "usb",
    "browsing-topics",
)

PAGE: Headers = (
    (b"content-security-policy", _PAGE_POLICY.encode()),
    _NO_SNIFF,
    (b"referrer-policy", b"same-origin"),
    (b"permissions-policy", ", ".join(f"{feature}=()" for feature in _UNUSED_FEATURES).encode()),
    (b"cross-origin-opener-policy", b"same-origin"),
)
DATA: Headers = (
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    _NO_SNIFF,
)
_ONLY_TLS = (b"strict-transport-security", b"max-age=31536000")


class SecurityHeaders(NamedTuple):
    """The headers added to pages and to data."""

    page: Headers
    data: Headers

    @classmethod
    def over(cls, scheme: str) -> "SecurityHeaders":
        """For an installation whose public address has this scheme: `https` adds Strict-Transport-Security."""
        extra = (_ONLY_TLS,) if scheme == "https" else ()
        return cls(PAGE + extra, DATA + extra)
