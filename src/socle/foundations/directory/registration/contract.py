"""The role and the contract that binds a person to a structure: what kind, from when to when."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from typing import Final

from socle.foundations.directory.registration.faults import (
    CONTRACT_BACKWARDS,
    CONTRACT_END_ASKED,
    CONTRACT_FAR,
    CONTRACT_OVER,
    ROLE_UNKNOWN,
)
from socle.foundations.terminology.tables import table
from socle.kernel.errors import SocleError

LONGEST_AHEAD_DAYS: Final = 90
"""A contract may be registered this long before it begins."""
_EARLIEST: Final = date(1940, 1, 1)


class ContractKind(StrEnum):
    PERMANENT = "permanent"
    FIXED_TERM = "fixed-term"
    AGENCY = "agency"
    PUBLIC = "public"
    APPRENTICESHIP = "apprenticeship"
    VOLUNTEER = "volunteer"


HAVE_AN_END: Final = frozenset((ContractKind.FIXED_TERM, ContractKind.AGENCY, ContractKind.APPRENTICESHIP))


@dataclass(frozen=True, slots=True)
class Contract:
    """`role` is a code of TRE_R85; `ends` is the last day, None when the contract does not say one."""

    role: str
    kind: ContractKind
    starts: date
    ends: date | None = None

    @property
    def mode(self) -> str:
        """Code of TRE_R23."""
        return "B" if self.kind is ContractKind.VOLUNTEER else "S"

    def has_begun(self, today: date) -> bool:
        return self.starts <= today

    def is_over(self, today: date) -> bool:
        """The last day belongs to the contract."""
        return self.ends is not None and today > self.ends


@cache
def roles() -> dict[str, tuple[str, str]]:
    """The roles that can be registered (TRE_R85), in the order of their French labels: code → (French, English)."""
    found = {code: (table("R85").display(code), table("R85").display(code, "en")) for code in table("R85")}
    told = {code: (fr or code, en or code) for code, (fr, en) in found.items()}
    return dict(sorted(told.items(), key=lambda one: one[1][0].casefold()))


def checked_contract(contract: Contract, today: date) -> Contract:
    """Raises SocleError: ROLE_UNKNOWN, CONTRACT_BACKWARDS, CONTRACT_END_ASKED, CONTRACT_OVER, CONTRACT_FAR."""
    if contract.role not in roles():
        raise SocleError(ROLE_UNKNOWN, received=contract.role[:20])
    check_end(contract)
    if contract.is_over(today):
        raise SocleError(CONTRACT_OVER, received=str(contract.ends), today=str(today))
    latest = today + timedelta(days=LONGEST_AHEAD_DAYS)
    if not _EARLIEST <= contract.starts <= latest:
        raise SocleError(
            CONTRACT_FAR, received=str(contract.starts), earliest=str(_EARLIEST), latest=str(latest)
        )
    return contract


def check_end(contract: Contract) -> None:
    """Raises SocleError: CONTRACT_END_ASKED, CONTRACT_BACKWARDS."""
    if contract.ends is None and contract.kind in HAVE_AN_END:
        raise SocleError(CONTRACT_END_ASKED)
    if contract.ends is not None and contract.ends < contract.starts:
        raise SocleError(CONTRACT_BACKWARDS, starts=str(contract.starts), ends=str(contract.ends))
