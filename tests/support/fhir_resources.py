"""Small directory resources and small histories of a store, made so that values meet: few ids, few names, few codes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from hypothesis import strategies as st

from socle.standards.annuaire import systems
from tests.support.fhir_store import PUBLIC_BASE, Changes, Resource

IDS = ("1", "2", "a-2", "B.3", "x" * 64)
NOWHERE = "never-written"
# What older files and clients write, and the name in force.
OLD_SYSTEMS = {
    "http://rpps.fr": systems.RPPS,
    "http://finess.sante.gouv.fr": systems.FINESS,
    "urn:oid:1.2.250.1.71.1.2.7": systems.PROFESSION,
    "http://interopsante.org/CodeSystem/v2-0203": systems.IDENTIFIER_TYPES,
    "http://interopsante.org/fhir/CodeSystem/fr-v2-3307": systems.ORGANIZATION_TYPE,
    f"{systems.ARHGOS}/": systems.ARHGOS,
}
NUMBERS = ("10001234567", "10001234568", "690000001", "a,b", "x|y", "O'Neil\\z", "1")
NAMES = (
    "DUPONT",
    "Dupond",
    "dupont",
    "D’ARTAGNAN",
    "d artagnan",
    "Œuvrard-Le Goff",
    "ŒUVRARD",
    "Élan",
    "50%_!",
    "-",
)
TOWNS = ("LYON", "Lyon 3e, Part-Dieu", "L'ÉTANG", "Saint-Étienne", "SAINT ETIENNE", "STRASSE", "Straße")
MAILBOXES = (
    "anne.dupont@test.mssante.fr",
    "Anne.Dupont@test.mssante.fr",
    "secretariat@test.mssante.fr",
    "04 00",
)
CODES = ("10", "60", "SA07", "GENR01")
START = datetime(2025, 3, 30, 0, 59, 59, 500_000, tzinfo=UTC)
_ODD_LETTERS = "aAéœ ’-,|\\$%_"

Make = Callable[[], Any]


class Maker:
    """Makes resources by chance; every element may be missing, none is ever empty."""

    def __init__(self, random: Random) -> None:
        self._random = random

    def resource(self, type_name: str) -> Resource:
        content: Resource = getattr(self, f"_{type_name.lower()}")()
        if self._now_and_then():
            content["meta"] = self._some_of(
                extension=lambda: [self._trace()],
                profile=self._many(lambda: self._one_of("urn:p:1", "urn:p:2|1.0")),
            )
        return content

    def _one_of(self, *choices: str) -> str:
        return self._random.choice(choices)

    def _now_and_then(self) -> bool:
        return self._random.random() < 0.6

    def _many(self, one: Make, most: int = 2) -> Make:
        return lambda: [one() for _ in range(self._random.randint(1, most))]

    def _some_of(self, **elements: Make) -> dict[str, Any]:
        """At least one of the elements."""
        names = [name for name in elements if self._now_and_then()] or [self._random.choice(list(elements))]
        return {name: elements[name]() for name in names}

    def _text(self) -> str:
        if self._random.random() < 0.7:
            return self._one_of(*NAMES)
        return "".join(self._random.choices(_ODD_LETTERS, k=self._random.randint(1, 4)))

    def _number(self) -> str:
        return self._one_of(*NUMBERS)

    def _boolean(self) -> bool:
        return self._random.random() < 0.5

    def _coding(self, *names: str) -> dict[str, Any]:
        system = {"system": self._one_of(*names)} if self._random.random() < 0.8 else {}
        return {**system, "code": self._one_of(*CODES)}

    def _concept(self, *names: str) -> Make:
        return lambda: {"coding": self._many(lambda: self._coding(*names))()}

    def _identifiers(self, *names: str) -> Make:
        kind = self._concept(systems.IDENTIFIER_TYPES, "http://interopsante.org/CodeSystem/v2-0203")

        def one() -> dict[str, Any]:
            return {**self._some_of(system=lambda: self._one_of(*names), type=kind), "value": self._number()}

        return self._many(one)

    def _trace(self) -> dict[str, Any]:
        def part() -> dict[str, Any]:
            if self._boolean():
                return {"url": "systeme-information", "valueCode": self._one_of("RPPS", "FINESS")}
            concept = self._concept(systems.AUTHORITY)()
            return {"url": "autorite-enregistrement", "valueCodeableConcept": concept}

        return {"url": systems.DATA_TRACE, "extension": self._many(part)()}

    def _extensions(self, **others: tuple[str, Make]) -> Make:
        """Data traces and others, each given as value name = (url, value)."""

        def one() -> dict[str, Any]:
            name = self._one_of("trace", *others)
            if name == "trace":
                return self._trace()
            url, value = others[name]
            return {"url": url, name: value()}

        return self._many(one)

    def _telecom(self) -> dict[str, Any]:
        kind = {"url": "type", "valueCodeableConcept": self._concept(systems.MAILBOX_TYPE)()}
        details = [{"url": systems.MAILBOX_METADATA, "extension": [kind]}]
        other = self._some_of(system=lambda: self._one_of("email", "phone"), extension=lambda: details)
        return {**other, "value": self._one_of(*MAILBOXES)}

    def _address(self) -> dict[str, Any]:
        if self._random.random() < 0.2:
            # A line told only by its parts.
            parts = self._many(lambda: {"url": systems.STREET_NAME_BASE, "valueString": self._one_of(*TOWNS)})
            return {"_line": [{"extension": parts()}]}
        insee = {"url": systems.INSEE_CODE, "valueCoding": self._coding(systems.COMMUNE)}
        return self._some_of(
            line=self._many(self._text),
            city=lambda: self._one_of(*TOWNS),
            district=lambda: self._one_of(*CODES),
            postalCode=lambda: self._one_of("69003", "69 003", "42000"),
            country=lambda: self._one_of("FRA", "France"),
            text=self._text,
            extension=lambda: [insee],
        )

    def _reference(self, type_name: str) -> Make:
        forms = (
            "{0}/{1}",
            "{0}/{1}",
            "{0}/{1}",
            f"{PUBLIC_BASE}/{{0}}/{{1}}",
            "{0}/{1}/_history/2",
        )
        rare = ("#{1}", "urn:uuid:{1}", "https://elsewhere.example/fhir/v2/{0}/{1}")

        def one() -> dict[str, Any]:
            form = self._one_of(*(rare if self._random.random() < 0.15 else forms))
            return {"reference": form.format(type_name, self._one_of(*IDS, NOWHERE))}

        return one

    def _period(self) -> dict[str, Any]:
        starts = ("2024", "2024-06", "2024-06-30", "2024-06-30T23:59:59+02:00", "2025-01-01")
        ends = ("2025-02", "2026", "2026-03-01T00:00:00.001Z")
        return self._some_of(start=lambda: self._one_of(*starts), end=lambda: self._one_of(*ends))

    def _name(self) -> dict[str, Any]:
        return self._some_of(
            family=self._text,
            given=self._many(self._text),
            prefix=lambda: [self._one_of("MME", "M")],
            suffix=lambda: ["DR"],
            text=self._text,
        )

    def _smart_card(self) -> list[dict[str, Any]]:
        def part() -> dict[str, Any]:
            if self._boolean():
                return {"url": "number", "valueString": self._number()}
            return {"url": "type", "valueCodeableConcept": self._concept(systems.CARD_TYPE)()}

        return [part() for _ in range(self._random.randint(1, 2))]

    def _practitioner(self) -> Resource:
        degree = self._concept(systems.PROFESSION, "urn:oid:1.2.250.1.71.1.2.7")
        return self._some_of(
            identifier=self._identifiers(systems.RPPS, "http://rpps.fr", systems.PERSON),
            active=self._boolean,
            name=self._many(self._name),
            telecom=self._many(self._telecom),
            qualification=self._many(lambda: {"code": degree()}),
            extension=self._extensions(extension=(systems.SMART_CARD, self._smart_card)),
        )

    def _practitionerrole(self) -> Resource:
        return self._some_of(
            identifier=self._identifiers(systems.RPPS),
            active=self._boolean,
            practitioner=self._reference("Practitioner"),
            organization=self._reference("Organization"),
            code=self._many(self._concept(systems.MODE, systems.ACTIVITY_KIND)),
            telecom=self._many(self._telecom),
        )

    def _organization(self) -> Resource:
        old_type = "http://interopsante.org/fhir/CodeSystem/fr-v2-3307"
        return self._some_of(
            identifier=self._identifiers(systems.FINESS, "http://finess.sante.gouv.fr"),
            active=self._boolean,
            name=self._text,
            alias=self._many(self._text),
            type=self._many(self._concept(systems.SECTOR, systems.ORGANIZATION_TYPE, old_type)),
            telecom=self._many(self._telecom),
            address=self._many(self._address),
            partOf=self._reference("Organization"),
            extension=self._extensions(
                valueString=(systems.PHARMACY_LICENCE, self._number),
                valuePeriod=(systems.ORGANIZATION_PERIOD, self._period),
            ),
        )

    def _healthcareservice(self) -> Resource:
        return self._some_of(
            identifier=self._identifiers(systems.ARHGOS, f"{systems.ARHGOS}/"),
            active=self._boolean,
            providedBy=self._reference("Organization"),
            category=self._many(self._concept(systems.SECTOR)),
            type=self._many(self._concept(systems.SECTOR)),
            characteristic=self._many(self._concept(systems.SECTOR)),
        )

    def _device(self) -> Resource:
        return self._some_of(
            identifier=self._identifiers(systems.ARHGOS),
            status=lambda: self._one_of("active", "inactive"),
            manufacturer=self._text,
            deviceName=self._many(lambda: {"name": self._text(), "type": "model-name"}),
            modelNumber=self._text,
            type=self._concept(systems.SECTOR),
            owner=self._reference("Organization"),
        )


TYPES = ("Practitioner", "PractitionerRole", "Organization", "HealthcareService", "Device")
KEYS = tuple((type_name, fid) for type_name in TYPES for fid in IDS)


@dataclass(frozen=True, slots=True)
class Step:
    """One transaction: what it changes, and what the clock says while it is written."""

    changes: Changes
    moment: datetime


def changes(random: Random, count: int) -> Changes:
    """Which key takes which content; one time in seven, it goes."""
    maker = Maker(random)
    made: dict[tuple[str, str], Resource | None] = {}
    for type_name, fid in random.sample(KEYS, count):
        content = maker.resource(type_name) if random.random() < 0.86 else None
        made[type_name, fid] = content and {"resourceType": type_name, "id": fid, **content}
    return made


def history(random: Random, transactions: int) -> list[Step]:
    """The first transaction fills the store, the others change some of it; the clock is sometimes set back."""
    moment, steps = START, []
    for turn in range(transactions):
        steps.append(Step(changes(random, random.randint(1, 8) if turn else 20), moment))
        moment += timedelta(milliseconds=random.choice((1, 999, 1_000, 86_400_000, -3_600_000)))
    return steps


# A story is told by chance, from a number: drawn value by value it would be poor, because small draws are preferred.
seeds = st.integers(0, 2**32).map(Random)
histories: st.SearchStrategy[list[Step]] = st.builds(history, seeds, st.integers(1, 4))
some_changes: st.SearchStrategy[Changes] = st.builds(changes, seeds, st.integers(4, 12))
