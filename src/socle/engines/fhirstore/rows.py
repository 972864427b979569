"""The index and version tables as the bulk path writes them."""

from socle.engines.fhirstore.stores import OPEN_ENDED
from socle.kernel.db import BulkTable, Column

VERSION = BulkTable(
    "fhirstore_version",
    (
        Column("store", "int2"),
        Column("rid", "int8"),
        Column("valid_from", "int4"),
        Column("valid_to", "int4"),
        Column("type", "int2"),
        Column("number", "int4"),
        Column("last_updated", "int8"),
        Column("deleted", "int2"),
        Column("present", "int8"),
        Column("digest", "bytes"),
        Column("body", "bytes"),
    ),
)
IDENTITY = BulkTable(
    "fhirstore_identity",
    (Column("store", "int2"), Column("type", "int2"), Column("fid", "text"), Column("rid", "int8")),
)
_RANGE = (Column("valid_from", "int4"), Column("valid_to", "int4"))
TOKEN = BulkTable(
    "fhirstore_token",
    (
        Column("store", "int2"),
        Column("hash", "int8"),
        Column("rid", "int8"),
        Column("system", "int4"),
        *_RANGE,
    ),
)
STRING = BulkTable(
    "fhirstore_string",
    (
        Column("store", "int2"),
        Column("param", "int4"),
        Column("value", "text"),
        Column("rid", "int8"),
        Column("exact", "int8"),
        *_RANGE,
    ),
)
REFERENCE = BulkTable(
    "fhirstore_reference",
    (
        Column("store", "int2"),
        Column("param", "int4"),
        Column("target", "int8"),
        Column("rid", "int8"),
        *_RANGE,
    ),
)
DATE = BulkTable(
    "fhirstore_date",
    (
        Column("store", "int2"),
        Column("param", "int4"),
        Column("low", "int8"),
        Column("high", "int8"),
        Column("rid", "int8"),
        *_RANGE,
    ),
)
INDEXES = (TOKEN, STRING, REFERENCE, DATE)
VERSIONED = (
    "fhirstore_token",
    "fhirstore_string",
    "fhirstore_reference",
    "fhirstore_date",
    "fhirstore_version",
)
BY_NAME = {table.name: table for table in (VERSION, IDENTITY, *INDEXES)}


def first_tables(store: int, number: int, moment: int) -> dict[str, BulkTable]:
    """The tables by name, for rows of first versions that transaction `number` opens at `moment`."""
    opened = {"store": store, "valid_from": number, "valid_to": OPEN_ENDED}
    made = {table.name: table.fixing(**opened) for table in INDEXES}
    version = VERSION.fixing(**opened, number=1, last_updated=moment, deleted=0)
    return made | {VERSION.name: version, IDENTITY.name: IDENTITY.fixing(store=store)}
