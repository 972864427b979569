"""What a production installation must have before any part of it starts."""

from socle.app.faults import UNSAFE_START
from socle.kernel.errors import SocleError
from socle.kernel.settings import Settings

SECRET_LENGTH = 32


def check_profile(chosen: Settings) -> None:
    """Raises SocleError(UNSAFE_START) with everything that a production installation still lacks."""
    if not chosen.production:
        return
    faults = [
        (
            len(chosen.secret) < SECRET_LENGTH,
            f"SOCLE_SECRET a moins de {SECRET_LENGTH} caractères",
            f"SOCLE_SECRET has fewer than {SECRET_LENGTH} characters",
        ),
        (
            chosen.database_url.startswith("sqlite:"),
            "SOCLE_DATABASE n’est pas PostgreSQL",
            "SOCLE_DATABASE is not PostgreSQL",
        ),
        (
            not chosen.base_url.startswith("https://"),
            "SOCLE_BASE_URL n’est pas en https",
            "SOCLE_BASE_URL is not https",
        ),
    ]
    found = [(fr, en) for wrong, fr, en in faults if wrong]
    if found:
        raise SocleError(
            UNSAFE_START,
            faults_fr=" ; ".join(fr for fr, _ in found) + ".",
            faults_en="; ".join(en for _, en in found) + ".",
        )
