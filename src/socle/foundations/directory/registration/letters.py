"""What the person is told by mail, in both languages: their code, or that something waits on their own page."""

from typing import Final

from socle.foundations.directory.registration import announced
from socle.kernel.manifest import Text
from socle.kernel.notify.mail.letter import Letter, Passage

_CODE: Final = Text(
    "Votre code pour l’annuaire : {code}. Recopiez-le sur votre page de suivi. Si vous n’avez rien demandé, ne faites "
    "rien.",
    "Your code for the directory: {code}. Copy it on the page of your registration. If you asked for nothing, do "
    "nothing.",
)
_TITLES: Final = {
    announced.CODE_WANTED.code: Text("Confirmez votre adresse", "Confirm your address"),
    announced.TO_CORRECT.code: Text(
        "Votre employeur demande une correction", "Your employer asks for a correction"
    ),
    announced.PUBLISHED.code: Text("Votre rôle est publié", "Your role is published"),
    announced.REFUSED.code: Text("Votre employeur a refusé ce rôle", "Your employer has refused this role"),
    announced.ABANDONED.code: Text("Votre demande est abandonnée", "Your registration is abandoned"),
    announced.CLOSED.code: Text("Votre rôle est fermé", "Your role is closed"),
}
_WAITS: Final = Text(
    "Votre page de suivi dit pourquoi, et ce que vous pouvez faire.",
    "The page of your registration says why, and what you can do.",
)
_FOLLOW: Final = Text("Suivre mon enregistrement", "Follow my registration")
KINDS: Final = tuple(_TITLES)
"""The codes of the events of which the person is told."""


def letter_of(kind: str, *, code: str, link: str, demonstration: bool) -> Letter:
    """The letter about an event of this kind; `link` is the whole address of the person's page."""
    title = _TITLES[kind]
    says = _CODE if kind == announced.CODE_WANTED.code else _WAITS
    passages = [
        Passage(title.of(lang), says.of(lang).format(code=code), link, _FOLLOW.of(lang))
        for lang in ("fr", "en")
    ]
    return Letter("fr", title.fr, passages, demonstration=demonstration)
