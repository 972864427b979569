"""RPPS numbers of persons who are registered here: from a range that is given to nobody (assumed), with a valid key."""

from socle.standards.annuaire.identifiers import RPPS_LENGTH, luhn_key

NATIONAL_PREFIX = "8"
"""Of an RPPS number, in a national identification (TRE_G08)."""


def rpps_number(prefix: str, rank: int) -> str:
    """The number of this rank in the range of `prefix`: prefix, rank, Luhn key; 11 digits. Raises LookupError when the
    range has no such rank."""
    width = RPPS_LENGTH - 1 - len(prefix)
    if not 0 <= rank < 10**width:
        raise LookupError(f"no rank {rank} in the range {prefix}")
    base = f"{prefix}{rank:0{width}d}"
    return f"{base}{luhn_key(base)}"


def national_id(rpps: str) -> str:
    return NATIONAL_PREFIX + rpps


def rpps_of(national: str) -> str:
    """The RPPS number of a national identification; empty for one of another kind."""
    return national.removeprefix(NATIONAL_PREFIX) if national.startswith(NATIONAL_PREFIX) else ""
