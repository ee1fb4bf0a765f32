"""The tags that draw the components."""

import re
from decimal import Decimal

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template, TemplateSyntaxError
from django.utils import translation

from core.models import SellerSettings
from core.money import NBSP, Money
from core.templatetags.money import money, per_kg, weight
from core.templatetags.ui import json_ld, site_path, stock_note


def render(source: str, **context: object) -> str:
    return Template("{% load ui money %}" + source).render(Context(context))


class DoorForm(forms.Form):
    name = forms.CharField(label="Name", help_text="As on the door.")
    code = forms.CharField(label="Code", required=False, widget=forms.PasswordInput)
    agree = forms.BooleanField(label="I agree")
    website = forms.CharField(
        required=False, widget=forms.TextInput(attrs={"style": "right: -9px", "tabindex": "-1"})
    )


def test_an_icon_without_words_is_decoration():
    assert 'aria-hidden="true"' in render('{% icon "cart" %}')
    assert 'aria-label="Cart"' in render('{% icon "cart" label="Cart" %}')


def test_every_icon_that_templates_name_is_in_the_sprite():
    from core.finders import SOURCE

    sprite = set(re.findall(r'<symbol id="([^"]+)"', (SOURCE / "img" / "icons.svg").read_text()))
    folder = SOURCE.parents[1] / "templates"
    named = {
        name
        for path in folder.rglob("*.html")
        if "admin" not in path.parts  # Wagtail has icons of its own
        for name in re.findall(r'{% icon "([^"]+)"|\bicon="([^"]+)"', path.read_text())
        for name in name
        if name
    }

    assert named - sprite == set()


@pytest.mark.parametrize("tag", ["panel", "alert", "empty_state", "summary", "filter_panel"])
def test_a_misspelt_argument_is_an_error(tag):
    with pytest.raises(TemplateSyntaxError):
        render(f'{{% {tag} tiitle="x" %}}{{% end{tag} %}}')


def test_what_people_typed_is_escaped_in_frames():
    drawn = render("{% alert title=name %}<p>{{ name }}</p>{% endalert %}", name="<b>Eve</b>")

    assert "<b>" not in drawn
    assert drawn.count("&lt;b&gt;Eve&lt;/b&gt;") == 2


def test_a_wrong_field_is_tied_to_its_error_and_hint():
    form = DoorForm({})
    drawn = render("{% field form.name %}", form=form)

    assert 'aria-invalid="true"' in drawn
    assert 'aria-describedby="id_name_helptext id_name_error"' in drawn
    assert 'id="id_name_helptext"' in drawn
    assert 'id="id_name_error"' in drawn


def test_the_error_summary_links_to_the_fields():
    drawn = render("{% fields form %}", form=DoorForm({}))

    assert 'href="#id_name"' in drawn
    assert 'href="#id_agree"' in drawn


def test_a_right_form_has_no_summary():
    assert "error-summary" not in render("{% fields form %}", form=DoorForm({"name": "Ann", "agree": "on"}))


def test_a_password_can_be_shown():
    assert "<any-password>" in render("{% field form.code %}", form=DoorForm())


def test_the_trap_for_robots_has_no_inline_style():
    drawn = render("{% field form.website %}", form=DoorForm())

    assert "style=" not in drawn
    assert 'aria-hidden="true"' in drawn
    assert 'name="website"' in drawn


@pytest.mark.parametrize(("left", "words"), [(0, "Sold out"), (1, "1 left"), (5, "5 left"), (6, "In stock")])
def test_stock_is_told_in_words(left, words):
    with translation.override("en"):
        assert stock_note({}, left)["text"] == words


def test_the_settings_say_how_many_are_few():
    settings = {"core": {"SellerSettings": SellerSettings(low_stock=2)}}
    with translation.override("en"):
        assert stock_note({"settings": settings}, 2)["text"] == "2 left"
        assert stock_note({"settings": settings}, 3)["text"] == "In stock"


def test_pagination_keeps_the_other_filters(rf):
    page = Paginator(range(100), 10).page(5)
    drawn = render("{% pagination page %}", page=page, request=rf.get("/catalog/", {"q": "red", "page": "5"}))

    assert 'href="?q=red&amp;page=6"' in drawn
    assert 'aria-current="page"' in drawn


def test_one_page_needs_no_pagination(rf):
    assert "<nav" not in render("{% pagination page %}", page=Paginator([], 10).page(1), request=rf.get("/"))


def test_structured_data_cannot_end_its_script():
    drawn = json_ld({"name": "</script><script>alert(1)</script>"})

    assert drawn.count("</script>") == 1


def test_breadcrumbs_are_told_to_search_engines_too(rf):
    drawn = render("{% breadcrumbs trail %}", trail=[("Shop", "/"), ("Berry", "")], request=rf.get("/"))

    assert '"@type": "BreadcrumbList"' in drawn
    assert '<span aria-current="page">Berry</span>' in drawn


def test_the_season_strip_says_each_month_in_words():
    with translation.override("en"):
        drawn = render("{% season_strip months %}", months=[6, 7])

    assert drawn.count("<li") == 12
    assert drawn.count(": in season") == 2


@pytest.mark.parametrize(("language", "path"), [("ru", "/catalog/"), ("en", "/en/catalog/")])
def test_addresses_follow_the_language(language, path):
    with translation.override(language):
        assert site_path("catalog/") == path


def test_money_and_weights_in_english():
    with translation.override("en"):
        assert money(Decimal("1234.50")) == "₽1,234.50"
        assert money(Money(Decimal(390))) == "₽390"
        assert money(None) == ""
        assert weight(500) == f"500{NBSP}g"
        assert weight(1500) == f"1.5{NBSP}kg"
        assert weight(20000) == f"20{NBSP}kg"
        assert per_kg(Decimal(780)) == "₽780/kg"
