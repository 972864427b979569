"""Passwords: long rather than complicated, kept with Argon2id (RFC 9106 §4, second recommended option).

No rule of composition and no expiry (OWASP ASVS 5.0, 6.2.5 and 6.2.10): what makes a password weak is to be short, or
to be among those that everybody tries first.
"""

import gzip
import unicodedata
from functools import cache
from importlib.resources import files

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from socle.kernel.accounts.faults import PASSWORD_KNOWN, PASSWORD_TOO_LONG, PASSWORD_TOO_SHORT
from socle.kernel.errors import SocleError

LEAST, MOST = 12, 256
_HASHER = PasswordHasher(time_cost=3, memory_cost=65_536, parallelism=4)


def check(password: str, *, email: str, name: str) -> None:
    """Raise SocleError when the password is too short, too long, well known, or says who its holder is."""
    if len(password) < LEAST:
        raise SocleError(PASSWORD_TOO_SHORT, length=len(password), least=LEAST)
    if len(password) > MOST:
        raise SocleError(PASSWORD_TOO_LONG, most=MOST)
    folded = _folded(password)
    about = {_folded(text) for text in (email, email.partition("@")[0], name)} - {""}
    bare = _without_tail(folded)
    if folded in about or bare in about or _known_over(bare) or len(set(folded)) < 5:
        raise SocleError(PASSWORD_KNOWN)


def _known_over(bare: str) -> bool:
    """Whether this is a known password, or one typed several times over."""
    parts = [bare[: len(bare) // times] for times in (1, 2, 3, 4) if len(bare) % times == 0]
    return any(part in _known() and part * (len(bare) // len(part)) == bare for part in parts if part)


def hashed(password: str) -> str:
    """The PHC string that `matches` verifies."""
    return _HASHER.hash(_normal(password))


def matches(stored: str | None, password: str) -> bool:
    """Whether this is the password. Without a stored hash the same work is done, so that the time taken does not say
    whether an account exists."""
    try:
        return _HASHER.verify(stored or _nobody(), _normal(password[: MOST + 1])) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(stored: str) -> bool:
    """Whether the hash was made with other costs than those of today."""
    return _HASHER.check_needs_rehash(stored)


@cache
def _nobody() -> str:
    return _HASHER.hash("nobody’s password")


@cache
def _known() -> frozenset[str]:
    """The twenty thousand passwords found most often in leaks, as Django ships them, and the words of this place
    (`known_passwords.txt`); without the digits that people add at the end."""
    leaked = gzip.decompress((files("django.contrib.auth") / "common-passwords.txt.gz").read_bytes()).decode()
    ours = (files("socle.kernel.accounts") / "known_passwords.txt").read_text("utf-8")
    folded = [_folded(line) for line in ours.splitlines() if not line.startswith("#")]
    # Django's are in lower case and without accents already.
    folded += [word if word.isalnum() else _folded(word) for word in leaked.split()]
    return frozenset(map(_without_tail, folded)) - {""}


def _normal(password: str) -> str:
    """The same characters whatever the keyboard composed them from (RFC 8265 §4.2: NFC)."""
    return unicodedata.normalize("NFC", password)


def _folded(text: str) -> str:
    """Letters and digits, without case nor accents."""
    bare = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in bare if character.isalnum())


def _without_tail(folded: str) -> str:
    return folded.rstrip("0123456789") or folded
