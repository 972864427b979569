"""The forms of persons' rights. What an act refuses is told at the field that it concerns."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from socle.kernel.privacy.doors.words import RIGHTS, ground_words
from socle.kernel.privacy.grounds import grounds_for
from socle.kernel.privacy.messages import TEXT_LIMIT
from socle.kernel.privacy.requests import Right
from socle.kernel.web.forms import ActForm


def _words(label: Any, hint: Any = "", *, required: bool = True) -> forms.CharField:
    widget = forms.Textarea({"rows": 5})
    return forms.CharField(
        label=label, help_text=hint, widget=widget, required=required, max_length=TEXT_LIMIT
    )


def _rights() -> forms.ChoiceField:
    choices = [(right.value, _lazy_choice(right)) for right in Right]
    return forms.ChoiceField(label=_("Que demandez-vous ?"), widget=forms.RadioSelect, choices=choices)


class _Choice:
    """The name of a right and what it is, in the language of whoever reads."""

    def __init__(self, right: Right) -> None:
        self._name, self._what = RIGHTS[right]

    def __str__(self) -> str:
        return f"{self._name} – {self._what}"


def _lazy_choice(right: Right) -> Any:
    return _Choice(right)


class OwnForm(ActForm):
    """What somebody asks whose identity is known by their session."""

    kind = _rights()
    said = _words(
        _("Précisez si besoin"), _("Ce qui est faux, ce qui vous gêne, ce que vous cherchez."), required=False
    )


class AskForm(ActForm):
    """What somebody asks whom nobody knows yet."""

    fields_of: ClassVar[Mapping[str, str]] = {"try-later": "kind"}
    kind = _rights()
    name = forms.CharField(
        label=_("Prénom et nom"), widget=forms.TextInput({"autocomplete": "name"}), max_length=120
    )
    contact = forms.CharField(
        label=_("Comment vous joindre"),
        help_text=_(
            "Une adresse de messagerie, un téléphone ou une adresse postale. Elle ne sert qu’à cette demande."
        ),
        max_length=300,
    )
    said = _words(
        _("Votre demande en quelques mots"),
        _("Quel service, quelles données, ce que vous attendez. N’y mettez pas d’information médicale."),
    )


class ReplyForm(ActForm):
    text = _words(_("Votre réponse"))


class MoreForm(ActForm):
    """A text of the office to the person: more asked, reasons of an extension, an answer."""

    text = _words(_("Ce que la personne lira"))


class AnswerForm(ActForm):
    text = _words(_("Ce qui a été fait"), _("La personne le lit sur sa page de suivi."), required=False)


class IdentifyForm(ActForm):
    fields_of: ClassVar[Mapping[str, str]] = {
        "privacy-nothing-held": "person",
    }
    proof = forms.CharField(
        label=_("Comment l’identité a été vérifiée"),
        help_text=_("Ce qui a été vu, sans en garder de copie. Inscrit dans la trace, scellé."),
        max_length=300,
    )
    person = forms.CharField(
        label=_("Qui est cette personne ici"),
        help_text=_(
            "Adresse de messagerie, numéro RPPS ou d’enregistrement, identifiant interne (agent:…) ; "
            "vide si aucune donnée n’est conservée."
        ),
        required=False,
        max_length=254,
    )


class RefuseForm(ActForm):
    ground = forms.ChoiceField(label=_("Motif juridique"))
    text = _words(_("Les raisons, en mots simples"), _("La personne les lit, avec la voie de recours."))

    def __init__(self, right: Right, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        field: Any = self.fields["ground"]
        field.choices = [("", "—"), *((one.code, ground_words(one)) for one in grounds_for(right))]
