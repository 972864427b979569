"""What may be asked of the directory: the search parameters, includes and reverse includes of the CapabilityStatement
`AsServerDPCapabilityStatement` (ANS, IG "Annuaire Santé" 1.2), with the expressions of its SearchParameter resources.

The data trace sits in `meta.extension` in the profiles and in `extension` in the published expression: both are read.
The smart card parameters are declared on PractitionerRole and carried by Practitioner: they are served on Practitioner.
"""

from collections.abc import Iterator

from socle.engines.fhirstore.parameters import ParameterType, SearchParameter
from socle.engines.fhirstore.stores import TypeProfile
from socle.standards.annuaire import systems

_R4 = "http://hl7.org/fhir/SearchParameter/"
_AS = "https://interop.esante.gouv.fr/ig/fhir/annuaire/SearchParameter/"
TYPES = ("Practitioner", "PractitionerRole", "Organization", "HealthcareService", "Device")


def _trace(type_name: str, part: str) -> str:
    inner = f"extension('{systems.DATA_TRACE}').extension('{part}').value"
    return f"{type_name}.meta.{inner} | {type_name}.{inner}"


def _one(
    type_name: str, code: str, kind: ParameterType, expression: str, definition: str = ""
) -> SearchParameter:
    return SearchParameter(type_name, code, kind, expression, definition)


def _common(type_name: str) -> Iterator[SearchParameter]:
    yield SearchParameter(
        type_name,
        "identifier",
        "token",
        f"{type_name}.identifier",
        f"{_R4}{type_name}-identifier",
        unbounded=True,
    )
    for code, part in (
        ("data-information-system", "systeme-information"),
        ("data-registration-authority", "autorite-enregistrement"),
    ):
        yield _one(type_name, code, "token", _trace(type_name, part), f"{_AS}as-sp-{code}")


def _reference(type_name: str, code: str, element: str, *targets: str) -> SearchParameter:
    definition = f"{_R4}{type_name}-{code}"
    return SearchParameter(type_name, code, "reference", f"{type_name}.{element}", definition, targets)


def _mailboxes(type_name: str) -> Iterator[SearchParameter]:
    kind = f"{type_name}.telecom.extension('{systems.MAILBOX_METADATA}').extension('type').value"
    yield _one(type_name, "mailbox-mss", "string", f"{type_name}.telecom.value", f"{_AS}as-sp-mailbox-mss")
    yield _one(type_name, "mailbox-mss-type", "token", kind, f"{_AS}as-sp-mailbox-mss-type")


def _practitioner() -> Iterator[SearchParameter]:
    yield _one("Practitioner", "active", "token", "Practitioner.active", f"{_R4}Practitioner-active")
    yield _one("Practitioner", "family", "string", "Practitioner.name.family", f"{_R4}individual-family")
    yield _one("Practitioner", "given", "string", "Practitioner.name.given", f"{_R4}individual-given")
    yield _one("Practitioner", "name", "string", "Practitioner.name", f"{_R4}Practitioner-name")
    yield _one("Practitioner", "identifier-type", "token", "Practitioner.identifier.type")
    card = f"Practitioner.extension('{systems.SMART_CARD}')"
    yield _one(
        "Practitioner",
        "number-smartcard",
        "string",
        f"{card}.extension('number').value",
        f"{_AS}as-sp-number-smartcard",
    )
    yield _one(
        "Practitioner",
        "type-smartcard",
        "token",
        f"{card}.extension('type').value",
        f"{_AS}as-sp-type-smartcard",
    )
    yield _one(
        "Practitioner",
        "qualification-code",
        "token",
        "Practitioner.qualification.code",
        f"{_AS}as-sp-qualification-code",
    )
    yield from _mailboxes("Practitioner")


def _practitioner_role() -> Iterator[SearchParameter]:
    yield _one(
        "PractitionerRole", "active", "token", "PractitionerRole.active", f"{_R4}PractitionerRole-active"
    )
    yield _one("PractitionerRole", "role", "token", "PractitionerRole.code", f"{_R4}PractitionerRole-role")
    yield _reference("PractitionerRole", "practitioner", "practitioner", "Practitioner")
    yield _reference("PractitionerRole", "organization", "organization", "Organization")
    yield from _mailboxes("PractitionerRole")


def _organization() -> Iterator[SearchParameter]:
    yield _one("Organization", "active", "token", "Organization.active", f"{_R4}Organization-active")
    yield _one(
        "Organization", "name", "string", "Organization.name | Organization.alias", f"{_R4}Organization-name"
    )
    yield _one("Organization", "address", "string", "Organization.address", f"{_R4}Organization-address")
    yield _one(
        "Organization",
        "address-city",
        "string",
        "Organization.address.city",
        f"{_R4}Organization-address-city",
    )
    yield _one(
        "Organization", "address-line", "string", "Organization.address.line", f"{_AS}as-sp-address-line"
    )
    postal = f"{_R4}Organization-address-postalcode"
    yield _one("Organization", "address-postalcode", "string", "Organization.address.postalCode", postal)
    # A string in the guide, on an extension whose value is a Coding: the text searched is its code.
    insee = f"Organization.address.extension('{systems.INSEE_CODE}').value.code"
    yield _one("Organization", "address-insee", "string", insee, f"{_AS}as-sp-insee-code")
    yield _one("Organization", "identifier-type", "token", "Organization.identifier.type")
    yield _one("Organization", "type", "token", "Organization.type", f"{_R4}Organization-type")
    licence = f"Organization.extension('{systems.PHARMACY_LICENCE}').value"
    yield _one("Organization", "pharmacy-licence", "string", licence, f"{_AS}as-sp-pharmacy-licence")
    period = f"Organization.extension('{systems.ORGANIZATION_PERIOD}').value"
    yield _one("Organization", "period", "date", period, f"{_AS}as-sp-organization-period")
    yield _reference("Organization", "partof", "partOf", "Organization")
    yield from _mailboxes("Organization")


def _healthcare_service() -> Iterator[SearchParameter]:
    yield _one(
        "HealthcareService", "_profile", "uri", "HealthcareService.meta.profile", f"{_R4}Resource-profile"
    )
    for code, element in (
        ("active", "active"),
        ("characteristic", "characteristic"),
        ("service-category", "category"),
        ("service-type", "type"),
    ):
        yield _one(
            "HealthcareService",
            code,
            "token",
            f"HealthcareService.{element}",
            f"{_R4}HealthcareService-{code}",
        )
    yield _reference("HealthcareService", "organization", "providedBy", "Organization")


def _device() -> Iterator[SearchParameter]:
    yield _one("Device", "manufacturer", "string", "Device.manufacturer", f"{_R4}Device-manufacturer")
    model = "Device.deviceName.name | Device.modelNumber"
    yield _one("Device", "model", "string", model, f"{_R4}Device-model")
    yield _one("Device", "status", "token", "Device.status", f"{_R4}Device-status")
    yield _one("Device", "type", "token", "Device.type", f"{_R4}Device-type")
    yield _reference("Device", "organization", "owner", "Organization")


def _all() -> Iterator[SearchParameter]:
    for type_name in TYPES:
        yield from _common(type_name)
    yield from _practitioner()
    yield from _practitioner_role()
    yield from _organization()
    yield from _healthcare_service()
    yield from _device()


PARAMETERS: tuple[SearchParameter, ...] = tuple(_all())

_ROLE_INCLUDES = ("*", "PractitionerRole:organization", "PractitionerRole:practitioner")
_ORGANIZATION_REVERSE = (
    "Device:organization",
    "HealthcareService:organization",
    "PractitionerRole:organization",
)
PROFILES: tuple[TypeProfile, ...] = (
    TypeProfile(
        "Practitioner", systems.PUBLIC_PROFILES["Practitioner"], (), ("PractitionerRole:practitioner",)
    ),
    TypeProfile("PractitionerRole", systems.PUBLIC_PROFILES["PractitionerRole"], _ROLE_INCLUDES),
    TypeProfile(
        "Organization",
        systems.PUBLIC_PROFILES["Organization"],
        ("*", "Organization:partof"),
        _ORGANIZATION_REVERSE,
    ),
    TypeProfile(
        "HealthcareService",
        (*systems.PUBLIC_PROFILES["HealthcareService"], systems.PUBLIC_SOCIAL_EQUIPMENT_PROFILE),
        ("*", "HealthcareService:organization"),
    ),
    TypeProfile("Device", systems.PUBLIC_PROFILES["Device"], ("*", "Device:organization")),
)

# The published documentation writes `name:family=` where the search specification has `family=`.
ALIASES = {
    ("Practitioner", "name:family"): "family",
    ("Practitioner", "name:given"): "given",
    ("Organization", "address-postal-code"): "address-postalcode",
}
