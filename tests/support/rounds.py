"""How long the loops of the soak tier are: `make soak` takes about 25 minutes, `SOCLE_SOAK_ROUNDS` says otherwise."""

import os

SOAK_ROUNDS = "SOCLE_SOAK_ROUNDS"
_ROUNDS = 25


def rounds(usual: int = _ROUNDS) -> int:
    """How many times each loop goes round on each engine; `usual` is what this loop does when nobody says."""
    return int(os.environ.get(SOAK_ROUNDS) or usual)
