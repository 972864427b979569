"""Stable 64-bit hashes of what is searched for, signed as both engines store them.

XXH3 (64 bits) seeded by the parameter: one seed a parameter keeps `role` and `type` apart without a column. Two values
that collide would be found for one another: with 10^8 distinct values the chance that any pair does is below 1 in
3,000, and a token also compares its system (ADR 0005).
"""

from xxhash import xxh3_64_intdigest, xxh3_128_digest, xxh32_intdigest

_HALF = 1 << 63
_FULL = 1 << 64


def hash64(text: str, seed: int = 0) -> int:
    value = xxh3_64_intdigest(text.encode(), seed)
    return value if value < _HALF else value - _FULL


def seed_of(name: str) -> int:
    """The seed of a parameter, from its full name `Type.code`."""
    return xxh3_64_intdigest(name.encode())


def number_of(name: str) -> int:
    """The 31-bit number under which string, reference and date rows carry a parameter."""
    return xxh32_intdigest(name.encode()) & 0x7FFFFFFF


def system_hash(system: str | None) -> int:
    """31-bit hash of a token's system; 0 stands for "no system"."""
    return (xxh32_intdigest(system.encode()) & 0x7FFFFFFF) or 1 if system else 0


def digest(content: bytes) -> bytes:
    return xxh3_128_digest(content)
