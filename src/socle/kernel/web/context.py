"""What the base page knows beside its own content: where we are, which pages the menu shows, in which language."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import parse_qsl, urlencode

from django.conf import settings as django_settings
from django.http import HttpRequest
from django.utils.translation import get_language

from socle import __version__
from socle.kernel.access import PUBLIC, allows
from socle.kernel.actors import ANONYMOUS, Acting
from socle.kernel.manifest import Page
from socle.kernel.settings import settings
from socle.kernel.web.language import LANGUAGES
from socle.kernel.web.visitor import NOBODY, Visitor, visitor_of


@dataclass(frozen=True, slots=True)
class MenuEntry:
    href: str
    label: str
    current: bool


@dataclass(frozen=True, slots=True)
class LanguageEntry:
    code: str
    label: str
    href: str
    current: bool


@dataclass(frozen=True)
class Shell:
    """Lazy: an error page or a fragment pays only for what it shows."""

    path: str
    query: str
    lang: str
    visitor: Visitor = NOBODY
    acting: Acting = field(default=Acting(ANONYMOUS))

    version = __version__

    @property
    def demo(self) -> bool:
        return not settings().production

    @cached_property
    def menu(self) -> list[MenuEntry]:
        """The pages that are open to all."""
        return self._entries(page for page in django_settings.SOCLE_MENU if page.permission is PUBLIC)

    @cached_property
    def tools(self) -> list[MenuEntry]:
        """The pages that this visitor may open, and not everybody."""
        return self._entries(
            page
            for page in django_settings.SOCLE_MENU
            if page.permission is not PUBLIC and allows(self.acting, page.permission)
        )

    def _entries(self, pages: Iterable[Page]) -> list[MenuEntry]:
        return [_entry(page, self.path, self.lang) for page in pages]

    @property
    def persona(self) -> str:
        return self.visitor.persona(self.lang)

    @cached_property
    def languages(self) -> list[LanguageEntry]:
        kept = [(name, value) for name, value in parse_qsl(self.query[:2_000]) if name != "lang"]
        return [
            LanguageEntry(code, label, "?" + urlencode([*kept, ("lang", code)]), code == self.lang)
            for code, label in LANGUAGES.items()
        ]


def _entry(page: Page, path: str, lang: str) -> MenuEntry:
    href = f"/{page.route}"
    inside = path == href or (bool(page.route) and path.startswith(f"{href}/"))
    return MenuEntry(href, page.title.of(lang), inside)


def shell_of(path: str, query: str, lang: str) -> Shell:
    return Shell(path, query, lang)


def shell(request: HttpRequest) -> dict[str, Shell]:
    """Context processor: `shell` in every template."""
    query = request.META.get("QUERY_STRING", "")
    acting = getattr(request, "acting", None) or Acting(ANONYMOUS)
    return {"shell": Shell(request.path, query, get_language() or "fr", visitor_of(request), acting)}
