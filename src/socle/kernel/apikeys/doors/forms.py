"""The forms of API keys."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.conf import settings as django_settings
from django.utils.translation import gettext_lazy as _

from socle.kernel.apikeys.acts import LABEL_LIMIT, MOST_A_SECOND
from socle.kernel.apikeys.incidents import Incident
from socle.kernel.clock import end_of_day
from socle.kernel.web.forms import ActForm
from socle.kernel.web.views import lang


def _quota() -> forms.IntegerField:
    return forms.IntegerField(
        label=_("Appels par seconde"),
        help_text=_("0 : sans limite. Vide : la limite du service."),
        required=False,
        min_value=0,
        max_value=MOST_A_SECOND,
    )


class KeyForm(ActForm):
    """A new key."""

    fields_of: ClassVar[Mapping[str, str]] = {
        "api-key-label": "label",
        "api-key-quota": "a_second",
        "api-key-expired-before": "until",
    }
    label = forms.CharField(
        label=_("Nom de l’application"),
        help_text=_("Celui que reconnaîtront les gestionnaires des clés."),
        max_length=LABEL_LIMIT,
    )
    service = forms.ChoiceField(label=_("Service que la clé ouvre"))
    until = forms.DateField(
        label=_("Jusqu’au"),
        help_text=_("Le dernier jour de validité de la clé. Vide : jusqu’à sa fermeture."),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )
    a_second = _quota()

    def __init__(self, *arguments: Any, everywhere: bool, **named: Any) -> None:
        """`everywhere`: for who keeps all keys, and gives quotas."""
        super().__init__(*arguments, **named)
        service: Any = self.fields["service"]
        service.choices = [(name, title.of(lang())) for name, title in django_settings.SOCLE_KEYED]
        if not everywhere:
            del self.fields["a_second"]

    def asked(self) -> dict[str, Any]:
        """What was typed, as the act wants it."""
        typed = dict(self.cleaned_data)
        until = typed.pop("until")
        return {**typed, "expires": end_of_day(until) if until else None}


class QuotaForm(ActForm):
    fields_of: ClassVar[Mapping[str, str]] = {"api-key-quota": "a_second"}
    a_second = _quota()


class IncidentsForm(ActForm):
    """What share of the calls of a key meets each incident."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        for incident, words in _INCIDENTS.items():
            self.fields[incident.name.lower()] = forms.IntegerField(
                label=words, help_text=_SHARE, required=False, min_value=0, max_value=100
            )

    def written(self) -> str:
        """As the act wants it: `502:5 slow:10`."""
        shares = ((one, self.cleaned_data[one.name.lower()]) for one in _INCIDENTS)
        return " ".join(f"{one.value}:{share}" for one, share in shares if share)


_SHARE = _("Part des appels, en %.")
_INCIDENTS = {
    Incident.UNAUTHORIZED: _("401, clé refusée"),
    Incident.TOO_MANY: _("429, quota dépassé"),
    Incident.BAD_GATEWAY: _("502, service injoignable"),
    Incident.TIMEOUT: _("504, réponse trop tardive"),
    Incident.SLOW: _("Réponse lente"),
}
