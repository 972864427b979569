"""What all the sources together say of one person or one structure, before it is put into FHIR."""

from dataclasses import dataclass, field

from socle.foundations.directory.statements import (
    ActivityLine,
    DiplomaLine,
    MailboxLine,
    SkillLine,
    StructureLine,
)


@dataclass(slots=True)
class PersonFacts:
    """`national_id` is the national identification; a person is in activity as long as the activity file says so, or a
    role that was registered here. What the file says of a person comes before what was registered."""

    national_id: str
    activity: list[ActivityLine] = field(default_factory=list)
    skills: list[SkillLine] = field(default_factory=list)
    diplomas: list[DiplomaLine] = field(default_factory=list)
    mailboxes: list[MailboxLine] = field(default_factory=list)
    registered: list[ActivityLine] = field(default_factory=list)

    def lines(self) -> list[ActivityLine]:
        """Every activity, the one that the person is described by first."""
        return [*sorted(self.activity), *sorted(self.registered)]


@dataclass(slots=True)
class StructureFacts:
    """`descriptions` are (mentions, line) as the activity lines carry them; `is_legal_entity` says that another
    structure names this one as its legal entity."""

    key: str
    descriptions: list[tuple[int, StructureLine]] = field(default_factory=list)
    mailboxes: list[MailboxLine] = field(default_factory=list)
    is_legal_entity: bool = False

    def is_stated(self) -> bool:
        return bool(self.descriptions or self.mailboxes or self.is_legal_entity)

    def description(self) -> StructureLine | None:
        """The description that most lines carry; between equals, the first in byte order, so that the order of the
        lines of a file never matters."""
        if not self.descriptions:
            return None
        return min(self.descriptions, key=lambda told: (-told[0], told[1]))[1]
