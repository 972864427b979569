"""How many rounds the loops of the soak tier make."""

import pytest

from tests.soak.test_killed_house import KILLS
from tests.support.rounds import SOAK_ROUNDS, rounds


def test_the_house_is_killed_fifty_times_unless_somebody_says_otherwise(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv(SOAK_ROUNDS, raising=False)
    assert (rounds(), rounds(KILLS)) == (25, 50)
    monkeypatch.setenv(SOAK_ROUNDS, "1000")
    assert (rounds(), rounds(KILLS)) == (1_000, 1_000)
