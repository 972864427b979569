"""Forms that are accessible by construction.

Every field is rendered by one template: label, hint, error, control, tied together by `for` and `aria-describedby`
(which Django computes); a form with errors starts with a summary whose links lead to the fields (WCAG 3.3.1, 4.1.3).
"""

from collections.abc import Mapping
from typing import ClassVar

from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.translation import get_language

from socle.kernel.errors import SocleError


class AccessibleRenderer(TemplatesSetting):
    form_template_name = "socle/forms/form.html"
    field_template_name = "socle/forms/field.html"


class ActForm(forms.Form):
    """`refuse` shows what an act said, at the field that its error names in `fields_of`, else above the form."""

    fields_of: ClassVar[Mapping[str, str]] = {}

    def refuse(self, error: SocleError) -> int:
        """The status of the answer that shows it."""
        self.add_error(self.fields_of.get(error.code), error.sentence(get_language() or "fr"))
        return error.status
