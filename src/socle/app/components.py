"""The components page: each component drawn with this house's own figures, next to the lines that draw it.

Whoever writes the pages of a service copies from here; the accessibility tests look at every component here.
"""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.base import Template
from django.template.loader import get_template
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from socle.app.manifests import house
from socle.app.plan import plan_of
from socle.kernel.manifest import Wing
from socle.kernel.web.charts import BarChart, Measure
from socle.kernel.web.templatetags.components import Column, Table

SAMPLES = ("button", "tag", "note", "empty", "code", "table", "bar_chart", "progress", "pagination", "form")
_TITLES = {
    "button": gettext_lazy("Bouton"),
    "tag": gettext_lazy("Étiquette"),
    "note": gettext_lazy("Remarque"),
    "empty": gettext_lazy("Rien encore"),
    "code": gettext_lazy("Texte à copier"),
    "table": gettext_lazy("Tableau"),
    "bar_chart": gettext_lazy("Graphique"),
    "progress": gettext_lazy("Avancement"),
    "pagination": gettext_lazy("Pages d’une liste"),
    "form": gettext_lazy("Formulaire"),
}


class RoomForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Nom du service"), help_text=gettext_lazy("Comme dans son manifeste.")
    )
    wing = forms.ChoiceField(
        label=gettext_lazy("Étage"), choices=[(wing.value, wing.value) for wing in Wing], required=False
    )
    open_to = forms.ChoiceField(
        label=gettext_lazy("Ouvert à"),
        choices=[("people", gettext_lazy("des personnes")), ("software", gettext_lazy("des logiciels"))],
        widget=forms.RadioSelect,
    )


def page(request: HttpRequest) -> HttpResponse:
    lang = get_language() or "fr"
    rooms = plan_of(house()).rooms
    told = {
        "samples": [
            {
                "name": name,
                "title": _TITLES[name],
                "template": f"app/samples/{name}.html",
                "source": _source(name),
            }
            for name in SAMPLES
        ],
        "table": _table(lang),
        "chart": _chart(lang),
        "built": sum(room.manifest is not None for room in rooms),
        "total": len(rooms),
        "form": RoomForm({"name": "", "wing": "ground"}),
    }
    return render(request, "app/components.html", told)


def _source(name: str) -> str:
    template: Template = get_template(f"app/samples/{name}.html").template  # type: ignore[attr-defined]
    return str(template.source).strip()


def _table(lang: str) -> Table:
    columns = (Column(_("Service")), Column(_("Normes")), Column(_("Adresses"), numeric=True))
    rows = [
        (
            manifest.title.of(lang),
            ", ".join(f"{standard.name} {standard.version}" for standard in manifest.standards) or "—",
            len(manifest.endpoints),
        )
        for manifest in house()
    ]
    return Table(_("Services ouverts"), columns, rows)


def _chart(lang: str) -> BarChart:
    measures = [
        Measure(manifest.title.of(lang), len(manifest.endpoints), str(len(manifest.endpoints)))
        for manifest in house()
    ]
    return BarChart(
        identifier="addresses",
        title=_("Adresses par service"),
        sentence=_(
            "Une barre par service ouvert, de longueur proportionnelle au nombre d’adresses publiées."
        ),
        label_heading=_("Service"),
        value_heading=_("Adresses"),
        measures=measures,
    )
