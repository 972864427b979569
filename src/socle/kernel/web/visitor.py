"""Who looks at a page, as far as its header shows it."""

from dataclasses import dataclass

from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Visitor:
    """`persona` is what they act as, in both languages; `entered`: with all their factors; `unread` notifications wait
    for them. Nobody in particular when there is no name."""

    name: str = ""
    persona_fr: str = ""
    persona_en: str = ""
    entered: bool = False
    unread: int = 0

    def persona(self, lang: str) -> str:
        return self.persona_fr if lang == "fr" else self.persona_en

    def __bool__(self) -> bool:
        return bool(self.name)


NOBODY = Visitor()


def visitor_of(request: HttpRequest) -> Visitor:
    """Set by the session's middleware; nobody where it does not run."""
    found: Visitor = getattr(request, "visitor", NOBODY)
    return found
