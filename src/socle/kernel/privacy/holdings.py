"""What the services of the house declare of persons' data, for those who answer persons. The house fills it: this
package knows none of the services."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from socle.kernel.db import Session
from socle.kernel.manifest import Held, Manifest, load_attribute
from socle.kernel.privacy.erasure import Eraser
from socle.kernel.privacy.retention import Rule
from socle.kernel.settings import read_settings

_SETTING = re.compile(r"\bSOCLE_[A-Z_]+\b")


@dataclass(frozen=True, slots=True)
class Holdings:
    """Exports, erasures and retention of a set of services."""

    manifests: Sequence[Manifest]

    def erasers(self) -> list[Eraser]:
        """Each service's part of an erasure."""
        return [load_attribute(manifest.erase) for manifest in self.manifests if manifest.erase]

    def exported(self, session: Session, subject: str) -> dict[str, Any]:
        """All that is held of a person, by service: what answers a request of access or portability (GDPR art. 15,
        20)."""
        return {
            manifest.name: load_attribute(manifest.export)(session, subject)
            for manifest in self.manifests
            if manifest.export
        }

    def find(self, session: Session, words: str) -> list[Held]:
        """Under which identifiers somebody is held, by what one knows of them. What is found is looked for in turn: an
        account leads to the registration of its address, which leads to the card of its number. Nobody for no words."""
        found: dict[str, Held] = {}
        asked = [words.strip()] if words.strip() else []
        for word in asked:
            for path in (manifest.find for manifest in self.manifests if manifest.find):
                for held in load_attribute(path)(session, word):
                    if found.setdefault(held.subject, held) is held and held.subject != word:
                        asked.append(held.subject)
        return list(found.values())

    def gathered(self, session: Session, subject: str) -> dict[str, Any]:
        """All that is held of a person, under whichever identifiers: what `exported` says of the first, and under
        `also` what services hold under the others."""
        others = [held.subject for held in self.find(session, subject) if held.subject != subject]
        also = {
            other: {name: told for name, told in self.exported(session, other).items() if told is not None}
            for other in others
        }
        return {**self.exported(session, subject), **({"also": also} if also else {})}

    def retentions(self) -> list[Rule]:
        """What is forgotten when its time has come."""
        return [
            Rule(manifest.name, rule.name, rule.what, load_attribute(rule.purge))
            for manifest in self.manifests
            for rule in manifest.retention
        ]

    def in_force(self, text: str) -> str:
        """A text with the values of the settings that it names."""
        known = {
            f"{kind.model_config['env_prefix']}{name}".upper(): str(value)
            for kind in {manifest.settings for manifest in self.manifests if manifest.settings}
            for name, value in read_settings(kind)
        }
        return _SETTING.sub(lambda named: known.get(named[0], named[0]), text)

    def processings(self) -> Iterator[Manifest]:
        """The services that hold something of persons."""
        return (manifest for manifest in self.manifests if manifest.personal_data)


_house: list[Callable[[], Sequence[Manifest]]] = []


def fill(house: Callable[[], Sequence[Manifest]]) -> None:
    """Say which services there are; the house does, when it is set up."""
    _house[:] = [house]


def holdings() -> Holdings:
    """Those of this house."""
    return Holdings(_house[0]())
