"""The forms of the webhooks."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.conf import settings as django_settings
from django.utils.translation import gettext_lazy as _

from socle.kernel.outbox.events import CATALOGUE
from socle.kernel.web.forms import ActForm
from socle.kernel.web.views import lang


def titled(code: str) -> str:
    """A kind of event in words, with its code."""
    known = CATALOGUE.get(code)
    return f"{known.fr if lang() == 'fr' else known.en} ({code})" if known else code


class HookForm(ActForm):
    """A new subscriber."""

    fields_of: ClassVar[Mapping[str, str]] = {"webhook-url-refused": "url", "webhook-kind-unknown": "kinds"}
    url = forms.CharField(
        label=_("Adresse de l’abonné"),
        help_text=_("Une adresse https, sans identifiants. Son chemin est gardé secret."),
        max_length=2_000,
        widget=forms.URLInput({"autocomplete": "off"}),
    )
    kinds = forms.MultipleChoiceField(
        label=_("Évènements envoyés"),
        help_text=_(
            "Sans choix, l’abonné reçoit tout, départs de personnes compris : choisissez, s’il n’est pas à vous."
        ),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        kinds: Any = self.fields["kinds"]
        kinds.choices = [(code, titled(code)) for code in django_settings.SOCLE_EVENTS]


class ReplayForm(ActForm):
    fields_of: ClassVar[Mapping[str, str]] = {"webhook-cursor-out-of-log": "after"}
    after = forms.IntegerField(
        label=_("Rejouer après l’évènement"),
        help_text=_("Son numéro ; tout ce qui le suit est envoyé de nouveau."),
        min_value=0,
    )
