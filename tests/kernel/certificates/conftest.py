"""Keys of authorities as short as they may be: making longer ones takes the processor a while."""

import pytest

from socle.kernel.keyring import signing
from socle.standards.igc.certificates import LEAST_RSA_BITS


@pytest.fixture(autouse=True)
def short_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signing, "_RSA_BITS", LEAST_RSA_BITS)
