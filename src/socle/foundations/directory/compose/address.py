"""Addresses (profile as-address-extended): the line as people write it, and its ISO 21090 parts beside it."""

from socle.foundations.directory.compose.elements import Json
from socle.foundations.directory.statements import MailboxLine, StructureLine
from socle.standards.annuaire import systems


def address(line: StructureLine) -> Json:
    """Empty when the source gives neither street, town nor postal code."""
    made = _lines(line)
    if line.commune_label or line.post_office:
        made["city"] = line.commune_label or _town(line.post_office)
    if line.department:
        made["district"] = line.department
    if line.postal_code:
        made["postalCode"] = line.postal_code
    if line.country:
        made["country"] = line.country
    if line.commune:
        place = {"url": systems.INSEE_CODE, "valueCoding": {"system": systems.COMMUNE, "code": line.commune}}
        made = {"extension": [place], **made}
    return made


def mailbox_address(line: MailboxLine) -> Json:
    made = _lines(line)
    if line.post_office:
        made["city"] = _town(line.post_office)
    if line.postal_code:
        made["postalCode"] = line.postal_code
    return made


def _town(delivery: str) -> str:
    """The town of a delivery line: `69003 LYON CEDEX 03` is LYON."""
    words = delivery.split()
    if words and words[0].isdigit():
        words = words[1:]
    upper = [word.upper() for word in words]
    return " ".join(words[: upper.index("CEDEX")] if "CEDEX" in upper else words)


def _lines(line: StructureLine | MailboxLine) -> Json:
    """One `line` with its parts; a recipient or a distribution mark has a line of its own."""
    street = (line.street_number, line.street_suffix, line.street_type, line.street_name)
    parts = (
        (systems.CARE_OF, line.address_recipient),
        (systems.ADDITIONAL_LOCATOR, line.address_point),
        (None, " ".join(part for part in street if part)),
        (systems.POST_BOX, line.distribution),
    )
    told = [(url, text) for url, text in parts if text]
    if not told:
        return {}
    siblings = [
        {"extension": [{"url": url, "valueString": text}] if url else _street(line)} for url, text in told
    ]
    return {"line": [text for _, text in told], "_line": siblings}


def _street(line: StructureLine | MailboxLine) -> list[Json]:
    told = (
        (systems.HOUSE_NUMBER, line.street_number),
        (systems.NUMBER_SUFFIX, line.street_suffix),
        (systems.STREET_NAME_TYPE, line.street_type),
        (systems.STREET_NAME_BASE, line.street_name),
    )
    return [{"url": url, "valueString": text} for url, text in told if text]
