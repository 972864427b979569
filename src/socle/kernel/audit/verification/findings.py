"""What verification may find: stable codes, each with a sentence and what it means, in both languages."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class FindingKind:
    """`fr` and `en` are `str.format` templates over the finding's data; `means_*` say what to make of it."""

    code: str
    fr: str
    en: str
    means_fr: str
    means_en: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong. `place` names a row: `entry 12`, `head 300`, `unit 0a…`, `tile 0/4`."""

    kind: FindingKind
    place: str
    data: tuple[tuple[str, str], ...] = ()

    def sentence(self, lang: str) -> str:
        template = self.kind.fr if lang == "fr" else self.kind.en
        return template.format(place=self.place, **dict(self.data))

    def as_json(self) -> dict[str, Any]:
        return {
            "code": self.kind.code,
            "place": self.place,
            "fr": self.sentence("fr"),
            "en": self.sentence("en"),
            "means_fr": self.kind.means_fr,
            "means_en": self.kind.means_en,
        }


CATALOGUE: dict[str, FindingKind] = {}


def _kind(code: str, fr: str, en: str, means_fr: str, means_en: str) -> FindingKind:
    CATALOGUE[code] = declared = FindingKind(code, fr, en, means_fr, means_en)
    return declared


ENTRY_MISSING = _kind(
    "entry-missing",
    "{place} : absente.",
    "{place}: not there.",
    "Une entrée du journal a été retirée sans qu’une purge le dise.",
    "An entry was taken out of the trail, and no purge says so.",
)
ENTRY_CHANGED = _kind(
    "entry-changed",
    "{place} : son document n’a pas l’empreinte de sa feuille.",
    "{place}: its document does not have the hash of its leaf.",
    "L’entrée, ou sa feuille dans l’arbre, a été modifiée, échangée ou remplacée.",
    "The entry, or its leaf in the tree, was changed, swapped or replaced.",
)
ENTRY_COLUMN = _kind(
    "entry-column",
    "{place} : la colonne {column} dit autre chose que le document.",
    "{place}: the column {column} says something else than the document.",
    "Le document fait foi ; une recherche par cette colonne trompe.",
    "The document is what counts; a search by this column misleads.",
)
ENTRY_UNREADABLE = _kind(
    "entry-unreadable",
    "{place} : son document n’est pas celui d’une entrée.",
    "{place}: its document is not that of an entry.",
    "Ce qui a été versé ne vient pas d’un acte de ce programme.",
    "What was logged does not come from an act of this program.",
)
ENTRY_BEYOND = _kind(
    "entry-beyond-head",
    "{place} : hors de ce que la dernière tête couvre.",
    "{place}: outside of what the last head covers.",
    "Des entrées ont été ajoutées à la main, ou la dernière tête a été retirée.",
    "Entries were added by hand, or the last head was taken out.",
)
VALUE_KIND = _kind(
    "value-kind",
    "{place} : la colonne {column} tient une valeur de type {kind}.",
    "{place}: the column {column} holds a value of kind {kind}.",
    "Une valeur a été écrite à la main ; le reste n’est vérifié que lorsqu’elle n’y est plus.",
    "A value was written by hand; the rest is verified only once it is gone.",
)
SEALED_CHANGED = _kind(
    "sealed-changed",
    "{place} : les détails scellés ({part}) n’ont pas l’empreinte que dit le document.",
    "{place}: the sealed details ({part}) do not have the hash that the document gives.",
    "Des détails ont été modifiés, échangés ou ajoutés.",
    "Details were changed, swapped or added.",
)
SEALED_MISSING = _kind(
    "sealed-missing",
    "{place} : les détails scellés ({part}) manquent, et aucun effacement ne les couvre.",
    "{place}: the sealed details ({part}) lack, and no erasure covers them.",
    "Des détails ont été détruits hors de la procédure d’effacement.",
    "Details were destroyed outside of the procedure of erasure.",
)
TILE_CHANGED = _kind(
    "tile-changed",
    "{place} : absente, en trop, ou différente de ce que donnent les feuilles.",
    "{place}: not there, one too many, or different from what the leaves give.",
    "L’arbre a été modifié ; les preuves qui passent par cette tuile sont fausses.",
    "The tree was changed; proofs that go through this tile are wrong.",
)
HEAD_MISSING = _kind(
    "head-missing",
    "{place} : absente.",
    "{place}: not there.",
    "Une tête signée a été retirée, alors qu’une autre la nomme ou que des entrées la demandent.",
    "A signed head was taken out, though another names it or entries ask for it.",
)
HEAD_CHANGED = _kind(
    "head-changed",
    "{place} : {what}.",
    "{place}: {what_en}.",
    "La tête a été modifiée ; ce qu’elle disait ne peut plus être lu.",
    "The head was changed; what it said cannot be read any more.",
)
HEAD_SIGNATURE = _kind(
    "head-signature",
    "{place} : sa signature n’est pas valable.",
    "{place}: its signature is not valid.",
    "La tête n’a pas été signée par la clé qu’elle nomme, ou a été modifiée depuis.",
    "The head was not signed by the key that it names, or was changed since.",
)
HEAD_KEY = _kind(
    "head-key",
    "{place} : signée par une clé que le journal n’a pas introduite sous une tête antérieure.",
    "{place}: signed by a key that the trail did not introduce under an earlier head.",
    "Le journal a été signé de nouveau par une autre clé, ou une clé a été mise en usage de force.",
    "The trail was signed again with another key, or a key was put in use by force.",
)
HEAD_ROOT = _kind(
    "head-root",
    "{place} : sa racine n’est pas celle de l’arbre à cette taille.",
    "{place}: its root is not that of the tree at this size.",
    "Quelque chose avant cette tête a changé depuis qu’elle a été signée.",
    "Something before this head changed after it was signed.",
)
HEAD_CLOCK = _kind(
    "head-clock",
    "{place} : antérieure à la tête qui la précède, sans entrée « clock.set-back » qui le dise.",
    "{place}: earlier than the head before it, and no entry “clock.set-back” says so.",
    "L’horloge a été reculée, ou une tête a été refaite.",
    "The clock was set back, or a head was made again.",
)
KEY_CHANGED = _kind(
    "key-changed",
    "{place} : ne correspond pas aux entrées qui introduisent les clés.",
    "{place}: does not match the entries that introduce keys.",
    "La liste des clés a été modifiée.",
    "The list of keys was changed.",
)
UNIT_MISSING = _kind(
    "unit-missing",
    "{place} : des entrées ou des événements s’y rapportent, sa ligne n’existe pas.",
    "{place}: entries or events belong to it, its row does not exist.",
    "Ce qui devait compter les entrées de cet acte a été retiré.",
    "What was to count the entries of this act was taken out.",
)
UNIT_INCOMPLETE = _kind(
    "unit-incomplete",
    "{place} : {found} entrées trouvées, {told} annoncées.",
    "{place}: {found} entries found, {told} announced.",
    "Des entrées de cet acte ont été retirées ou ajoutées.",
    "Entries of this act were taken out or added.",
)
UNIT_CHANGED = _kind(
    "unit-changed",
    "{place} : son empreinte n’est pas celle de ses entrées et événements.",
    "{place}: its hash is not that of its entries and events.",
    "L’acte, ou ce qui le résume, a été modifié.",
    "The act, or what sums it up, was changed.",
)
UNIT_EVENTS = _kind(
    "unit-events",
    "{place} : ses événements ne sont pas ceux qu’il a annoncés.",
    "{place}: its events are not those that it announced.",
    "Des événements de cet acte ont été modifiés, retirés ou ajoutés.",
    "Events of this act were changed, taken out or added.",
)
EFFECT_UNTOLD = _kind(
    "effect-untold",
    "{place} : aucune entrée « {action} » du journal ne le dit.",
    "{place}: no entry “{action}” of the trail tells of it.",
    "Ce qui est là n’a pas été fait par un acte, ou ce qui le rattache à son acte a été modifié.",
    "What is there was not made by an act, or what ties it to its act was changed.",
)
EFFECT_MISSING = _kind(
    "effect-missing",
    "{place} : l’acte dit avoir fait {target}, qui n’est pas là.",
    "{place}: the act says that it made {target}, which is not there.",
    "Ce que cet acte avait fait a été retiré, ou rattaché à un autre acte.",
    "What this act had made was taken out, or tied to another act.",
)
PURGE_UNTOLD = _kind(
    "purge-untold",
    "{place} : retirées, sans qu’une entrée de purge couvre exactement ce qui manque.",
    "{place}: taken out, and no entry of a purge covers exactly what lacks.",
    "Le début du journal a été retiré hors de la procédure de conservation.",
    "The beginning of the trail was taken out outside of the procedure of retention.",
)
PURGE_FORGED = _kind(
    "purge-forged",
    "{place} : dit une purge que la clé maîtresse n’atteste pas ; elle ne couvre rien.",
    "{place}: tells of a purge that the master key does not vouch for; it covers nothing.",
    "Cette purge a été écrite dans la base à la main, ou sous une clé maîtresse à donner dans SOCLE_SECRET_PREVIOUS.",
    "This purge was written into the database by hand, or under a master key to be given in SOCLE_SECRET_PREVIOUS.",
)
ERASURE_FORGED = _kind(
    "erasure-forged",
    "{place} : dit un effacement que la clé maîtresse n’atteste pas ; il ne couvre rien.",
    "{place}: tells of an erasure that the master key does not vouch for; it covers nothing.",
    "Cet effacement a été écrit dans la base à la main, ou sous une clé maîtresse à donner dans SOCLE_SECRET_PREVIOUS.",
    "This erasure was written into the database by hand, or under a master key to be given in SOCLE_SECRET_PREVIOUS.",
)
FOREIGN_CUT = _kind(
    "foreign-cut",
    "{place} : elle couvre {told} entrées, le journal n’en prouve que {found}.",
    "{place}: it covers {told} entries, the trail proves only {found}.",
    "La fin du journal a été coupée depuis que cette tête a été confiée.",
    "The end of the trail was cut after this head was given away.",
)
FOREIGN_ROOT = _kind(
    "foreign-root",
    "{place} : sa racine n’est pas celle de ce journal à cette taille.",
    "{place}: its root is not that of this trail at this size.",
    "Deux têtes se contredisent : le journal a été réécrit, ou ce n’est pas le sien.",
    "Two heads disagree: the trail was rewritten, or the head is not its own.",
)
FOREIGN_KEY = _kind(
    "foreign-key",
    "{place} : aucune clé introduite par ce journal ne l’a signée.",
    "{place}: no key that this trail introduced signed it.",
    "La tête confiée vient d’un autre journal, ou les clés de celui-ci ont été remplacées.",
    "The head given away comes from another trail, or the keys of this one were replaced.",
)
