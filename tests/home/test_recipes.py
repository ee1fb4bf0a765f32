import json
import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import gettext
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from shop.cart.models import CartLine
from tests.factories.accounts import UserFactory
from tests.factories.catalog import BerryPageFactory, PackFactory, make_offered_berry
from tests.factories.pages import RecipePageFactory

AGAIN = "These berries are in your cart already; the second click added nothing."
pytestmark = pytest.mark.django_db


def make_recipe(*berries, grams=250, **words):
    """A recipe for four people, with so many grams of each berry, and sugar."""
    lines = [{"type": "berry", "value": {"berry": b.pk, "grams": grams, "note": ""}} for b in berries]
    sugar = {"type": "other", "value": {"name": "сахара", "amount": "150", "unit": "г"}}
    return RecipePageFactory(ingredients=[*lines, sugar], **words)


def read_json_ld(response, kind):
    blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script>', response.content.decode())
    return next(data for data in map(json.loads, blocks) if data["@type"] == kind)


def test_amounts_are_for_as_many_people_as_the_address_says(client):
    recipe = make_recipe(make_offered_berry(kind_ru="Клюква").berry)

    for people, grams, sugar in (("", "250", "150"), ("2", "125", "75"), ("12", "750", "450")):
        response = client.get(recipe.url, {"people": people})
        assertContains(response, f"{grams}\N{NO-BREAK SPACE}г")
        assertContains(response, f"{sugar}\N{NO-BREAK SPACE}г")


@pytest.mark.parametrize("people", ["0", "13", "-1", "abc", "9" * 400, "４", ""])
def test_a_senseless_number_of_people_is_the_recipes_own(client, people):
    recipe = make_recipe(make_offered_berry().berry)

    assert client.get(recipe.url, {"people": people}).context["kitchen"].people == 4


def test_all_berries_for_so_many_people_land_in_the_cart(client):
    user = UserFactory()
    client.force_login(user)
    cranberry, raspberry = make_offered_berry().berry, make_offered_berry().berry
    PackFactory(berry=raspberry, weight_g=250, price=Decimal("150.00"), stock=5)
    recipe = make_recipe(cranberry, raspberry)

    response = client.post(f"/journal/recipes/{recipe.pk}/cart/", {"people": "12"})

    assertRedirects(response, f"{recipe.url}?people=12#ingredients")
    lines = CartLine.objects.for_user(user).select_related("pack")
    bought = sorted((line.pack.berry_id, line.pack.weight_g, line.quantity) for line in lines)
    assert bought == [(cranberry.pk, 500, 2), (raspberry.pk, 250, 3)]


def test_a_second_click_on_the_same_page_adds_nothing(client):
    page = make_offered_berry()
    recipe = make_recipe(page.berry)
    client.force_login(UserFactory())
    once = client.get(recipe.url).context["once"]
    for _click in range(2):
        response = client.post(f"/journal/recipes/{recipe.pk}/cart/", {"once": once}, follow=True)

    assert [line.quantity for line in CartLine.objects.all()] == [1]
    assertContains(response, gettext(AGAIN))


def test_the_page_opened_again_adds_again(client):
    page = make_offered_berry()
    recipe = make_recipe(page.berry)
    client.force_login(UserFactory())
    for _visit in range(2):
        once = client.get(recipe.url).context["once"]
        client.post(f"/journal/recipes/{recipe.pk}/cart/", {"once": once})

    assert [line.quantity for line in CartLine.objects.all()] == [2]


@pytest.mark.parametrize("once", ["", "x" * 5000, "\0", b"\xff\xfe"])
def test_a_senseless_mark_is_no_hindrance(client, once):
    page = make_offered_berry()
    recipe = make_recipe(page.berry)
    client.force_login(UserFactory())

    assert client.post(f"/journal/recipes/{recipe.pk}/cart/", {"once": once}).status_code == 302
    assert CartLine.objects.get().quantity == 1


def test_a_guest_is_led_through_sign_in_and_finds_the_berries(client):
    pack = make_offered_berry().berry.packs.get()
    recipe = make_recipe(pack.berry)

    response = client.post(f"/journal/recipes/{recipe.pk}/cart/", {"people": "4"})

    assert response.url.startswith("/account/login/")
    assert "people%3D4" in response.url
    assert client.session["pending_cart"] == {str(pack.pk): 1}


def test_what_is_sold_out_is_said_and_the_rest_is_added(client):
    user = UserFactory()
    client.force_login(user)
    there = make_offered_berry(kind_ru="Клюква").berry
    absent = BerryPageFactory(title="Морошка").berry
    PackFactory(berry=absent)
    recipe = make_recipe(there, absent)

    response = client.post(f"/journal/recipes/{recipe.pk}/cart/", follow=True)

    assertContains(response, "Морошка")
    assert [str(message) for message in response.context["messages"]][1].endswith("Морошка.")
    assert CartLine.objects.get().pack.berry == there


def test_a_recipe_that_is_no_longer_there_adds_nothing(client):
    client.force_login(UserFactory())
    recipe = make_recipe(make_offered_berry().berry, live=False)

    assert client.post(f"/journal/recipes/{recipe.pk}/cart/").status_code == 404
    assert client.get(f"/journal/recipes/{recipe.pk}/cart/").status_code == 405
    assert not CartLine.objects.exists()


def test_search_engines_are_told_what_the_page_says(client):
    recipe = make_recipe(
        make_offered_berry(kind_ru="Клюква").berry,
        steps=[{"type": "step", "value": {"text": "Разомните ягоды."}}],
        prep_minutes=10,
        cook_minutes=20,
    )
    response = client.get(recipe.url, {"people": "8"})
    data = read_json_ld(response, "Recipe")

    assert data["name"] == recipe.title
    assert (data["recipeYield"], data["prepTime"], data["totalTime"]) == ("8", "PT10M", "PT30M")
    assert data["recipeIngredient"] == [
        "500\N{NO-BREAK SPACE}г Клюква",
        "300\N{NO-BREAK SPACE}г сахара",
    ]
    assert [step["text"] for step in data["recipeInstructions"]] == ["Разомните ягоды."]
    for words in ("Разомните ягоды.", "500\N{NO-BREAK SPACE}г", "30 минут"):
        assertContains(response, words)


def test_queries_do_not_grow_with_the_ingredients(client):
    def count(recipe):
        client.get(recipe.url)
        with CaptureQueriesContext(connection) as queries:
            client.get(recipe.url)
        return len(queries)

    one = count(make_recipe(make_offered_berry().berry))

    assert count(make_recipe(*(make_offered_berry().berry for _ in range(4)))) == one <= 16


def test_the_journal_narrows_down_to_recipes(client):
    recipe = make_recipe(make_offered_berry().berry, title="Морс")
    from tests.factories.pages import ArticlePageFactory

    ArticlePageFactory(title="О зиме")

    assertContains(client.get("/journal/"), "О зиме")
    response = client.get("/journal/", {"topic": "recipes"})
    assertContains(response, recipe.title)
    assertNotContains(response, "О зиме")
    assert client.get("/journal/", {"topic": "nonsense"}).status_code == 404
