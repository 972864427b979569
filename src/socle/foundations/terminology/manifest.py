"""Terminology's manifest: the code tables that the other foundations read, without a page or an address yet."""

from socle.foundations.terminology.tables import table, table_ids
from socle.kernel.db import Database
from socle.kernel.manifest import Counter, Manifest, Standard, Text, Wing


def codes(db: Database) -> int:
    """How many codes the tables hold; they come with the package, so the database is not asked."""
    return sum(len(table(number)) for number in table_ids())


MANIFEST = Manifest(
    name="terminology",
    wing=Wing.FOUNDATIONS,
    title=Text("Terminologies", "Terminologies"),
    subtitle=Text(
        "les codes des professions, des métiers et des lieux", "codes of professions, skills and places"
    ),
    system="Service de gestion des terminologies (SMT) et nomenclatures des objets de santé (NOS)",
    standards=(
        Standard(
            "Nomenclatures des objets de santé (NOS)",
            "2020-2025",
            "https://mos.esante.gouv.fr/NOS/",
        ),
    ),
    counters=(Counter(Text("codes", "codes"), "socle.foundations.terminology.manifest:codes"),),
    django_app="socle.foundations.terminology",
    order=200,
)
