import json
import re
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from shop.cart.models import CartLine
from shop.cart.services import get_pack_quantities
from shop.catalog.models import Pack
from tests.factories.accounts import UserFactory
from tests.factories.cart import leave_in_stock, put_in_cart
from tests.factories.catalog import PackFactory, get_catalog_page

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
CART_HTMX = HTMX | {"HX-Target": "cart"}


@pytest.fixture
def user():
    get_catalog_page("en")
    return UserFactory()


@pytest.fixture
def shopper(client, user):
    client.force_login(user)
    return client


def post(client, name, headers=None, **data):
    return client.post(reverse(f"shop:{name}"), data, headers=headers)


def read_trigger(response):
    return json.loads(response["HX-Trigger"])


def test_the_cart_shows_lines_totals_and_the_way_to_checkout(shopper, user):
    line = put_in_cart(user, quantity=2)

    response = shopper.get("/cart/")

    html = response.content.decode()
    assert response.status_code == 200
    assert line.pack.berry.full_name in html
    assert "780\N{NO-BREAK SPACE}₽" in html
    assert reverse("shop:checkout") in html


def test_the_cart_is_kept_by_no_cache_and_out_of_search(shopper):
    response = shopper.get("/cart/")

    assert "no-store" in response["Cache-Control"]
    assert b'content="noindex"' in response.content


def test_an_empty_cart_leads_to_the_berries(shopper):
    response = shopper.get("/cart/")

    assert response.status_code == 200
    assert b'href="/catalog/"' in response.content
    assert b"cart-lines" not in response.content


def test_the_english_cart_is_english(shopper, user):
    put_in_cart(user, quantity=1, berry__kind_en="Raspberry", berry__variety_en="Polka")

    html = shopper.get("/en/cart/").content.decode()

    assert re.search(r"<title>\s*Cart", html)
    assert "Raspberry" in html
    assert "₽390" in html
    assert 'action="/en/cart/remove/"' in html


@pytest.mark.parametrize("lines", [1, 3])
def test_the_cart_page_costs_the_same_whatever_is_in_it(shopper, user, lines, django_assert_max_num_queries):
    for _ in range(lines):
        put_in_cart(user)
    shopper.get("/cart/")

    with django_assert_max_num_queries(12):
        assert shopper.get("/cart/").status_code == 200


@pytest.mark.parametrize("path", ["/cart/", "/en/cart/"])
def test_the_header_counts_packs_in_both_languages(shopper, user, path):
    put_in_cart(user, quantity=3)
    put_in_cart(user, quantity=4)

    response = shopper.get(path)

    assert '<span class="cart-count" aria-hidden="true">7</span>' in response.content.decode()


def test_adding_goes_back_to_the_page_it_came_from(shopper, user):
    pack = PackFactory(stock=5)

    response = post(shopper, "cart-add", pack=pack.pk, quantity=2, next="/catalog/raspberry/?q=1")

    assert (response.status_code, response["Location"]) == (302, "/catalog/raspberry/?q=1")
    assert get_pack_quantities(user) == {pack.pk: 2}


def test_adding_with_htmx_turns_the_button_into_a_stepper(shopper, user):
    pack = PackFactory(stock=5)

    response = post(shopper, "cart-add", HTMX, pack=pack.pk)

    html = response.content.decode()
    assert response.status_code == 200
    assert f'data-pack="{pack.pk}"' in html
    assert "any-stepper" in html
    assert "<html" not in html
    assert read_trigger(response)["cart-changed"]["count"] == 1


@pytest.mark.parametrize(
    "evil", ["//evil.example/", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_no_form_leads_off_the_site(shopper, evil):
    pack = PackFactory(stock=5)

    response = post(shopper, "cart-add", pack=pack.pk, next=evil)

    assert response["Location"] == "/cart/"


def test_adding_more_than_there_is_says_so_and_changes_nothing(shopper, user):
    line = put_in_cart(user, quantity=3, stock=3)

    response = post(shopper, "cart-add", HTMX, pack=line.pack_id)

    with override("ru"):
        assert "add-to-cart__notice" in response.content.decode()
    assert get_pack_quantities(user) == {line.pack_id: 3}


def test_a_stepper_works_without_javascript(shopper, user):
    line = put_in_cart(user, quantity=2)

    response = post(shopper, "cart-set", pack=line.pack_id, quantity=2, step=1)
    assert (response.status_code, get_pack_quantities(user)) == (302, {line.pack_id: 3})

    post(shopper, "cart-set", pack=line.pack_id, quantity=3, step=-1)
    assert get_pack_quantities(user) == {line.pack_id: 2}


def test_a_stepper_in_the_cart_redraws_the_cart(shopper, user):
    line = put_in_cart(user, quantity=2)

    response = post(shopper, "cart-set", CART_HTMX, pack=line.pack_id, quantity=5)

    html = response.content.decode()
    assert '<any-cart class="cart" id="cart">' in html
    assert "1\N{NO-BREAK SPACE}950\N{NO-BREAK SPACE}₽" in html
    assert read_trigger(response)["cart-changed"]["count"] == 5


def test_a_number_above_stock_becomes_what_is_left_with_a_notice(shopper, user):
    line = put_in_cart(user, quantity=2, stock=3)

    response = post(shopper, "cart-set", CART_HTMX, pack=line.pack_id, quantity=50)

    assert 'role="status"' in response.content.decode()
    assert get_pack_quantities(user) == {line.pack_id: 3}


def test_zero_takes_the_line_out_and_one_click_brings_it_back(shopper, user):
    line = put_in_cart(user, quantity=2)

    response = post(shopper, "cart-set", CART_HTMX, pack=line.pack_id, quantity=0)
    assert get_pack_quantities(user) == {}
    assert "cart-line--removed" in response.content.decode()
    assert f"{line.pack.berry.full_name}." in response.content.decode()

    response = post(shopper, "cart-restore", CART_HTMX)
    assert get_pack_quantities(user) == {line.pack_id: 2}
    assert "cart-line--removed" not in response.content.decode()


@pytest.mark.parametrize("name", ["cart-remove", "cart-clear"])
def test_what_was_taken_out_comes_back_without_javascript(shopper, user, name):
    line = put_in_cart(user, quantity=2)

    response = post(shopper, name, pack=line.pack_id)
    assert (response.status_code, response["Location"]) == (302, "/cart/")
    assert get_pack_quantities(user) == {}
    assert reverse("shop:cart-restore") in shopper.get("/cart/").content.decode()

    post(shopper, "cart-restore")
    assert get_pack_quantities(user) == {line.pack_id: 2}


@pytest.mark.parametrize("name", ["cart-remove", "cart-clear"])
def test_undo_does_not_hide_a_price_that_changed(shopper, user, name):
    line = put_in_cart(user)
    post(shopper, name, pack=line.pack_id)
    Pack.objects.filter(pk=line.pack_id).update(price=Decimal("410.00"))

    html = post(shopper, "cart-restore", CART_HTMX).content.decode()

    assert "390\N{NO-BREAK SPACE}₽" in html
    assert "410\N{NO-BREAK SPACE}₽" in html
    assert reverse("shop:cart-price") in html


def test_undo_does_nothing_the_second_time(shopper, user):
    line = put_in_cart(user, quantity=2)
    post(shopper, "cart-remove", pack=line.pack_id)

    post(shopper, "cart-restore")
    post(shopper, "cart-restore")

    assert get_pack_quantities(user) == {line.pack_id: 2}


def test_undo_that_cannot_bring_back_all_says_so(shopper, user):
    line = put_in_cart(user, quantity=2)
    post(shopper, "cart-clear")
    leave_in_stock(line.pack, 1)

    response = post(shopper, "cart-restore", CART_HTMX)

    assert "alert--warning" in response.content.decode()
    assert get_pack_quantities(user) == {line.pack_id: 1}


def test_a_changed_price_is_shown_until_it_is_accepted(shopper, user):
    line = put_in_cart(user)
    Pack.objects.filter(pk=line.pack_id).update(price=Decimal("410.00"))
    html = shopper.get("/cart/").content.decode()
    assert reverse("shop:cart-price") in html
    assert 'name="price" value="410.00"' in html

    response = post(shopper, "cart-price", CART_HTMX, pack=line.pack_id, price="410.00")

    assert reverse("shop:cart-price") not in response.content.decode()
    assert CartLine.objects.get().price_seen == Decimal("410.00")


def test_accepting_a_price_that_changed_again_accepts_nothing(shopper, user):
    line = put_in_cart(user)
    Pack.objects.filter(pk=line.pack_id).update(price=Decimal("420.00"))

    post(shopper, "cart-price", pack=line.pack_id, price="410.00")

    assert CartLine.objects.get().price_seen == Decimal("390.00")


def test_a_short_line_offers_to_take_what_is_left(shopper, user):
    line = put_in_cart(user, quantity=5)
    leave_in_stock(line.pack, 2)

    html = shopper.get("/cart/").content.decode()

    assert 'name="quantity" value="2"' in html
    assert 'aria-disabled="true"' in html  # nothing can be bought: no way to checkout


@pytest.mark.parametrize("name", ["cart-add", "cart-set"])
@pytest.mark.parametrize("quantity", ["-1", "1000000000", "abc", "1.5", "\0", "1\0", "9" * 400])
@pytest.mark.parametrize("headers", [None, HTMX, CART_HTMX])
def test_senseless_quantities_are_refused_in_words(shopper, user, name, quantity, headers):
    line = put_in_cart(user, quantity=2)

    response = post(shopper, name, headers, pack=line.pack_id, quantity=quantity)

    assert response.status_code == 422
    assert "99" in response.content.decode()
    assert get_pack_quantities(user) == {line.pack_id: 2}


def test_adding_nothing_is_refused(shopper, user):
    pack = PackFactory(stock=5)

    assert post(shopper, "cart-add", pack=pack.pk, quantity=0).status_code == 422
    assert get_pack_quantities(user) == {}


@pytest.mark.parametrize("name", ["cart-add", "cart-set", "cart-remove", "cart-price"])
@pytest.mark.parametrize("pack", ["", "abc", "-1", "0", "\0", "9" * 30])
def test_a_pack_that_cannot_be_is_not_found(shopper, user, name, pack):
    line = put_in_cart(user)

    response = post(shopper, name, pack=pack, quantity=1, price="1")

    assert response.status_code == 404
    assert get_pack_quantities(user) == {line.pack_id: 1}


@pytest.mark.parametrize("headers", [None, HTMX, CART_HTMX])
@pytest.mark.parametrize("name", ["cart-add", "cart-set"])
def test_a_pack_that_is_not_sold_is_not_found(shopper, user, name, headers):
    pack = PackFactory(stock=5, is_active=False)

    for pack_id in (pack.pk, 10**9):
        response = post(shopper, name, headers, pack=pack_id, quantity=1)
        assert response.status_code == 404

    assert get_pack_quantities(user) == {}


def test_a_shopper_cannot_reach_anothers_line(shopper, user):
    line = put_in_cart(UserFactory())

    post(shopper, "cart-remove", pack=line.pack_id)
    post(shopper, "cart-clear")

    assert CartLine.objects.get() == line


@pytest.mark.parametrize(
    "name", ["cart-add", "cart-set", "cart-remove", "cart-clear", "cart-restore", "cart-price"]
)
def test_nothing_changes_the_cart_by_a_link(shopper, user, name):
    put_in_cart(user)

    assert shopper.get(reverse(f"shop:{name}")).status_code == 405
    assert CartLine.objects.count() == 1


def test_forms_need_their_token(user):
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    pack = PackFactory(stock=5)

    assert post(client, "cart-add", pack=pack.pk).status_code == 403
    assert get_pack_quantities(user) == {}


def test_the_unconfirmed_are_led_to_confirm_their_address(client):
    client.force_login(UserFactory(verified=False))

    response = client.get("/cart/")

    assert (response.status_code, response["Location"]) == (302, "/account/confirm/?next=%2Fcart%2F")


def test_guests_are_led_to_sign_in(client):
    response = client.get("/cart/")

    assert (response.status_code, response["Location"]) == (302, "/account/login/?next=/cart/")
    assert "no-store" in response["Cache-Control"]
