import json

import pytest
from django.urls import reverse

from shop.cart.services import get_pack_quantities
from shop.catalog.models import Berry
from shop.favorites.models import Favorite
from shop.favorites.services import (
    BerryUnknown,
    add_favorite,
    get_favorite_ids,
    remove_favorite,
    toggle_favorite,
)
from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.cart import put_in_cart
from tests.factories.catalog import BerryFactory, BerryPageFactory, PackFactory, get_catalog_page

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def user():
    get_catalog_page("en")
    return UserFactory()


@pytest.fixture
def shopper(client, user):
    client.force_login(user)
    return client


def like(user, **pack):
    """A berry with a page and packs in stock, on the user's list."""
    pack = PackFactory(**({"stock": 5} | pack))
    BerryPageFactory(berry=pack.berry)
    add_favorite(user=user, berry_id=pack.berry_id)
    return pack


# --- Services


def test_a_favorite_is_kept_once_and_forgotten(user):
    berry = BerryFactory()

    assert add_favorite(user=user, berry_id=berry.pk)
    assert not add_favorite(user=user, berry_id=berry.pk)
    assert get_favorite_ids(user) == {berry.pk}

    assert remove_favorite(user=user, berry_id=berry.pk)
    assert not remove_favorite(user=user, berry_id=berry.pk)
    assert get_favorite_ids(user) == set()


def test_toggling_keeps_and_forgets(user):
    berry = BerryFactory()

    assert toggle_favorite(user=user, berry_id=berry.pk) is True
    assert toggle_favorite(user=user, berry_id=berry.pk) is False


def test_berries_not_sold_can_be_forgotten_but_not_kept(user):
    berry = BerryFactory()
    add_favorite(user=user, berry_id=berry.pk)
    Berry.objects.update(is_active=False)

    assert toggle_favorite(user=user, berry_id=berry.pk) is False
    for berry_id in (berry.pk, 10**9):
        with pytest.raises(BerryUnknown):
            add_favorite(user=user, berry_id=berry_id)


# --- Pages


def test_the_list_shows_price_and_stock_of_today(shopper, user):
    pack = like(user, stock=3)

    response = shopper.get("/favorites/")

    html = response.content.decode()
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    assert "390\N{NO-BREAK SPACE}₽" in html
    assert 'aria-pressed="true"' in html
    assert f'data-pack="{pack.pk}"' in html
    assert reverse("shop:favorites-to-cart") in html


def test_a_berry_no_longer_sold_stays_with_its_heart(shopper, user):
    pack = like(user)
    Berry.objects.update(is_active=False)

    html = shopper.get("/favorites/").content.decode()

    assert pack.berry.pages.get(locale__language_code="ru").title in html
    assert f'data-berry="{pack.berry_id}"' in html
    assert f'data-pack="{pack.pk}"' not in html


def test_an_empty_list_leads_to_the_berries(shopper):
    assert b'href="/catalog/"' in shopper.get("/favorites/").content


@pytest.mark.parametrize("berries", [1, 3])
def test_the_list_costs_the_same_whatever_is_in_it(shopper, user, berries, django_assert_max_num_queries):
    for _ in range(berries):
        like(user)
    shopper.get("/favorites/")

    with django_assert_max_num_queries(10):
        assert shopper.get("/favorites/").status_code == 200


def test_a_heart_without_javascript_goes_back_to_its_page(shopper, user):
    berry = BerryFactory()

    response = shopper.post(reverse("shop:favorite-toggle"), {"berry": berry.pk, "next": "/catalog/"})

    assert (response.status_code, response["Location"]) == (302, "/catalog/")
    assert get_favorite_ids(user) == {berry.pk}


def test_a_heart_with_htmx_answers_itself(shopper, user):
    berry = BerryFactory()

    response = shopper.post(reverse("shop:favorite-toggle"), {"berry": berry.pk}, headers=HTMX)

    assert 'aria-pressed="true"' in response.content.decode()
    assert berry.full_name in json.loads(response["HX-Trigger"])["favorites-changed"]["message"]


@pytest.mark.parametrize("berry", ["", "abc", "0", "-1", "\0", "9" * 30, str(10**9)])
def test_a_heart_of_nothing_is_not_found(shopper, user, berry):
    assert shopper.post(reverse("shop:favorite-toggle"), {"berry": berry}).status_code == 404
    assert get_favorite_ids(user) == set()


def test_a_guests_heart_is_kept_through_sign_in(client, user):
    berry = BerryFactory()

    response = client.post(reverse("shop:favorite-toggle"), {"berry": berry.pk, "next": "/catalog/"})
    assert (response.status_code, response["Location"]) == (302, "/account/login/?next=/catalog/")
    client.post("/account/login/", {"login": user.email, "password": PASSWORD})

    assert get_favorite_ids(user) == {berry.pk}
    assert "pending_favorites" not in client.session


def test_all_that_a_guest_liked_is_told_in_one_word(client, user):
    berries = [BerryFactory() for _ in range(3)]
    for berry in berries:
        client.post(reverse("shop:favorite-toggle"), {"berry": berry.pk})
    Berry.objects.filter(pk=berries[0].pk).update(is_active=False)

    page = client.post("/account/login/", {"login": user.email, "password": PASSWORD}, follow=True)

    assert get_favorite_ids(user) == {berry.pk for berry in berries[1:]}
    told = [str(message) for message in page.context["messages"]]
    assert [text[:2] for text in told if text[0].isdigit()] == ["2 ", "1 "]


def test_all_favorites_go_into_the_cart_with_a_report(shopper, user):
    fresh, sold_out, present = like(user), like(user, stock=None), put_in_cart(user).pack
    add_favorite(user=user, berry_id=present.berry_id)

    response = shopper.post(reverse("shop:favorites-to-cart"))

    assert response["Location"] == "/cart/"
    assert get_pack_quantities(user) == {fresh.pk: 1, present.pk: 1}
    assert "alert--warning" in shopper.get("/cart/").content.decode()
    assert sold_out.berry_id in get_favorite_ids(user)


# --- API


def test_the_list_as_json(shopper, user):
    pack = like(user, stock=3)

    response = shopper.get("/api/v1/favorites/")

    assert response.status_code == 200
    item = response.json()["items"][0]
    assert (item["berry"], item["pack"], item["price"], item["quantity"]) == (
        pack.berry_id,
        pack.pk,
        "390.00",
        3,
    )


def test_keeping_and_forgetting_by_api(shopper, user):
    path = f"/api/v1/favorites/{BerryFactory().pk}/"

    assert shopper.post(path).status_code == 201
    assert shopper.post(path).status_code == 201
    assert Favorite.objects.count() == 1
    assert shopper.delete(path).status_code == 204
    assert shopper.delete(path).status_code == 404


@pytest.mark.parametrize("berry", [10**9, 10**30, 0, -1])
def test_unknown_berries_by_api(shopper, user, berry):
    for method in (shopper.post, shopper.delete):
        assert method(f"/api/v1/favorites/{berry}/").status_code == 404
    assert shopper.post(f"/api/v1/favorites/{berry}/to-cart/").status_code == 404
    assert Favorite.objects.count() == 0


def test_into_the_cart_by_api(shopper, user):
    fresh, sold_out = like(user), like(user, stock=None)

    response = shopper.post("/api/v1/favorites/to-cart/")
    assert response.json() == {"added": [fresh.berry_id], "present": [], "unavailable": [sold_out.berry_id]}

    response = shopper.post(f"/api/v1/favorites/{fresh.berry_id}/to-cart/")
    assert response.json() == {"added": [], "present": [fresh.berry_id], "unavailable": []}

    response = shopper.post(f"/api/v1/favorites/{sold_out.berry_id}/to-cart/")
    assert (response.status_code, response.json()["code"]) == (409, "not_enough")
    assert get_pack_quantities(user) == {fresh.pk: 1}


@pytest.mark.parametrize(
    ("method", "path"),
    [("get", ""), ("post", "1/"), ("delete", "1/"), ("post", "1/to-cart/"), ("post", "to-cart/")],
)
def test_guests_and_the_unconfirmed_are_refused(client, method, path):
    call = getattr(client, method)
    assert call(f"/api/v1/favorites/{path}").status_code == 401

    client.force_login(UserFactory(verified=False))
    assert call(f"/api/v1/favorites/{path}").status_code == 403
