"""What the catalog's pages cost somebody who is signed in, with a cart and favorites: no more than others."""

import pytest

from shop.cart.services import add_to_cart
from shop.favorites.services import add_favorite
from tests.factories.accounts import UserFactory
from tests.factories.catalog import (
    BerryPageFactory,
    CategoryFactory,
    CategoryPageFactory,
    PackFactory,
    get_catalog_page,
    make_offered_berry,
)
from tests.factories.pages import ArticlePageFactory, StandardPageFactory

pytestmark = pytest.mark.django_db
LIST_BUDGET = 10
BERRY_BUDGET = 10
FRONT_BUDGET = 12
SEARCH_BUDGET = 10
LISTS = ["/catalog/", "/en/catalog/", "/catalog/garden/", "/season/", "/catalog/?in_stock=on&sort=price"]


@pytest.fixture
def shopper(client):
    client.user = UserFactory()
    client.force_login(client.user)
    return client


def fill_shop(user, rows: int):
    """So many berries in both languages and a category, each in the cart and among the favorites."""
    for language in ("ru", "en"):
        get_catalog_page(language)
    garden = CategoryFactory(code="garden")
    for language in ("ru", "en"):
        CategoryPageFactory(category=garden, language=language)
    pages = [make_offered_berry(categories=[garden]) for _ in range(rows)]
    for page in pages:
        BerryPageFactory(berry=page.berry, language="en")
        add_to_cart(user=user, pack_id=page.berry.packs.get().pk, quantity=1)
        add_favorite(user=user, berry_id=page.berry_id)
    return pages


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("path", LISTS)
def test_lists_cost_ten_queries_however_many_rows(shopper, path, rows, django_assert_max_num_queries):
    fill_shop(shopper.user, rows)
    shopper.get(path)  # fills the caches

    with django_assert_max_num_queries(LIST_BUDGET):
        response = shopper.get(path)

    assert response.status_code == 200
    if path != "/season/":
        assert response.content.count(b"any-stepper") >= rows


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_front_page_costs_twelve_queries_however_many_rows(
    shopper, language, rows, django_assert_max_num_queries
):
    fill_shop(shopper.user, rows)
    for _ in range(rows):
        ArticlePageFactory(language=language)
        StandardPageFactory(language=language, show_in_menus=True)
    path = "/" if language == "ru" else "/en/"
    shopper.get(path)  # fills the caches

    with django_assert_max_num_queries(FRONT_BUDGET):
        response = shopper.get(path)

    assert response.content.count(b"any-stepper") >= rows


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("path", ["/search/?q=малина", "/en/search/?q=raspberry"])
def test_a_search_costs_ten_queries_however_many_rows(shopper, path, rows, django_assert_max_num_queries):
    for page in fill_shop(shopper.user, rows):
        ArticlePageFactory(title=page.title)
        ArticlePageFactory(language="en", title=page.berry.full_name)
    shopper.get(path)  # fills the caches

    with django_assert_max_num_queries(SEARCH_BUDGET):
        response = shopper.get(path)

    assert response.content.count(b"any-stepper") >= rows


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("language", ["", "/en"])
def test_a_berry_page_costs_ten_queries_however_many_rows(
    shopper, make_image, language, rows, django_assert_max_num_queries
):
    page, *friends = fill_shop(shopper.user, rows + 1)
    page.picture = make_image()
    page.gallery = [("picture", {"image": make_image(), "alt": "", "caption": ""}) for _ in range(rows)]
    page.save()
    for number, friend in enumerate(friends):
        friend.picture = page.picture
        friend.save()
        page.berry.related.add(friend.berry)
        PackFactory(berry=page.berry, weight_g=2000 + number, stock=1)
    path = f"{language}{page.url}"
    shopper.get(path)  # fills the caches

    with django_assert_max_num_queries(BERRY_BUDGET):
        response = shopper.get(path)

    assert response.status_code == 200
    assert response.context["display"].related
