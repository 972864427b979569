"""The forms of the accounts."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from socle.kernel.access import GIVEN
from socle.kernel.web.forms import ActForm


def _password(label: Any, hint: Any = "", *, new: bool = False) -> forms.CharField:
    widget = forms.PasswordInput({"autocomplete": "new-password" if new else "current-password"})
    return forms.CharField(label=label, help_text=hint, widget=widget, strip=False)


class SignInForm(ActForm):
    email = forms.CharField(
        label=_("Adresse de messagerie"),
        widget=forms.EmailInput({"autocomplete": "username"}),
        max_length=254,
    )
    password = _password(_("Mot de passe"))


class CodeForm(ActForm):
    """Six digits, or a recovery code."""

    fields_of: ClassVar[Mapping[str, str]] = {"code-refused": "code", "try-later": "code"}
    code = forms.CharField(
        label=_("Code"),
        help_text=_("Les six chiffres de votre application, ou l’un de vos codes de secours."),
        widget=forms.TextInput({"autocomplete": "one-time-code", "autocapitalize": "none"}),
        max_length=40,
    )


class EnrolForm(ActForm):
    fields_of: ClassVar[Mapping[str, str]] = {"code-refused": "code"}
    code = forms.CharField(
        label=_("Code affiché par l’application"),
        help_text=_("Six chiffres, qui changent toutes les trente secondes."),
        widget=forms.TextInput({"autocomplete": "one-time-code", "inputmode": "numeric"}),
        max_length=12,
    )


_HINT = _("Au moins douze caractères. Une suite de mots que vous seul associez convient très bien.")
_PASSWORD_FAULTS = ("password-too-short", "password-too-long", "password-known")


class AcceptForm(ActForm):
    fields_of: ClassVar[Mapping[str, str]] = dict.fromkeys(_PASSWORD_FAULTS, "password")
    name = forms.CharField(
        label=_("Prénom et nom"), widget=forms.TextInput({"autocomplete": "name"}), max_length=120
    )
    password = _password(_("Mot de passe"), _HINT, new=True)


class PasswordForm(ActForm):
    fields_of: ClassVar[Mapping[str, str]] = {
        **dict.fromkeys(_PASSWORD_FAULTS, "new"),
        "password-refused": "current",
        "try-later": "current",
    }
    current = _password(_("Mot de passe actuel"))
    new = _password(_("Nouveau mot de passe"), _HINT, new=True)


class RoleForm(ActForm):
    """A role, and the structure it is for."""

    fields_of: ClassVar[Mapping[str, str]] = {
        "structure-asked": "structure",
        "structure-not-asked": "structure",
        "role-unknown": "role",
    }
    role = forms.ChoiceField(label=_("Rôle"))
    structure = forms.CharField(
        label=_("Structure"),
        help_text=_("Son numéro dans l’annuaire ; laissez vide pour un rôle qui vaut partout."),
        required=False,
        max_length=64,
    )

    def __init__(self, *arguments: Any, structure: str = "", everywhere: bool = False, **named: Any) -> None:
        """`everywhere`: for an operator, who gives every role; else the roles of one structure."""
        super().__init__(*arguments, **named)
        lang = get_language() or "fr"
        offered = [role for role in GIVEN if everywhere or role.per_structure]
        choice: Any = self.fields["role"]
        choice.choices = [(role.code, role.fr if lang == "fr" else role.en) for role in offered]
        if not everywhere:
            self.fields["structure"].widget = forms.HiddenInput()
            self.initial["structure"] = structure


class InviteForm(RoleForm):
    fields_of: ClassVar[Mapping[str, str]] = {
        **RoleForm.fields_of,
        "email-not-read": "email",
        "own-account": "email",
    }
    email = forms.CharField(
        label=_("Adresse de messagerie"), widget=forms.EmailInput({"autocomplete": "off"}), max_length=254
    )
    field_order = ("email", "role", "structure")


class DelegateForm(ActForm):
    fields_of: ClassVar[Mapping[str, str]] = {
        **dict.fromkeys(("account-unknown", "email-not-read", "own-account"), "email"),
        "delegation-end": "until",
    }
    email = forms.CharField(
        label=_("À qui"),
        help_text=_("L’adresse de messagerie d’une personne qui a déjà un compte ici."),
        widget=forms.EmailInput({"autocomplete": "off"}),
        max_length=254,
    )
    until = forms.DateField(
        label=_("Jusqu’au"),
        help_text=_("Ce jour compris ; la délégation prend fin toute seule."),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )
