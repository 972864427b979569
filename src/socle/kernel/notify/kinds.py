"""Kinds of notifications: what each says, whether it may be mailed, whether its reader may turn it off.

A service declares its kinds once and lists their codes in its manifest; the catalogue is the sum of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from socle.kernel.access import Permission
from socle.kernel.manifest import Text


class Channel(StrEnum):
    """How a notification reaches its reader. All but `off` are in the centre as well."""

    CENTRE = "centre"
    MAIL = "mail"
    DIGEST = "digest"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class NoticeKind:
    """`title` and `text` are `str.format` templates over what `socle.kernel.notify.wording` makes of the data, whose
    members are named with what each says; `link` leads into the house. `security`: what concerns the security of an
    account is always told, in the centre and by mail. `usual` is how it is told to who has not chosen; `reader` the
    permission of those who are told, None for everybody with an account. `restricted_too`: it is told even to a person
    whose data are restricted (GDPR art. 18), because it answers what they asked; so is what concerns security."""

    code: str
    title: Text
    text: Text
    link: str
    members: Mapping[str, str]
    mailed: bool = True
    security: bool = False
    usual: Channel = Channel.CENTRE
    reader: Permission | None = None
    restricted_too: bool = False

    @property
    def told_always(self) -> bool:
        """Even to a person whose data are restricted."""
        return self.security or self.restricted_too

    @property
    def channels(self) -> tuple[Channel, ...]:
        """Between which its reader chooses."""
        if self.security:
            return (self.usual,)
        return tuple(Channel) if self.mailed else (Channel.CENTRE, Channel.OFF)


CATALOGUE: dict[str, NoticeKind] = {}


def notice_kind(
    code: str,
    *,
    title: Text,
    text: Text,
    link: str,
    mailed: bool = True,
    usual: Channel = Channel.CENTRE,
    members: Mapping[str, str] | None = None,
    reader: Permission | None = None,
    restricted_too: bool = False,
) -> NoticeKind:
    """Declare a kind of notification that its reader may turn off."""
    return _added(
        NoticeKind(
            code,
            title,
            text,
            link,
            members or {},
            mailed=mailed,
            usual=usual,
            reader=reader,
            restricted_too=restricted_too,
        )
    )


def security_kind(
    code: str, *, title: Text, text: Text, link: str = "/compte", members: Mapping[str, str] | None = None
) -> NoticeKind:
    """Declare one that nobody turns off (OWASP ASVS 5.0, 6.3.7)."""
    return _added(NoticeKind(code, title, text, link, members or {}, security=True, usual=Channel.MAIL))


def _added(kind: NoticeKind) -> NoticeKind:
    if kind.code in CATALOGUE:
        raise ValueError(f"kind of notification declared twice: {kind.code}")
    CATALOGUE[kind.code] = kind
    return kind
