"""The grounds on which the law lets a request be refused (GDPR), and for which rights each of them counts."""

import re
from dataclasses import dataclass

from socle.kernel.errors import SocleError
from socle.kernel.manifest import Text
from socle.kernel.privacy.faults import GROUND_UNKNOWN
from socle.kernel.privacy.requests import Right

_PART = re.compile(r"\d+|\b[a-z]\b")


@dataclass(frozen=True, slots=True)
class Ground:
    """`article` as it is cited in English; `rights` that may be refused on it."""

    code: str
    article: str
    text: Text
    rights: frozenset[Right]

    def cited(self, lang: str) -> str:
        """The articles as each language writes them: “art. 17(3)(b)” is « art. 17, § 3, b »."""
        if lang != "fr":
            return self.article
        return ", et ".join(
            ", ".join([f"art. {number}", *(f"§\u00a0{part}" if part.isdigit() else part for part in parts)])
            for number, *parts in (_PART.findall(one) for one in self.article.split(", "))
        )


def _ground(code: str, article: str, fr: str, en: str, *rights: Right) -> Ground:
    return Ground(code, article, Text(fr, en), frozenset(rights or Right))


GROUNDS = (
    _ground(
        "unidentified",
        "art. 11(2), 12(6)",
        "l’identité n’a pas pu être établie",
        "the identity could not be established",
    ),
    _ground(
        "unfounded",
        "art. 12(5)",
        "la demande est manifestement infondée ou excessive",
        "the request is manifestly unfounded or excessive",
    ),
    _ground(
        "others",
        "art. 15(4), 20(4)",
        "y répondre porterait atteinte aux droits d’autres personnes",
        "answering would adversely affect the rights of others",
        *(Right.ACCESS, Right.PORTABILITY),
    ),
    _ground(
        "legal-obligation",
        "art. 17(3)(b)",
        "la loi oblige à garder ces données",
        "the law requires these data to be kept",
        Right.ERASURE,
    ),
    _ground(
        "public-health",
        "art. 17(3)(c)",
        "ces données servent la santé publique",
        "these data serve public health",
        Right.ERASURE,
    ),
    _ground(
        "archives",
        "art. 17(3)(d), 21(6)",
        "ces données servent les archives, la recherche ou la statistique",
        "these data serve archives, research or statistics",
        *(Right.ERASURE, Right.OBJECTION),
    ),
    _ground(
        "claims",
        "art. 17(3)(e), 21(1)",
        "ces données servent à établir ou à défendre des droits en justice",
        "these data serve to establish or defend legal claims",
        *(Right.ERASURE, Right.OBJECTION),
    ),
    _ground(
        "accurate",
        "art. 16",
        "les données sont exactes",
        "the data are accurate",
        Right.RECTIFICATION,
    ),
    _ground(
        "no-restriction",
        "art. 18(1)",
        "aucun des quatre cas de limitation n’est présent",
        "none of the four cases of restriction is met",
        Right.RESTRICTION,
    ),
    _ground(
        "not-portable",
        "art. 20(1), 20(3)",
        "le traitement ne repose ni sur un consentement ni sur un contrat, ou relève d’une mission publique",
        "the processing rests on neither consent nor contract, or is a public task",
        Right.PORTABILITY,
    ),
    _ground(
        "compelling",
        "art. 21(1)",
        "des motifs légitimes et impérieux l’emportent",
        "compelling legitimate grounds prevail",
        Right.OBJECTION,
    ),
)


def grounds_for(right: Right) -> list[Ground]:
    return [ground for ground in GROUNDS if right in ground.rights]


def ground_for(right: Right, code: str) -> Ground:
    """Raises SocleError(GROUND_UNKNOWN) for one that does not count for this right."""
    allowed = grounds_for(right)
    for ground in allowed:
        if ground.code == code:
            return ground
    known = ", ".join(ground.code for ground in allowed)
    raise SocleError(GROUND_UNKNOWN, received=code[:80] or "-", right=right.value, known=known)


def ground_of(code: str) -> Ground | None:
    return next((ground for ground in GROUNDS if ground.code == code), None)
