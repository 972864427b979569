"""Components as the templates call them: what they say to a screen reader, and that they escape what they show."""

import re

import pytest
from django import forms
from django.template import Context, Template, TemplateSyntaxError
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from socle.kernel.web.charts import BarChart, Measure
from socle.kernel.web.templatetags.components import Column, Table, figure

HOSTILE = "<script>alert('x')</script>\"&"


def rendered(source: str, lang: str = "fr", **values: object) -> str:
    with translation.override(lang):
        return Template(source).render(Context(values))


@pytest.mark.parametrize(
    "source",
    [
        "{% tag text %}",
        "{% note %}{{ text }}{% endnote %}",
        "{% empty title=text %}{{ text }}{% endempty %}",
        "{% code text text %}",
        "{% breadcrumb text text here=text %}",
        "{% progress text 1 2 text %}",
        "{% pagination previous=text following=text position=text %}",
        "{% data_table table %}",
        "{% bar_chart chart %}",
    ],
)
def test_what_is_shown_is_escaped(source: str) -> None:
    table = Table(HOSTILE, (Column(HOSTILE), Column(HOSTILE)), [(HOSTILE, HOSTILE)])
    chart = BarChart("c", HOSTILE, HOSTILE, HOSTILE, HOSTILE, [Measure(HOSTILE, 1, HOSTILE)])
    page = rendered(source, text=HOSTILE, table=table, chart=chart)
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_no_component_writes_a_style_or_a_script_in_the_page() -> None:
    chart = BarChart("c", "Titre", "Phrase", "Nom", "Valeur", [Measure("a", 1, "1")])
    page = rendered("{% bar_chart chart %}{% code 'x' 'y' %}{% progress 'a' 1 2 %}", chart=chart)
    assert not re.search(r"<script|<style|\bstyle=|\bon[a-z]+=", page)


def test_only_known_tones_are_drawn() -> None:
    with pytest.raises(TemplateSyntaxError, match="pink"):
        rendered("{% tag 'a' 'pink' %}")


def test_a_note_that_says_what_failed_is_announced() -> None:
    assert 'role="alert"' in rendered("{% note tone='bad' %}a{% endnote %}")
    assert "role=" not in rendered("{% note %}a{% endnote %}")


def test_a_table_names_its_columns_and_its_rows() -> None:
    table = Table("Légende", (Column("Nom"), Column("Nombre", numeric=True)), [("Lyon", 12)])
    page = rendered("{% data_table table %}", table=table)
    assert "<caption>Légende</caption>" in page
    assert page.count('scope="col"') == 2
    assert page.count('scope="row"') == 1
    assert 'data-label="Nombre"' in page


def test_a_row_of_the_wrong_length_is_refused() -> None:
    with pytest.raises(ValueError, match="shorter"):
        rendered("{% data_table table %}", table=Table("a", (Column("b"), Column("c")), [("d",)]))


@given(st.lists(st.tuples(st.text(max_size=5), st.floats(0, 1e12)), max_size=30))
def test_bars_stay_in_the_drawing_and_in_proportion(values: list[tuple[str, float]]) -> None:
    measures = [Measure(label, value, f"{value:.0f}") for label, value in values]
    chart = BarChart("c", "t", "s", "l", "v", measures)
    widths = [float(bar.width.rstrip("%")) for bar in chart.bars]
    assert all(0 <= width <= 100 for width in widths)
    if any(value > 0 for _, value in values):
        assert max(widths) == 100
    ordered = sorted(zip((value for _, value in values), widths, strict=True))
    assert [width for _, width in ordered] == sorted(widths)
    assert all(bar.bar_top + 10 <= chart.height for bar in chart.bars)


@pytest.mark.parametrize(
    ("lang", "value", "written"),
    [("fr", 4210, "4\xa0210"), ("en", 4210, "4,210"), ("fr", 3.4, "3,4"), ("fr", "—", "—"), ("fr", 7, "7")],
)
def test_figures_are_written_as_the_language_does(lang: str, value: object, written: str) -> None:
    with translation.override(lang):
        assert figure(value) == written


class Search(forms.Form):
    who = forms.CharField(label="Nom", help_text="Comme sur l’ordonnance.")
    town = forms.CharField(label="Commune", required=False)
    mode = forms.ChoiceField(
        label="Exercice", choices=[("L", "libéral"), ("S", "salarié")], widget=forms.RadioSelect
    )


def identifiers(page: str) -> set[str]:
    return set(re.findall(r'\bid="([^"]+)"', page))


def test_a_field_ties_label_hint_and_error_to_its_control() -> None:
    page = rendered("{{ form }}", form=Search({"who": ""}))
    assert '<label for="id_who">' in page
    control = re.search(r'<input[^>]*name="who"[^>]*>', page)
    assert control
    described = re.search(r'aria-describedby="([^"]+)"', control[0])
    assert described
    assert set(described[1].split()) == {"id_who_helptext", "id_who_error"} <= identifiers(page)
    assert 'aria-invalid="true"' in control[0]


def test_a_group_of_choices_is_a_named_group() -> None:
    page = rendered("{{ form }}", form=Search({"who": "a"}))
    assert re.search(r'<fieldset[^>]*aria-describedby="id_mode_error"[^>]*>\s*<legend>\s*Exercice', page)


def test_the_summary_of_errors_leads_to_each_field() -> None:
    page = rendered("{{ form }}", form=Search({}))
    summary = page[page.index("error-summary") : page.index('class="field')]
    targets = set(re.findall(r'href="#([^"]+)"', summary))
    assert targets == {"id_who", "id_mode_0"} <= identifiers(page)
    assert 'role="alert"' in summary


def test_a_form_without_error_has_no_summary_and_says_what_is_optional() -> None:
    page = rendered("{{ form }}", form=Search())
    assert "error-summary" not in page
    assert page.count("(facultatif)") == 1
    assert "(optional)" in rendered("{{ form }}", "en", form=Search())
