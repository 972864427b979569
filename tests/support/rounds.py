"""How long the loops of the soak tier are: `make soak` takes about ten minutes, `SOCLE_SOAK_ROUNDS` says otherwise."""

import os

SOAK_ROUNDS = "SOCLE_SOAK_ROUNDS"
_ROUNDS = 25


def rounds() -> int:
    """How many times each loop goes round on each engine."""
    return int(os.environ.get(SOAK_ROUNDS) or _ROUNDS)
