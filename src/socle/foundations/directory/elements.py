"""Names, addresses, telephones and mailboxes of FHIR resources, as people write them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from socle.foundations.directory.labels import Labels
from socle.foundations.directory.resources import Json
from socle.foundations.terminology.tables import group
from socle.standards.annuaire import systems

_FRENCH_NUMBER = 10
_TITLES = {"DR": "Dr", "PR": "Pr"}
_CIVILITIES = {"fr": {"M": "M.", "MME": "Mme"}, "en": {"M": "Mr", "MME": "Ms"}}


@dataclass(frozen=True, slots=True)
class Mailbox:
    """An MSSanté mailbox; `kind` is the label of its type, `service` the service it belongs to."""

    address: str
    kind: str
    service: str

    @property
    def local(self) -> str:
        return self.address.partition("@")[0]

    @property
    def domain(self) -> str:
        return self.address.partition("@")[2]


@dataclass(frozen=True, slots=True)
class Contact:
    """`system` is the ContactPoint's (phone, fax, email); `href` opens a telephone or a mail program."""

    system: str
    shown: str
    href: str


def capitalized(text: str) -> str:
    """A given name written in capitals, as one writes it in a sentence; any other text unchanged."""
    if not text.isupper():
        return text
    return "".join(
        letter if at == 0 or text[at - 1] in " -'’" else letter.lower() for at, letter in enumerate(text)
    )


def given_names(name: Json) -> str:
    return " ".join(capitalized(given) for given in name.get("given", ()) if given)


def person_name(person: Json, lang: str) -> str:
    """`Dr Nora EXEMPLE`, `Mme Jeanne DUPONT`; empty when nothing is left of the name."""
    name = first(person.get("name"))
    parts = (person_title(name, lang), given_names(name), name.get("family", ""))
    return " ".join(part for part in parts if part) or str(name.get("text", ""))


def person_title(name: Json, lang: str) -> str:
    """The professional title when there is one, else the civility."""
    for suffix in name.get("suffix", ()):
        return _TITLES.get(suffix, str(suffix))
    for prefix in name.get("prefix", ()):
        return _CIVILITIES.get(lang, _CIVILITIES["fr"]).get(prefix, str(prefix))
    return ""


def first(values: Any) -> Json:
    """The first object of a list, or an empty one."""
    return values[0] if isinstance(values, list) and values and isinstance(values[0], dict) else {}


def extension(element: Json, url: str) -> Json:
    """The extension of this url, or an empty object."""
    return next((one for one in element.get("extension", ()) if one.get("url") == url), {})


def identifier(resource: Json, system: str, type_code: str = "") -> str:
    """The official value of an identifier; empty when there is none."""
    for one in resource.get("identifier", ()):
        if (
            one.get("system") == system
            and one.get("use") != "old"
            and (not type_code or type_code in _types(one))
        ):
            return str(one.get("value", ""))
    return ""


def _types(one: Json) -> set[str]:
    return {coding.get("code", "") for coding in one.get("type", {}).get("coding", ())}


def reference_id(resource: Json, element: str) -> str:
    """The id that a literal reference of an element points to; empty without one."""
    return str(resource.get(element, {}).get("reference", "")).rpartition("/")[2]


def address_lines(address: Json, name: str = "") -> list[str]:
    """What one writes on an envelope, the street types spelt out; a line that only repeats `name` is left out."""
    lines = [_line(line, parts) for line, parts in _lines(address)]
    town = " ".join(part for part in (address.get("postalCode", ""), address.get("city", "")) if part)
    return [line for line in (*lines, town) if line and line != name]


def _lines(address: Json) -> Iterator[tuple[str, Json]]:
    siblings = address.get("_line") or []
    for at, line in enumerate(address.get("line", ())):
        yield line or "", (siblings[at] or {}) if at < len(siblings) else {}


def _line(line: str, parts: Json) -> str:
    kind = extension(parts, systems.STREET_NAME_TYPE).get("valueString", "")
    label = group("street_type").display(kind) if kind else None
    if not label:
        return line
    told = [
        extension(parts, url).get("valueString", "") for url in (systems.HOUSE_NUMBER, systems.NUMBER_SUFFIX)
    ]
    told += [label.lower(), extension(parts, systems.STREET_NAME_BASE).get("valueString", "")]
    return " ".join(part for part in told if part)


def town_of(structure: Json) -> str:
    address = first(structure.get("address"))
    return " ".join(part for part in (address.get("postalCode", ""), address.get("city", "")) if part)


def contacts(resource: Json) -> list[Contact]:
    """Telephones, fax and ordinary mail addresses; secure mailboxes are apart."""
    return [
        contact_of(point.get("system", ""), str(point.get("value", "")))
        for point in resource.get("telecom", ())
        if not is_mailbox(point) and point.get("value")
    ]


def contact_of(system: str, value: str) -> Contact:
    if system in ("phone", "fax"):
        return Contact(system, grouped(value), f"tel:{value.replace(' ', '')}" if system == "phone" else "")
    return Contact(system, value, f"mailto:{value}" if system == "email" else "")


def grouped(number: str) -> str:
    """A French telephone number in pairs; any other as it is."""
    if len(number) != _FRENCH_NUMBER or not number.isdecimal():
        return number
    return " ".join(number[at : at + 2] for at in range(0, _FRENCH_NUMBER, 2))


def is_mailbox(point: Json) -> bool:
    return any(one.get("url") == systems.EMAIL_TYPE for one in point.get("extension", ()))


def mailboxes(resource: Json, labels: Labels) -> list[Mailbox]:
    """The MSSanté mailboxes of a resource, the preferred one first."""
    points = [point for point in resource.get("telecom", ()) if is_mailbox(point)]
    return [_mailbox(point, labels) for point in sorted(points, key=lambda point: point.get("rank", 99))]


def _mailbox(point: Json, labels: Labels) -> Mailbox:
    details = extension(point, systems.MAILBOX_METADATA)
    kinds = extension(details, "type").get("valueCodeableConcept", {}).get("coding", ())
    service = extension(details, "service").get("valueString", "")
    return Mailbox(str(point.get("value", "")), labels.of(first(list(kinds))) if kinds else "", service)


def joined(parts: Iterable[str]) -> str:
    return " · ".join(part for part in parts if part)
