"""A guest's click is not lost: through sign-in or registration the berry ends in the cart."""

import re
from urllib.parse import quote

import pytest
from django.urls import reverse

from accounts.models import User
from shop.cart.models import CartLine
from shop.cart.services import get_pack_quantities
from shop.catalog.models import Pack
from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.cart import leave_in_stock, put_in_cart
from tests.factories.catalog import PackFactory, get_catalog_page

pytestmark = pytest.mark.django_db
BERRY = "/catalog/raspberry/"


@pytest.fixture(autouse=True)
def site():
    get_catalog_page("en")


def press_add(client, pack, *, headers=None, back=BERRY, **data):
    return client.post(reverse("shop:cart-add"), {"pack": pack.pk, "next": back, **data}, headers=headers)


def sign_in(client, email, url="/account/login/"):
    return client.post(url, {"login": email, "password": PASSWORD, "next": BERRY}, follow=False)


def read_code(mailoutbox):
    return re.search(r"^([A-Z0-9-]{6,})$", mailoutbox[-1].body, re.MULTILINE)[1]


def test_a_guest_is_led_to_sign_in_and_back_to_the_berry(client):
    response = press_add(client, PackFactory(stock=5))

    assert (response.status_code, response["Location"]) == (302, f"/account/login/?next={BERRY}")
    page = client.get(response["Location"]).content.decode()
    assert "alert--info" in page  # a word on why
    assert f'value="{BERRY}"' in page
    assert f'href="/account/signup/?next={quote(BERRY, safe="")}"' in page
    assert CartLine.objects.count() == 0


def test_a_guest_with_htmx_is_led_there_too(client):
    response = press_add(client, PackFactory(stock=5), headers={"HX-Request": "true"})

    assert response["HX-Redirect"] == f"/account/login/?next={BERRY}"


def test_without_a_next_the_page_of_the_button_is_found(client):
    pack = PackFactory(stock=5)
    referer = f"http://testserver{BERRY}"

    response = press_add(client, pack, back="", headers={"Referer": referer})
    assert response["Location"] == f"/account/login/?next={BERRY}"


@pytest.mark.parametrize("referer", ["https://evil.example/x", "http://[", "http://testserver//evil.example"])
def test_a_page_that_is_none_of_ours_is_not_gone_back_to(client, referer):
    response = press_add(
        client, PackFactory(stock=5), back="https://evil.example/", headers={"Referer": referer}
    )

    assert response["Location"] == "/account/login/?next=/"


def test_signing_in_puts_the_berry_into_the_cart_once(client):
    user, pack = UserFactory(), PackFactory(stock=5)
    press_add(client, pack, quantity=2)
    guest_session = client.session.session_key

    response = sign_in(client, user.email)

    assert (response.status_code, response["Location"]) == (302, BERRY)
    assert get_pack_quantities(user) == {pack.pk: 2}
    assert client.session.session_key != guest_session
    client.post("/account/logout/")
    sign_in(client, user.email)
    assert get_pack_quantities(user) == {pack.pk: 2}


def test_registering_puts_the_berry_into_the_cart(client, mailoutbox):
    pack = PackFactory(stock=5)
    press_add(client, pack)

    response = client.post(
        f"/account/signup/?next={BERRY}", {"email": "New@Example.com", "password1": PASSWORD, "next": BERRY}
    )
    assert response["Location"].startswith("/account/confirm-email/")
    assert CartLine.objects.count() == 0
    response = client.post(response["Location"], {"code": read_code(mailoutbox), "action": "verify"})

    assert (response.status_code, response["Location"]) == (302, BERRY)
    user = User.objects.get()
    assert (user.email, user.language) == ("new@example.com", "ru")
    assert get_pack_quantities(user) == {pack.pk: 1}


def test_signing_in_by_code_puts_the_berry_into_the_cart(client, mailoutbox):
    user, pack = UserFactory(), PackFactory(stock=5)
    press_add(client, pack)

    client.post("/account/login/code/", {"email": user.email, "next": BERRY})
    response = client.post("/account/login/code/confirm/", {"code": read_code(mailoutbox)})

    assert response.status_code == 302
    assert get_pack_quantities(user) == {pack.pk: 1}


def test_the_english_way_ends_on_the_english_page(client):
    user, pack = UserFactory(), PackFactory(stock=5)

    response = client.post("/en/cart/add/", {"pack": pack.pk, "next": "/en/catalog/raspberry/"})
    assert response["Location"] == "/en/account/login/?next=/en/catalog/raspberry/"
    response = client.post(
        "/en/account/login/", {"login": user.email, "password": PASSWORD, "next": "/en/catalog/raspberry/"}
    )

    assert response["Location"] == "/en/catalog/raspberry/"
    assert get_pack_quantities(user) == {pack.pk: 1}


def test_a_berry_gone_meanwhile_is_told(client):
    user, pack = UserFactory(), PackFactory(stock=5)
    press_add(client, pack)
    Pack.objects.update(is_active=False)

    sign_in(client, user.email)

    assert get_pack_quantities(user) == {}
    assert "alert--warning" in client.get("/cart/").content.decode()


def test_a_berry_sold_out_meanwhile_is_told(client):
    user, pack = UserFactory(), PackFactory(stock=5)
    press_add(client, pack)
    leave_in_stock(pack, 0)

    sign_in(client, user.email)

    assert get_pack_quantities(user) == {}
    assert "alert--warning" in client.get("/cart/").content.decode()


def test_the_last_pack_in_the_cart_already_is_no_error(client):
    user = UserFactory()
    line = put_in_cart(user, quantity=3, stock=3)
    press_add(client, line.pack)

    sign_in(client, user.email)

    assert get_pack_quantities(user) == {line.pack_id: 3}
    assert "alert--info" in client.get("/cart/").content.decode()


def test_a_senseless_click_of_a_guest_is_not_kept(client):
    response = client.post(reverse("shop:cart-add"), {"pack": "\0", "quantity": "-1"})

    assert response.status_code == 302
    assert "pending_cart" not in client.session


def test_the_unconfirmed_confirm_first_and_find_the_berry_in_the_cart(client, mailoutbox):
    user, pack = UserFactory(verified=False), PackFactory(stock=5)
    client.force_login(user)

    response = press_add(client, pack)
    assert response["Location"].startswith("/account/confirm/")
    assert user.email in client.get(response["Location"]).content.decode()
    response = client.post("/account/confirm/", {"next": BERRY})
    assert response["Location"].startswith("/account/confirm-email/")
    response = client.post(response["Location"], {"code": read_code(mailoutbox), "action": "verify"})

    assert response.status_code == 302
    assert get_pack_quantities(user) == {pack.pk: 1}
    assert client.get("/cart/").status_code == 200
