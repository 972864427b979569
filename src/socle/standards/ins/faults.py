"""What the rules of the INS refuse or warn about: one kind for each rule, with a sentence in French and in English.

A fault tells what was received, which rule it meets and what would pass. As what was received is somebody's identity,
only `sentence` says it: the text of the exception, which may reach a log, names the kind and the rule alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from socle.standards.fhir.faults import shown


@dataclass(frozen=True, slots=True)
class FaultKind:
    """`fr` and `en` are `str.format` templates over the fault's data, `received` among them; `rule` is a citation."""

    code: str
    rule: str
    fr: str
    en: str


KINDS: Final[dict[str, FaultKind]] = {}


def kind(code: str, *, rule: str, fr: str, en: str) -> FaultKind:
    if code in KINDS:
        raise ValueError(f"fault declared twice: {code}")
    KINDS[code] = entry = FaultKind(code, rule, fr, en)
    return entry


@dataclass(frozen=True, slots=True)
class Fault:
    """One refusal, or one warning where the function that gives it says so."""

    kind: FaultKind
    data: Mapping[str, Any] = field(repr=False, hash=False)

    @property
    def code(self) -> str:
        return self.kind.code

    @property
    def rule(self) -> str:
        return self.kind.rule

    def sentence(self, lang: str = "fr") -> str:
        """`lang` is fr or en."""
        return (self.kind.fr if lang == "fr" else self.kind.en).format(**self.data)


def fault(of: FaultKind, received: object = None, **data: Any) -> Fault:
    return Fault(of, {"received": shown(received), **data})


class Refused(ValueError):
    """An input that the standard does not allow; carries the fault that says why."""

    def __init__(self, why: Fault) -> None:
        super().__init__(f"{why.code} ({why.rule})")
        self.fault = why

    @property
    def code(self) -> str:
        return self.fault.code

    def sentence(self, lang: str = "fr") -> str:
        return self.fault.sentence(lang)


def refuse(of: FaultKind, received: object = None, **data: Any) -> Refused:
    return Refused(fault(of, received, **data))


# -- The number ------------------------------------------------------------------------------------------------------

MATRICULE_SHAPE: Final = kind(
    "ins-matricule-shape",
    rule="décret 82-103 art. 4",
    fr="Matricule reçu : {received}. Il a 15 caractères sans espace : sexe, année, mois, lieu (2A ou 2B admis pour "
    "la Corse), ordre, puis la clé, par exemple 297022A02077878.",
    en="Number received: {received}. It has 15 characters without spaces: sex, year, month, place (2A or 2B allowed "
    "for Corsica), order, then the key, for instance 297022A02077878.",
)
MATRICULE_KEY: Final = kind(
    "ins-matricule-key",
    rule="décret 82-103 art. 4",
    fr="Matricule reçu : {received}. La clé {expected} était attendue. Faites confirmer l’identité par INSi : un "
    "matricule ne se corrige pas à la main.",
    en="Number received: {received}. The key {expected} was expected. Have the identity confirmed by INSi: a number is "
    "not corrected by hand.",
)
MATRICULE_MONTH: Final = kind(
    "ins-matricule-month",
    rule="INSEE, numéro d’inscription au répertoire",
    fr="Matricule reçu : {received}. Le mois {month} n’est pas en usage : 01 à 12, 20, 30 à 42 ou 50 à 99.",
    en="Number received: {received}. The month {month} is not in use: 01 to 12, 20, 30 to 42 or 50 to 99.",
)
AUTHORITY_UNKNOWN: Final = kind(
    "ins-authority-unknown",
    rule="ANS, OID de l’INS",
    fr="OID reçu : {received}. Ce n’est pas celui d’une autorité d’affectation de l’INS : {known}.",
    en="OID received: {received}. It is not that of an assigning authority of the INS: {known}.",
)
AUTHORITY_OBSOLETE: Final = kind(
    "ins-authority-obsolete",
    rule="ANS, OID de l’INS",
    fr="OID reçu : {received}, celui de l’INS calculé, qui n’identifie plus personne. Appelez INSi.",
    en="OID received: {received}, that of the computed INS, which no longer identifies anyone. Call INSi.",
)
AUTHORITY_FICTIVE: Final = kind(
    "ins-authority-fictive",
    rule="ANS, OID de l’INS",
    fr="OID reçu : {received}, celui de patients fictifs. Un matricule de test ou de démonstration n’est admis que "
    "là où aucune vraie personne n’est prise en charge.",
    en="OID received: {received}, that of fictive patients. A test or demonstration number is accepted only where no "
    "real person is cared for.",
)
AUTHORITY_NOT_TAKEN: Final = kind(
    "ins-authority-not-taken",
    rule="ANS, OID de l’INS",
    fr="OID reçu : {received}. Ici ne sont admis que : {accepted}.",
    en="OID received: {received}. Here only these are accepted: {accepted}.",
)

# -- Names, births, traits -------------------------------------------------------------------------------------------

NAME_EMPTY: Final = kind(
    "ins-name-empty",
    rule="SEL-MP-043 EF_INS01_03",
    fr="Aucun nom reçu. Donnez au moins une lettre.",
    en="No name received. Give at least one letter.",
)
NAME_CHARACTER: Final = kind(
    "ins-name-character",
    rule="SEL-MP-043 §3.4.1",
    fr="Reçu : {received}. Le caractère {character} (position {position}) n’a pas d’équivalent admis : lettres, "
    "espace, apostrophe et trait d’union.",
    en="Received: {received}. The character {character} (position {position}) has no accepted equivalent: letters, "
    "space, apostrophe and hyphen.",
)
NAME_START: Final = kind(
    "ins-name-start",
    rule="SEL-MP-043 EF_INS10_01",
    fr="Reçu : {received}. Un nom ne commence ni par une espace ni par un trait d’union.",
    en="Received: {received}. A name begins neither with a space nor with a hyphen.",
)
NAME_END: Final = kind(
    "ins-name-end",
    rule="SEL-MP-043 EF_INS10_02",
    fr="Reçu : {received}. Un prénom ne finit ni par un trait d’union ni par une apostrophe, aucun nom par une "
    "espace.",
    en="Received: {received}. A given name ends neither with a hyphen nor with an apostrophe, a name not with a space.",
)
NAME_DOUBLED: Final = kind(
    "ins-name-doubled",
    rule="SEL-MP-043 EF_INS10_01, EF_INS10_02",
    fr="Reçu : {received}. {found} n’est pas admis : espace et apostrophe ne se suivent pas, le trait d’union "
    "double est réservé au nom de famille.",
    en="Received: {received}. {found} is not accepted: space and apostrophe do not follow one another, the double "
    "hyphen is for the family name alone.",
)
NAME_LONG: Final = kind(
    "ins-name-long",
    rule="ANS, INS format datamatrix 2.2",
    fr="Reçu : {received}, {length} caractères. Le datamatrix en porte {limit} au plus.",
    en="Received: {received}, {length} characters. The datamatrix carries {limit} at most.",
)
FIRST_GIVEN_NAME: Final = kind(
    "ins-first-given-name",
    rule="Guide INS EXI ID 10",
    fr="Premier prénom reçu : {received}. Il doit être le début de la liste des prénoms de naissance ({given_names}).",
    en="First given name received: {received}. It must be the beginning of the list of birth given names "
    "({given_names}).",
)
BIRTH_DATE: Final = kind(
    "ins-birth-date",
    rule="Guide INS EXI ID 11",
    fr="Date de naissance reçue : {received}. Écrivez AAAA-MM-JJ, avec 00 pour le jour ou le mois inconnu.",
    en="Birth date received: {received}. Write YYYY-MM-DD, with 00 for an unknown day or month.",
)
BIRTH_PLACE: Final = kind(
    "ins-birth-place",
    rule="INSEE, code officiel géographique",
    fr="Lieu de naissance reçu : {received}. Donnez le code INSEE de la commune à la naissance (63220, 2A004, 97105), "
    "99 et le code du pays à l’étranger (99109), ou 99999 s’il est inconnu.",
    en="Birth place received: {received}. Give the INSEE code of the commune at the time of birth (63220, 2A004, "
    "97105), 99 and the country code abroad (99109), or 99999 when unknown.",
)
SEX: Final = kind(
    "ins-sex",
    rule="Guide INS, trait sexe",
    fr="Sexe reçu : {received}. Admis : {accepted}.",
    en="Sex received: {received}. Accepted: {accepted}.",
)
SEX_NOT_SENT: Final = kind(
    "ins-sex-not-sent",
    rule="SEL-MP-043 EF_INS25_04",
    fr="Sexe {received} : INSi ne connaît que M et F. Relevez le sexe d’un document avant d’appeler.",
    en="Sex {received}: INSi knows only M and F. Take the sex from a document before calling.",
)
BLOCKED: Final = kind(
    "ins-blocked",
    rule="Guide INS EXI ID 24",
    fr="Identité marquée {received} : elle n’est ni envoyée à INSi ni vérifiée. Retirez d’abord l’attribut.",
    en="Identity marked {received}: it is neither sent to INSi nor checked. Remove the attribute first.",
)

# -- Evidence, statuses, transitions ---------------------------------------------------------------------------------

DOCUMENT: Final = kind(
    "ins-document",
    rule="Guide INS EXI ID 19",
    fr="Pièce reçue : {received}. Pièces à haut niveau de confiance admises : {accepted}.",
    en="Document received: {received}. High-confidence documents accepted: {accepted}.",
)
ATTRIBUTES: Final = kind(
    "ins-attributes",
    rule="Guide INS EXI ID 24, RNIV EXI SI 09",
    fr="Attributs demandés ensemble : {received}. Seuls « homonyme » et « douteux » se combinent.",
    en="Attributes asked together: {received}. Only “homonym” and “doubtful” combine.",
)
STATUS_FORCED: Final = kind(
    "ins-status-forced",
    rule="Guide INS EXI ID 26",
    fr="Statut {received} avec un attribut douteux ou fictif : une telle identité est provisoire, sans matricule "
    "ni pièce retenue.",
    en="Status {received} with a doubtful or fictive attribute: such an identity is provisional, with neither a number "
    "nor a document.",
)
ANTERIORITY: Final = kind(
    "ins-anteriority",
    rule="RNIV 1 v2.0, recherche d’antériorité",
    fr="Création demandée sans recherche. Cherchez d’abord l’identité par la date de naissance, puis créez-la si elle "
    "n’existe pas.",
    en="Creation asked without a search. First look for the identity by the birth date, then create it if it is not "
    "there.",
)
EXISTS: Final = kind(
    "ins-exists",
    rule="RNIV 1 v2.0, recherche d’antériorité",
    fr="L’identité existe déjà, au statut {received} : elle ne se crée pas une seconde fois.",
    en="The identity exists already, with status {received}: it is not created a second time.",
)
NOT_CREATED: Final = kind(
    "ins-not-created",
    rule="RNIV EXI SI 07",
    fr="Rien ne peut arriver ({received}) à une identité qui n’est pas créée.",
    en="Nothing can happen ({received}) to an identity that is not created.",
)
REPLACED: Final = kind(
    "ins-replaced",
    rule="RNIV 1 v2.0, fusion",
    fr="Identité remplacée par une autre après une fusion : {received} se fait sur celle qui reste, ou après "
    "l’annulation de la fusion.",
    en="Identity replaced by another after a merge: {received} is done on the one that stays, or after the merge is "
    "undone.",
)
TRANSITION: Final = kind(
    "ins-transition",
    rule="RNIV EXI SI 07",
    fr="{received} n’a pas de sens au statut {status} : admis aux statuts {accepted}.",
    en="{received} makes no sense with status {status}: accepted with statuses {accepted}.",
)
INSI_TRAITS: Final = kind(
    "ins-insi-traits",
    rule="Guide INS, traits stricts",
    fr="Réponse sans {received}. Une identité récupérée a un nom de naissance, une liste de prénoms et le sexe M ou F.",
    en="Answer without {received}. A recovered identity has a birth name, a list of given names and the sex M or F.",
)
STRICT_TRAIT: Final = kind(
    "ins-strict-trait",
    rule="Guide INS EXI ID 08, EXI ID 10",
    fr="Modification reçue : {received}. C’est un trait strict : il se modifie comme tel, et la certification d’INSi "
    "tombe.",
    en="Edit received: {received}. This is a strict trait: it is edited as such, and the certification of INSi falls.",
)
ATTRIBUTE_ABSENT: Final = kind(
    "ins-attribute-absent",
    rule="Guide INS EXI ID 24",
    fr="L’identité ne porte pas l’attribut {received} : il n’y a rien à retirer.",
    en="The identity does not have the attribute {received}: there is nothing to remove.",
)
NOT_QUALIFIED: Final = kind(
    "ins-not-qualified",
    rule="Guide INS EXI ID 29, RNIV EXI SI 08",
    fr="Statut {received}. Seule une identité qualifiée transmet son matricule : récupérez-la auprès d’INSi et "
    "contrôlez une pièce.",
    en="Status {received}. Only a qualified identity gives out its number: recover it from INSi and check a document.",
)

# -- Datamatrix ------------------------------------------------------------------------------------------------------

DATAMATRIX_HEADER: Final = kind(
    "ins-datamatrix-header",
    rule="ANS, INS format datamatrix 2.2",
    fr="Reçu : {received}. Un datamatrix INS commence par IS, la version 01 et 22 zéros. Vérifiez que c’est bien le "
    "code « INS à scanner » qui est lu.",
    en="Received: {received}. An INS datamatrix begins with IS, version 01 and 22 zeros. Check that the code read is "
    "the one marked “INS à scanner”.",
)
DATAMATRIX_BLOCK: Final = kind(
    "ins-datamatrix-block",
    rule="ANS, INS format datamatrix 2.2",
    fr="À la position {position}, reçu : {received}. Un bloc s’annonce par un identifiant de S1 à S7, une seule fois.",
    en="At position {position}, received: {received}. A block begins with an identifier from S1 to S7, once only.",
)
DATAMATRIX_LENGTH: Final = kind(
    "ins-datamatrix-length",
    rule="ANS, INS format datamatrix 2.2",
    fr="Bloc {block}, reçu : {received}. Il a {accepted} caractères ; plus court que son maximum, un bloc de longueur "
    "variable finit par le séparateur GS s’il n’est pas le dernier.",
    en="Block {block}, received: {received}. It has {accepted} characters; shorter than its maximum, a block of "
    "variable length ends with the separator GS unless it is the last.",
)
DATAMATRIX_MISSING: Final = kind(
    "ins-datamatrix-missing",
    rule="ANS, INS format datamatrix 2.2",
    fr="Blocs absents : {received}. S1 à S6 sont obligatoires, S7 (lieu de naissance) est facultatif.",
    en="Blocks missing: {received}. S1 to S6 are mandatory, S7 (birth place) is optional.",
)
DATAMATRIX_DATE: Final = kind(
    "ins-datamatrix-date",
    rule="ANS, INS format datamatrix 2.2",
    fr="Bloc S6, reçu : {received}. La date de naissance s’écrit JJ-MM-AAAA.",
    en="Block S6, received: {received}. The birth date is written DD-MM-YYYY.",
)
DATAMATRIX_SEPARATOR: Final = kind(
    "ins-datamatrix-separator",
    rule="ANS, INS format datamatrix 2.2",
    fr="Séparateur GS en trop après le bloc {received} : le code est lu, mais son émetteur s’écarte du format.",
    en="Separator GS not needed after block {received}: the code is read, but its sender departs from the format.",
)

# -- Carriage --------------------------------------------------------------------------------------------------------

CARRIED_MISSING: Final = kind(
    "ins-carried-missing",
    rule="FR Core patient-ins, IHE PAM France PID, CI-SIS recordTarget",
    fr="Identité reçue sans {received}. Un matricule voyage avec les cinq traits, toute identité avec un nom, un "
    "prénom et une date de naissance.",
    en="Identity received without {received}. A number travels with the five traits, any identity with a name, a given "
    "name and a birth date.",
)
CARRIED_SHAPE: Final = kind(
    "ins-carried-shape",
    rule="FHIR R4 Patient, HL7 v2.5 §3.4.2 PID, CDA R2 recordTarget",
    fr="Reçu : {received}. Attendu : {expected}.",
    en="Received: {received}. Expected: {expected}.",
)
SEVERAL_NUMBERS: Final = kind(
    "ins-several-numbers",
    rule="FR Core patient-ins, identifier",
    fr="Plusieurs matricules reçus ({received}). Un seul est actif : le NIR remplace le NIA, et l’historique ne "
    "voyage pas.",
    en="Several numbers received ({received}). Only one is active: the NIR replaces the NIA, and the history does not "
    "travel.",
)
NUMBER_DROPPED: Final = kind(
    "ins-number-dropped",
    rule="Guide INS EXI ID 29",
    fr="Matricule reçu avec une identité au statut {received} : il n’est pas retenu, son émetteur n’aurait pas dû "
    "le transmettre.",
    en="Number received with an identity of status {received}: it is not kept, its sender should not have given it "
    "out.",
)
NUMBER_ABSENT: Final = kind(
    "ins-number-absent",
    rule="FR Core patient-ins",
    fr="Statut {received} reçu sans matricule : l’identité est lue comme validée.",
    en="Status {received} received without a number: the identity is read as validated.",
)
OLDER_SENDER: Final = kind(
    "ins-older-sender",
    rule="FR Core 1, invariant fr-core-1",
    fr="Statut {received} reçu avec un matricule : forme ancienne, lue comme qualifiée.",
    en="Status {received} received with a number: older form, read as qualified.",
)
STATUS_UNKNOWN: Final = kind(
    "ins-status-unknown",
    rule="FR Core 2.2 fr-core-cs-identity-status",
    fr="Statut reçu : {received}. Admis : {accepted}. L’identité est lue sans statut.",
    en="Status received: {received}. Accepted: {accepted}. The identity is read without a status.",
)

# -- Matching --------------------------------------------------------------------------------------------------------

DOCUMENT_WITHOUT_NUMBER: Final = kind(
    "ins-document-without-number",
    rule="RNIV 1 v2.0, intégration de documents",
    fr="Document reçu sans matricule : il ne se rattache pas seul. Cherchez l’identité par ses traits.",
    en="Document received without a number: it is not attached by itself. Look for the identity by its traits.",
)
DOCUMENT_UNKNOWN: Final = kind(
    "ins-document-unknown",
    rule="RNIV 1 v2.0, intégration de documents",
    fr="Aucune identité n’a ce matricule avec cet OID, ni aujourd’hui ni dans son historique.",
    en="No identity has this number with this OID, neither today nor in its history.",
)
DOCUMENT_TRAITS: Final = kind(
    "ins-document-traits",
    rule="RNIV 1 v2.0, intégration de documents",
    fr="Le matricule est celui d’une identité, mais ces traits diffèrent : {received}. Le document attend une "
    "décision.",
    en="The number is that of an identity, but these traits differ: {received}. The document waits for a decision.",
)
DOCUMENT_SEVERAL: Final = kind(
    "ins-document-several",
    rule="RNIV 1 v2.0, doublons",
    fr="{received} identités ont ce matricule : un doublon est à traiter avant que le document ne soit rattaché.",
    en="{received} identities have this number: a duplicate must be dealt with before the document is attached.",
)
