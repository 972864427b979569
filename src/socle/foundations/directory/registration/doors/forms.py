"""The forms of self-registration: one question at a time for who registers, the whole for who corrects."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, ClassVar, Final, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from socle.foundations.directory.registration.acts.employer import NOTE_LIMIT
from socle.foundations.directory.registration.contract import Contract, ContractKind, roles
from socle.foundations.directory.registration.evidence import KINDS
from socle.foundations.directory.registration.person import (
    Person,
    check_birth,
    read_name,
    read_phone,
    read_place,
)
from socle.kernel.accounts.personal import read_email
from socle.kernel.clock import business_date
from socle.kernel.errors import SocleError
from socle.kernel.web.forms import ActForm
from socle.kernel.web.views import lang

T = TypeVar("T")
_NOBODY: Final = "personne"
Choices = Iterable[tuple[str, str | Promise]]
CONTRACTS: Final = {
    ContractKind.PERMANENT: _("Contrat à durée indéterminée"),
    ContractKind.FIXED_TERM: _("Contrat à durée déterminée"),
    ContractKind.AGENCY: _("Intérim"),
    ContractKind.PUBLIC: _("Agent public"),
    ContractKind.APPRENTICESHIP: _("Apprentissage ou alternance"),
    ContractKind.VOLUNTEER: _("Bénévolat"),
}
_FIELDS_OF: Final = {
    "registration-birth": "birth_date",
    "registration-phone": "phone",
    "registration-role": "role",
    "registration-contract-end": "ends",
    "registration-contract-backwards": "ends",
    "registration-contract-over": "ends",
    "registration-contract-start": "starts",
    "registration-structure-unknown": "structure",
    "registration-structure-closed": "structure",
    "email-not-read": "email",
}


def _read(reader: Callable[[str], T], received: str) -> T:
    """What a rule reads; its refusal is told at the field."""
    try:
        return reader(received)
    except SocleError as refusal:
        raise ValidationError(refusal.sentence(lang())) from None


def _text(label: Any, autocomplete: str, hint: Any = "", **more: Any) -> forms.CharField:
    widget = forms.TextInput({"autocomplete": autocomplete})
    return forms.CharField(label=label, help_text=hint, widget=widget, max_length=80, **more)


def _day(label: Any, hint: Any = "", **more: Any) -> forms.DateField:
    widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, help_text=hint, widget=widget, **more)


def _choice(label: Any, choices: Any, hint: Any = "") -> forms.ChoiceField:
    return forms.ChoiceField(label=label, help_text=hint, choices=choices, widget=forms.RadioSelect)


def role_choices() -> list[tuple[str, str]]:
    """The roles in the order of their labels, after a line that chooses none."""
    told = [(code, label[0 if lang() == "fr" else 1]) for code, label in roles().items()]
    return [("", "—"), *sorted(told, key=lambda one: one[1].casefold())]


class Part(ActForm):
    """One question of the form. What an act refuses later is told at the part that holds its field."""

    fields_of: ClassVar[Mapping[str, str]] = _FIELDS_OF


class StructurePart(Part):
    """The structure, searched by its name or number, then chosen among those found."""

    q = forms.CharField(
        label=_("Nom, ville ou numéro FINESS"),
        help_text=_("Par exemple « ehpad des fables lyon », ou les 9 caractères du numéro FINESS."),
        widget=forms.TextInput({"autocomplete": "organization", "type": "search"}),
        max_length=120,
    )
    structure = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)

    def __init__(self, *arguments: Any, found: Choices = (), **named: Any) -> None:
        """`found` are the structures to choose from."""
        super().__init__(*arguments, **named)
        # Who comes with a structure chosen elsewhere has nothing to search.
        self.fields["q"].required = not self.data.get("structure")
        if choices := list(found):
            self.fields["structure"] = field = _choice(_("Votre structure"), choices)
            field.required = bool(self.data) and self.data.get("do") != "chercher"


class IdentityPart(Part):
    birth_name = _text(_("Nom de naissance"), "family-name")
    used_name = _text(
        _("Nom d’usage"),
        "family-name",
        _("Si vous en portez un autre : c’est lui que l’annuaire montrera."),
        required=False,
    )
    given_name = _text(_("Premier prénom"), "given-name", _("Comme sur votre pièce d’identité."))
    sex = _choice(_("Sexe à l’état civil"), [("F", _("Féminin")), ("M", _("Masculin"))])
    birth_date = _day(_("Date de naissance"))
    birth_place = _text(_("Ville de naissance"), "off", _("Avec le pays, si vous êtes né à l’étranger."))

    def clean_birth_name(self) -> str:
        return _read(read_name, self.cleaned_data["birth_name"])

    def clean_used_name(self) -> str:
        typed = self.cleaned_data["used_name"]
        return _read(read_name, typed) if typed.strip() else ""

    def clean_given_name(self) -> str:
        return _read(read_name, self.cleaned_data["given_name"])

    def clean_birth_place(self) -> str:
        return _read(read_place, self.cleaned_data["birth_place"])

    def clean_birth_date(self) -> date:
        born: date = self.cleaned_data["birth_date"]
        _read(lambda _text: check_birth(born, business_date()), "")
        return born


class WorkPart(Part):
    role = forms.ChoiceField(
        label=_("Votre rôle"),
        help_text=_(
            "Ce que vous faites dans cette structure. Une profession réglementée s’enregistre ailleurs."
        ),
        choices=role_choices,
    )
    contract = _choice(_("Votre contrat"), [(kind.value, label) for kind, label in CONTRACTS.items()])
    starts = _day(_("Premier jour"))
    ends = _day(_("Dernier jour"), _("Laissez vide si votre contrat n’a pas de fin prévue."), required=False)


class ReachPart(Part):
    email = forms.CharField(
        label=_("Adresse de messagerie"),
        help_text=_("Un code y sera envoyé. Elle n’est pas publiée."),
        widget=forms.EmailInput({"autocomplete": "email"}),
        max_length=254,
    )
    phone = forms.CharField(
        label=_("Téléphone"),
        help_text=_("Il n’est pas publié ; votre employeur peut s’en servir pour vous joindre."),
        widget=forms.TextInput({"autocomplete": "tel", "inputmode": "tel", "type": "tel"}),
        max_length=30,
        required=False,
    )

    def clean_email(self) -> str:
        return _read(read_email, self.cleaned_data["email"])

    def clean_phone(self) -> str:
        return _read(read_phone, self.cleaned_data["phone"])


class WholeForm(IdentityPart, WorkPart, ReachPart):
    """Everything at once, for who puts something right."""

    structure = _text(
        _("Numéro de la structure"), "off", _("Son numéro FINESS, ou celui que montre l’annuaire.")
    )
    field_order = ("structure", *IdentityPart.base_fields, *WorkPart.base_fields, *ReachPart.base_fields)


def person_of(told: Mapping[str, Any]) -> Person:
    """The person whom the cleaned fields say."""
    names = ("birth_name", "given_name", "sex", "birth_date", "birth_place", "email", "used_name", "phone")
    return Person(**{name: told[name] for name in names})


def contract_of(told: Mapping[str, Any]) -> Contract:
    return Contract(told["role"], ContractKind(told["contract"]), told["starts"], told["ends"])


class CodeForm(ActForm):
    fields_of: ClassVar[Mapping[str, str]] = dict.fromkeys(
        ("registration-code", "registration-code-expired", "registration-too-many", "try-later"), "code"
    )
    code = forms.CharField(
        label=_("Code reçu"),
        help_text=_("Huit chiffres."),
        widget=forms.TextInput({"autocomplete": "one-time-code", "inputmode": "numeric"}),
        max_length=20,
    )


class EvidenceForm(ActForm):
    fields_of: ClassVar[Mapping[str, str]] = {"registration-evidence": "evidence"}
    evidence = _choice(_("Document que vous avez vu"), [])

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        field: Any = self.fields["evidence"]
        field.choices = [(one.code, one.fr if lang() == "fr" else one.en) for one in KINDS.values()]


class NumberForm(ActForm):
    """Whether the person is one of those of the same name whom the directory shows."""

    fields_of: ClassVar[Mapping[str, str]] = {"registration-other-person": "known"}
    known = _choice(_("Est-ce l’une de ces personnes ?"), [])

    def __init__(self, *arguments: Any, found: list[tuple[str, str]], **named: Any) -> None:
        super().__init__(*arguments, **named)
        field: Any = self.fields["known"]
        field.required = bool(found)
        field.choices = [*found, (_NOBODY, _("Non, c’est une autre personne"))]

    def clean_known(self) -> str:
        """The national identification of the person recognised; empty for nobody."""
        chosen: str = self.cleaned_data["known"]
        return "" if chosen == _NOBODY else chosen


class NoteForm(ActForm):
    fields_of: ClassVar[Mapping[str, str]] = {"registration-reason": "why"}
    why = forms.CharField(
        label=_("Pourquoi"),
        help_text=_("La personne le lira tel quel. N’y mettez rien sur sa santé."),
        widget=forms.Textarea({"rows": 3}),
        max_length=NOTE_LIMIT,
    )


class EndForm(ActForm):
    fields_of: ClassVar[Mapping[str, str]] = {
        "registration-contract-backwards": "ends",
        "registration-contract-end": "ends",
    }
    ends = _day(
        _("Dernier jour du contrat"),
        _("Un jour passé ferme le rôle tout de suite. Vide : le contrat n’a plus de fin prévue."),
        required=False,
    )
