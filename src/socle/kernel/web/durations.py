"""Durations in words."""

from collections.abc import Callable

from django.utils.translation import ngettext


def lasting(seconds: float) -> str:
    """A duration in the largest unit that fits, in the reader's language; empty for none."""
    if seconds < 1:
        return ""
    for length, words in _UNITS:
        if seconds >= length:
            count = int(seconds // length)
            return words(count) % {"count": count}
    return ""


_UNITS: tuple[tuple[int, Callable[[int], str]], ...] = (
    (86_400, lambda n: ngettext("%(count)s jour", "%(count)s jours", n)),
    (3_600, lambda n: ngettext("%(count)s heure", "%(count)s heures", n)),
    (60, lambda n: ngettext("%(count)s minute", "%(count)s minutes", n)),
    (1, lambda n: ngettext("%(count)s seconde", "%(count)s secondes", n)),
)
