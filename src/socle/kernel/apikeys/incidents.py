"""Incidents on demand: what a national portal does on a bad day, so that software meets it before its users do.

`SOCLE_…_INCIDENTS=502:5 slow:10` makes five calls in a hundred answer 502 and ten in a hundred come late, always the
same ones for the same sequence of calls. In a demonstration a caller may ask for one by a header.
"""

from dataclasses import dataclass
from enum import StrEnum

HEADER = b"x-socle-incident"


class Incident(StrEnum):
    UNAUTHORIZED = "401"
    TOO_MANY = "429"
    BAD_GATEWAY = "502"
    TIMEOUT = "504"
    SLOW = "slow"


@dataclass(frozen=True, slots=True)
class Share:
    """`percent` of the calls, more than 0 and at most 100."""

    incident: Incident
    percent: float


def read_shares(text: str) -> tuple[Share, ...]:
    """The value of the setting: `incident:percent` separated by spaces, each incident once, 100 % in all at most.

    Raises ValueError that says what would pass.
    """
    shares = tuple(_share(word) for word in text.split())
    if len({share.incident for share in shares}) < len(shares):
        raise ValueError(f"incidents: got {text!r}; each incident once")
    if sum(share.percent for share in shares) > 100:
        raise ValueError(f"incidents: got {text!r}; expected 100 % in all at most")
    return shares


def _share(word: str) -> Share:
    name, _, share = word.partition(":")
    known = ", ".join(incident.value for incident in Incident)
    try:
        percent = float(share)
        incident = Incident(name)
    except ValueError:
        raise ValueError(
            f"incidents: got {word!r}; expected incident:percent, incident one of {known}"
        ) from None
    if not 0 < percent <= 100:
        raise ValueError(f"incidents: got {word!r}; expected more than 0 % and at most 100 %")
    return Share(incident, percent)


class Sequence:
    """Spreads the incidents over the calls, as evenly as their shares allow; two runs of the same calls meet the same
    incidents at the same places."""

    def __init__(self, shares: tuple[Share, ...]) -> None:
        self._shares = shares
        self._due = [0.0] * len(shares)

    def next(self) -> Incident | None:
        """What happens to this call."""
        for index, share in enumerate(self._shares):
            self._due[index] += share.percent
        late = max(range(len(self._due)), key=self._due.__getitem__, default=None)
        if late is None or self._due[late] < 100:
            return None
        self._due[late] -= 100
        return self._shares[late].incident


def asked(value: bytes) -> Incident | None:
    """The incident that a caller asks for; None when it names none."""
    try:
        return Incident(value.decode("latin-1").strip())
    except ValueError:
        return None
