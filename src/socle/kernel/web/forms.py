"""Forms that are accessible by construction.

Every field is rendered by one template: label, hint, error, control, tied together by `for` and `aria-describedby`
(which Django computes); a form with errors starts with a summary whose links lead to the fields (WCAG 3.3.1, 4.1.3).
"""

from django.forms.renderers import TemplatesSetting


class AccessibleRenderer(TemplatesSetting):
    form_template_name = "socle/forms/form.html"
    field_template_name = "socle/forms/field.html"
