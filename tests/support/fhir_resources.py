"""Small directory resources and small histories of a store, drawn so that values meet: few ids, few names, few codes."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from socle.standards.annuaire import systems
from tests.support.fhir_store import Changes, Key, Resource

TYPES = ("Practitioner", "PractitionerRole", "Organization", "HealthcareService", "Device")
IDS = ("1", "a-2", "B.3")
# What older files and clients write, and the name in force.
OLD_SYSTEMS = {
    "http://rpps.fr": systems.RPPS,
    "http://finess.sante.gouv.fr": systems.FINESS,
    "urn:oid:1.2.250.1.71.1.2.7": systems.PROFESSION,
    "http://interopsante.org/fhir/CodeSystem/fr-v2-3307": systems.ORGANIZATION_TYPE,
    f"{systems.ARHGOS}/": systems.ARHGOS,
}
NUMBERS = ("10001234567", "10001234568", "690000001", "a,b", "x|y", "O'Neil\\z", "1")
NAMES = ("DUPONT", "Dupond", "dupont", "D’ARTAGNAN", "d artagnan", "Œuvrard-Le Goff", "ŒUVRARD", "Élan", "50%_!", "-")
TOWNS = ("LYON", "Lyon 3e, Part-Dieu", "L'ÉTANG", "Saint-Étienne", "SAINT ETIENNE", "STRASSE", "Straße")
MAILBOXES = ("anne.dupont@test.mssante.fr", "Anne.Dupont@test.mssante.fr", "secretariat@test.mssante.fr", "04 00")
CODES = ("10", "60", "SA07", "GENR01")
START = datetime(2025, 3, 30, 0, 59, 59, 500_000, tzinfo=UTC)

Values = st.SearchStrategy[Any]


def some(values: Values, most: int = 2) -> Values:
    return st.lists(values, min_size=1, max_size=most)


def element(required: dict[str, Values] | None = None, **optional: Values) -> Values:
    """An element with at least one child: FHIR has no empty ones."""
    return st.fixed_dictionaries(required or {}, optional=optional).filter(bool)


codes = st.sampled_from(CODES)
texts = st.sampled_from(NAMES) | st.text("aAéœ ’-,|\\$%_", min_size=1, max_size=4)


def coding(*names: str) -> Values:
    return element({"code": codes}, system=st.sampled_from(names))


def concept(*names: str) -> Values:
    return st.fixed_dictionaries({"coding": some(coding(*names))})


def extension(url: str, **value: Values) -> Values:
    return st.fixed_dictionaries({"url": st.just(url), **value})


def identifiers(*names: str) -> Values:
    kinds = concept(systems.IDENTIFIER_TYPES, "http://interopsante.org/CodeSystem/v2-0203")
    one = element({"value": st.sampled_from(NUMBERS)}, system=st.sampled_from(names), type=kinds)
    return some(one)


def trace() -> Values:
    parts = extension("systeme-information", valueCode=st.sampled_from(("RPPS", "FINESS"))) | extension(
        "autorite-enregistrement", valueCodeableConcept=concept(systems.AUTHORITY)
    )
    return extension(systems.DATA_TRACE, extension=some(parts))


def metas() -> Values:
    return element(extension=some(trace(), 1), profile=some(st.sampled_from(("urn:p:1", "urn:p:2|1.0"))))


def telecoms() -> Values:
    kind = extension("type", valueCodeableConcept=concept(systems.MAILBOX_TYPE))
    details = extension(systems.MAILBOX_METADATA, extension=some(kind, 1))
    one = element(
        {"value": st.sampled_from(MAILBOXES)},
        system=st.sampled_from(("email", "phone")),
        extension=some(details, 1),
    )
    return some(one)


def addresses() -> Values:
    insee = extension(systems.INSEE_CODE, valueCoding=coding(systems.COMMUNE))
    part = extension(systems.STREET_NAME_BASE, valueString=st.sampled_from(TOWNS))
    written = element(
        line=some(texts),
        city=st.sampled_from(TOWNS),
        district=codes,
        postalCode=st.sampled_from(("69003", "69 003", "42000")),
        country=st.sampled_from(("FRA", "France")),
        text=texts,
        extension=some(insee, 1),
    )
    # A line told only by its parts: JSON has a null in its place.
    parted = st.fixed_dictionaries({"_line": some(st.fixed_dictionaries({"extension": some(part)}), 1)})
    return some(written | parted)


def references(type_name: str) -> Values:
    plain = st.sampled_from((*IDS, "never-written"))
    forms = ("{0}/{1}", "https://directory.example/fhir/v2/{0}/{1}", "{0}/{1}/_history/2", "#{1}", "urn:uuid:{1}")
    return st.builds(
        lambda form, fid: {"reference": form.format(type_name, fid)},
        st.sampled_from((forms[0], *forms)),
        plain,
    )


def periods() -> Values:
    moments = st.sampled_from(("2024", "2024-06", "2024-06-30", "2024-06-30T23:59:59+02:00", "2025-01-01"))
    later = st.sampled_from(("2025-02", "2026", "2026-03-01T00:00:00.001Z"))
    return element(start=moments, end=later)


def practitioners() -> Values:
    name = element(
        family=texts,
        given=some(texts),
        prefix=some(st.sampled_from(("MME", "M"))),
        suffix=some(st.just("DR"), 1),
        text=texts,
    )
    card = extension(
        systems.SMART_CARD,
        extension=some(
            extension("number", valueString=st.sampled_from(NUMBERS))
            | extension("type", valueCodeableConcept=concept(systems.CARD_TYPE))
        ),
    )
    degree = st.fixed_dictionaries({"code": concept(systems.PROFESSION, "urn:oid:1.2.250.1.71.1.2.7")})
    return element(
        identifier=identifiers(systems.RPPS, "http://rpps.fr", systems.PERSON),
        active=st.booleans(),
        name=some(name),
        telecom=telecoms(),
        qualification=some(degree),
        extension=some(card | trace()),
    )


def practitioner_roles() -> Values:
    return element(
        identifier=identifiers(systems.RPPS),
        active=st.booleans(),
        practitioner=references("Practitioner"),
        organization=references("Organization"),
        code=some(concept(systems.MODE, systems.ACTIVITY_KIND)),
        telecom=telecoms(),
    )


def organizations() -> Values:
    licence = extension(systems.PHARMACY_LICENCE, valueString=st.sampled_from(NUMBERS))
    period = extension(systems.ORGANIZATION_PERIOD, valuePeriod=periods())
    kind = concept(systems.SECTOR, systems.ORGANIZATION_TYPE, "http://interopsante.org/fhir/CodeSystem/fr-v2-3307")
    return element(
        identifier=identifiers(systems.FINESS, "http://finess.sante.gouv.fr"),
        active=st.booleans(),
        name=texts,
        alias=some(texts),
        type=some(kind),
        telecom=telecoms(),
        address=addresses(),
        partOf=references("Organization"),
        extension=some(licence | period | trace()),
    )


def healthcare_services() -> Values:
    return element(
        identifier=identifiers(systems.ARHGOS, f"{systems.ARHGOS}/"),
        active=st.booleans(),
        providedBy=references("Organization"),
        category=some(concept(systems.SECTOR)),
        type=some(concept(systems.SECTOR)),
        characteristic=some(concept(systems.SECTOR)),
    )


def devices() -> Values:
    name = st.fixed_dictionaries({"name": texts, "type": st.just("model-name")})
    return element(
        identifier=identifiers(systems.ARHGOS),
        status=st.sampled_from(("active", "inactive")),
        manufacturer=texts,
        deviceName=some(name),
        modelNumber=texts,
        type=concept(systems.SECTOR),
        owner=references("Organization"),
    )


CONTENTS = {
    "Practitioner": practitioners(),
    "PractitionerRole": practitioner_roles(),
    "Organization": organizations(),
    "HealthcareService": healthcare_services(),
    "Device": devices(),
}


@st.composite
def resources(draw: st.DrawFn, key: Key) -> Resource:
    meta = draw(st.none() | metas())
    content = draw(CONTENTS[key[0]])
    return {"resourceType": key[0], "id": key[1], **({"meta": meta} if meta else {}), **content}


keys = st.tuples(st.sampled_from(TYPES), st.sampled_from(IDS))


@st.composite
def changes(draw: st.DrawFn, most: int = 8) -> Changes:
    touched = draw(st.lists(keys, min_size=1, max_size=most, unique=True))
    gone = st.sampled_from((False, False, False, True))
    return {key: None if draw(gone) else draw(resources(key)) for key in touched}


@dataclass(frozen=True, slots=True)
class Step:
    """One transaction: what it changes, and what the clock says while it is written."""

    changes: Changes
    moment: datetime


@st.composite
def histories(draw: st.DrawFn, most: int = 4) -> list[Step]:
    """The clock mostly goes on, and is sometimes set back."""
    moment, steps = START, []
    apart = st.sampled_from((1, 999, 1_000, 86_400_000, -3_600_000))
    for _ in range(draw(st.integers(1, most))):
        steps.append(Step(draw(changes()), moment))
        moment += timedelta(milliseconds=draw(apart))
    return steps
