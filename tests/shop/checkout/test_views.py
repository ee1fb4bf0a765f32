"""The checkout page, as a browser without JavaScript uses it, and the part that htmx replaces."""

import re
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.models import Consent
from shop.cart.models import CartLine
from shop.catalog.models import Lot, Pack
from shop.delivery.models import DeliverySlot
from shop.orders.models import Order
from tests.factories.accounts import AddressFactory, UserFactory
from tests.factories.cart import leave_in_stock, put_in_cart
from tests.factories.catalog import get_front_page
from tests.factories.orders import ADDRESS, SlotFactory, ZoneFactory, make_order

pytestmark = pytest.mark.django_db
URL = "/checkout/"
HIDDEN = re.compile(r'<input type="hidden"\s+name="(key|expected_total|basket)"\s+value="([^"]*)">')


@pytest.fixture
def zone():
    return ZoneFactory()


@pytest.fixture
def slot():
    return SlotFactory()


@pytest.fixture
def user(zone, slot):
    get_front_page()
    return UserFactory()


@pytest.fixture
def shopper(client, user):
    client.force_login(user)
    return client


def fill(page, **changes) -> dict[str, object]:
    """The form of the page as a shopper sends it; None takes a field out."""
    values: dict[str, object] = {
        **ADDRESS,
        "name": "Анна Ягодкина",
        "phone": "8 (999) 123-45-67",
        "comment": "Позвоните за час",
        "zone": page.context["zone_tiles"][0].zone.pk,
        "slot": page.context["days"][0].tiles[0].slot.pk,
        "offer": "on",
        "personal_data": "on",
        **dict(HIDDEN.findall(page.content.decode())),
    }
    return {name: value for name, value in (values | changes).items() if value is not None}


def read(response) -> str:
    """The page on one line; no-break spaces stay what they are."""
    return re.sub(r"[ \n\t]+", " ", response.content.decode().replace("&nbsp;", "\N{NO-BREAK SPACE}"))


class TestWhoMayCome:
    def test_a_guest_is_sent_to_sign_in_and_comes_back(self, client):
        response = client.get(URL)

        assert response.status_code == 302
        assert response["Location"].endswith("?next=/checkout/")

    def test_who_has_not_confirmed_the_address_is_told_so(self, client):
        client.force_login(UserFactory(verified=False))

        response = client.get(URL)

        assert response.status_code == 302
        assert "next" in response["Location"]

    @pytest.mark.parametrize("method", ["put", "patch", "delete"])
    def test_no_other_method_is_taken(self, shopper, method):
        assert getattr(shopper, method)(URL).status_code == 405

    def test_an_empty_cart_goes_back_to_the_cart(self, shopper):
        assert shopper.get(URL)["Location"] == "/cart/"

    def test_a_cart_without_anything_to_buy_goes_back_to_the_cart(self, shopper, user):
        leave_in_stock(put_in_cart(user).pack, 0)

        assert shopper.get(URL)["Location"] == "/cart/"


class TestTheForm:
    def test_shows_lines_sums_and_the_sum_on_the_button(self, shopper, user):
        line = put_in_cart(user, quantity=2)

        text = read(shopper.get(URL))

        assert line.pack.berry.full_name in text
        assert "Оформить заказ на 1\N{NO-BREAK SPACE}030\N{NO-BREAK SPACE}₽" in text

    def test_is_never_kept_by_a_cache_or_a_search_engine(self, shopper, user):
        put_in_cart(user)

        response = shopper.get(URL)

        assert "no-store" in response["Cache-Control"]
        assert 'name="robots" content="noindex"' in read(response)

    def test_the_boxes_are_not_ticked(self, shopper, user):
        put_in_cart(user)

        text = read(shopper.get(URL))

        assert re.search(r'<input type="checkbox" name="offer"[^>]*>', text)
        assert not re.search(r'<input type="checkbox"[^>]*checked', text)

    def test_nothing_is_asked_twice(self, shopper, user):
        order = make_order(user)
        put_in_cart(user)

        form = shopper.get(URL).context["form"]

        assert {name: form[name].value() for name in ADDRESS} == ADDRESS
        assert form["name"].value() == "Анна Ягодкина"
        assert form["phone"].value() == "+7 999 123-45-67"
        assert form["zone"].value() == order.delivery.zone_id
        assert not {"offer", "personal_data"} & set(form.fields)

    def test_a_first_order_starts_from_the_address_book(self, shopper, user):
        AddressFactory(user=user, street="Малиновая улица")
        put_in_cart(user)

        assert shopper.get(URL).context["form"]["street"].value() == "Малиновая улица"

    def test_the_first_free_slot_is_chosen_and_full_ones_can_not_be(self, shopper, user, slot):
        DeliverySlot.objects.update(taken=20)
        free = SlotFactory()
        put_in_cart(user)

        text = read(shopper.get(URL))

        assert f'name="slot" value="{free.pk}" checked>' in text
        assert f'name="slot" value="{slot.pk}" disabled>' in text
        assert "мест нет" in text

    def test_a_slot_past_its_cut_off_is_not_there(self, shopper, user, slot):
        late = SlotFactory(
            starts_at=timezone.now() + timedelta(hours=2), cut_off_at=timezone.now() - timedelta(hours=1)
        )
        put_in_cart(user)

        text = read(shopper.get(URL))

        assert f'name="slot" value="{slot.pk}"' in text
        assert f'name="slot" value="{late.pk}"' not in text

    def test_a_shop_without_slots_says_so(self, shopper, user):
        DeliverySlot.objects.all().delete()
        put_in_cart(user)

        assert "Свободного времени доставки пока нет" in read(shopper.get(URL))

    def test_choosing_a_zone_reckons_the_sums_anew(self, shopper, user):
        far = ZoneFactory(price=Decimal("400.00"), min_order=Decimal("600.00"))
        put_in_cart(user)

        response = shopper.get(URL, {"zone": far.pk}, headers={"HX-Request": "true"})

        text = read(response)
        assert 'name="expected_total" value="790.00"' in text
        assert "не хватает 210\N{NO-BREAK SPACE}₽" in text
        assert "<html" not in text

    @pytest.mark.parametrize("zone", ["", "0", "-1", "abc", "10" * 30, "１"])
    def test_a_zone_that_is_none_reckons_without_delivery(self, shopper, user, zone):
        put_in_cart(user)

        response = shopper.get(URL, {"zone": zone}, headers={"HX-Request": "true"})

        assert response.status_code == 200
        assert 'name="expected_total" value="390.00"' in read(response)

    def test_without_scripts_the_total_can_be_reckoned_anew_and_everything_is_kept(self, shopper, user):
        far = ZoneFactory(price=Decimal("400.00"))
        put_in_cart(user)
        sent = fill(shopper.get(URL), zone=far.pk, update="1", city="Химки")

        response = shopper.post(URL, sent)

        text = read(response)
        assert response.status_code == 200
        assert 'name="expected_total" value="790.00"' in text
        assert 'value="Химки"' in text
        assert f'name="key" value="{sent["key"]}"' in text
        assert "Ошибка" not in text
        assert not Order.objects.exists()

    @pytest.mark.parametrize("lines", [1, 3])
    def test_costs_the_same_queries_whatever_the_rows(
        self, shopper, user, lines, django_assert_max_num_queries
    ):
        for _line in range(lines):
            put_in_cart(user)
            SlotFactory()
            ZoneFactory()
        shopper.get(URL)

        with django_assert_max_num_queries(14):
            shopper.get(URL)


class TestPlacing:
    def test_an_order_is_placed_and_the_shopper_sent_to_pay(self, shopper, user, qiwi_emulator):
        put_in_cart(user, quantity=2)

        response = shopper.post(URL, fill(shopper.get(URL)))

        order = Order.objects.with_details().get(user=user)
        assert (response.status_code, response["Location"]) == (302, f"/pay/{order.bill_id}/")
        assert (order.phone, order.total) == ("+79991234567", Decimal("1030.00"))
        assert (order.delivery.comment, order.language) == ("Позвоните за час", "ru")
        assert order.bill.status == "waiting"
        assert set(Consent.objects.values_list("ip_address", flat=True)) == {"127.0.0.1"}

    def test_in_english(self, shopper, user, qiwi_emulator):
        put_in_cart(user)

        response = shopper.post(f"/en{URL}", fill(shopper.get(f"/en{URL}")))

        order = Order.objects.get()
        assert response["Location"] == f"/en/pay/{order.bill_id}/"
        assert order.language == "en"

    def test_where_the_provider_is_away_the_order_stays_and_says_that_the_bill_is_being_prepared(
        self, shopper, user
    ):
        put_in_cart(user)

        response = shopper.post(URL, fill(shopper.get(URL)), follow=True)

        order = Order.objects.get()
        assert response.redirect_chain == [(f"/orders/{order.number}/", 302)]
        assert (order.status, order.bill.status) == ("pending", "created")
        assert "Готовим счёт" in read(response)

    def test_sent_twice_makes_one_order(self, shopper, user, qiwi_emulator):
        put_in_cart(user)
        sent = fill(shopper.get(URL))

        answers = [shopper.post(URL, sent)["Location"] for _click in range(3)]

        assert set(answers) == {f"/pay/{Order.objects.get().bill_id}/"}

    def test_sent_again_after_the_last_place_of_the_slot_was_taken_by_itself_leads_to_the_order(
        self, shopper, user, slot
    ):
        DeliverySlot.objects.update(capacity=1)
        put_in_cart(user)
        sent = fill(shopper.get(URL))
        shopper.post(URL, sent)

        response = shopper.post(URL, sent)

        assert response["Location"] == f"/orders/{Order.objects.get().number}/"

    def test_sent_again_with_other_wishes_leads_to_the_order_that_is(self, shopper, user):
        put_in_cart(user)
        sent = fill(shopper.get(URL))
        shopper.post(URL, sent)

        response = shopper.post(URL, sent | {"comment": "Не звоните"}, follow=True)

        order = Order.objects.get()
        assert response.redirect_chain == [(f"/orders/{order.number}/", 302)]
        assert f"Эта форма уже стала заказом {order.number}" in read(response)
        assert order.comment == "Позвоните за час"

    def test_a_second_tab_finds_the_cart_empty(self, shopper, user):
        put_in_cart(user)
        first, second = fill(shopper.get(URL)), fill(shopper.get(URL))
        shopper.post(URL, first)

        assert shopper.post(URL, second)["Location"] == "/cart/"
        assert Order.objects.count() == 1


class TestComingBack:
    """Whatever is wrong: nothing is taken, everything is kept, the difference is shown."""

    def come_back(self, shopper, sent, status: int) -> str:
        before = list(Lot.objects.values_list("left")), list(CartLine.objects.values_list("pk", "quantity"))
        response = shopper.post(URL, sent)
        assert response.status_code == status
        assert not Order.objects.exists()
        assert not Consent.objects.exists()
        assert (
            list(Lot.objects.values_list("left")),
            list(CartLine.objects.values_list("pk", "quantity")),
        ) == before
        text = read(response)
        assert re.search(r"<title>\s*Ошибка: Оформление заказа", re.sub(r"\s+", " ", text))
        assert 'role="alert"' in text
        return text

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("name", None),
            ("name", " "),
            ("name", "я" * 151),
            ("name", "Анна\0"),
            ("phone", None),
            ("phone", "12"),
            ("phone", "телефон"),
            ("phone", "+7 999 123-45-67 доб. 5"),
            ("phone", "9" * 5000),
            ("city", None),
            ("street", ""),
            ("house", None),
            ("house", "1" * 31),
            ("flat", "1" * 21),
            ("flat", "\0"),
            ("comment", "я" * 501),
            ("zone", None),
            ("zone", "0"),
            ("zone", "abc"),
            ("zone", "9" * 30),
            ("zone", "\0"),
            ("slot", None),
            ("slot", "-1"),
            ("slot", "9" * 30),
            ("offer", None),
            ("personal_data", None),
            ("expected_total", None),
            ("expected_total", "много"),
            ("expected_total", "1e999999999"),
            ("expected_total", "NaN"),
            ("basket", None),
            ("basket", "я" * 5000),
            ("key", None),
            ("key", "abc"),
            ("key", "\0"),
        ],
    )
    def test_bad_input_is_answered_beside_the_field(self, shopper, user, field, value):
        put_in_cart(user)
        sent = fill(shopper.get(URL), **{"street": "Клубничная улица", field: value})

        text = self.come_back(shopper, sent, 422)

        if field != "street":
            assert "Клубничная улица" in text

    def test_errors_link_to_their_fields(self, shopper, user):
        put_in_cart(user)

        text = self.come_back(shopper, fill(shopper.get(URL), phone="12", slot=None), 422)

        assert 'href="#id_phone"' in text
        assert 'href="#id_slot"' in text
        assert 'id="id_slot"' in text
        assert re.search(r'<input type="tel"[^>]*aria-invalid="true"', text)

    def test_a_changed_price_shows_both_sums(self, shopper, user):
        line = put_in_cart(user)
        sent = fill(shopper.get(URL), city="Химки")
        Pack.objects.filter(pk=line.pack_id).update(price=Decimal("420.00"))

        text = self.come_back(shopper, sent, 409)

        assert "Сумма была 640\N{NO-BREAK SPACE}₽, теперь 670\N{NO-BREAK SPACE}₽" in text
        assert 'name="expected_total" value="670.00"' in text
        assert 'value="Химки"' in text

    def test_confirming_the_new_price_places_the_order(self, shopper, user):
        line = put_in_cart(user)
        sent = fill(shopper.get(URL))
        Pack.objects.filter(pk=line.pack_id).update(price=Decimal("420.00"))
        page = shopper.post(URL, sent)

        shopper.post(URL, fill(page))

        assert Order.objects.get().goods_total == Decimal("420.00")

    def test_a_berry_sold_out_meanwhile_is_named(self, shopper, user):
        put_in_cart(user)
        sold_out = put_in_cart(user)
        sent = fill(shopper.get(URL))
        leave_in_stock(sold_out.pack, 0)

        text = self.come_back(shopper, sent, 409)

        assert "Пока страница была открыта, корзина изменилась" in text
        assert "Остаётся в корзине." in text

    def test_a_slot_lost_meanwhile_is_said_beside_the_slots(self, shopper, user, slot):
        put_in_cart(user)
        sent = fill(shopper.get(URL))
        DeliverySlot.objects.filter(pk=slot.pk).update(taken=20)

        text = self.come_back(shopper, sent, 422)

        assert "На это время мест больше нет" in text

    def test_a_slot_lost_in_the_last_moment_is_said_beside_the_slots(self, shopper, user, slot, monkeypatch):
        put_in_cart(user)
        sent = fill(shopper.get(URL))
        clean = shop_checkout_form().clean_slot

        def lose_slot(form):
            DeliverySlot.objects.filter(pk=slot.pk).update(taken=20)
            return clean(form)

        monkeypatch.setattr(shop_checkout_form(), "clean_slot", lose_slot)
        text = self.come_back(shopper, sent, 409)

        assert "На это время мест больше нет" in text

    def test_an_order_too_small_for_the_zone_says_from_which_sum(self, shopper, user, zone):
        type(zone).objects.update(min_order=Decimal("600.00"))
        put_in_cart(user)

        text = self.come_back(shopper, fill(shopper.get(URL)), 409)

        assert "Сюда привозим заказы от 600\N{NO-BREAK SPACE}₽" in text

    def test_without_scripts_another_zone_asks_once_for_the_new_sum(self, shopper, user):
        far = ZoneFactory(price=Decimal("400.00"))
        put_in_cart(user)
        page = shopper.get(URL)

        self.come_back(shopper, fill(page, zone=far.pk), 409)
        shopper.post(URL, fill(shopper.post(URL, fill(page, zone=far.pk)), zone=far.pk))

        assert Order.objects.get().total == Decimal("790.00")

    def test_a_body_that_is_no_form_is_bad_input(self, shopper, user):
        put_in_cart(user)

        response = shopper.post(URL, b"\xff\xfe\x00{", content_type="application/json")

        assert response.status_code == 422
        assert not Order.objects.exists()

    def test_a_foreign_key_of_idempotency_is_of_no_use(self, shopper, user):
        theirs = make_order()
        put_in_cart(user)

        response = shopper.post(URL, fill(shopper.get(URL), key=theirs.idempotency_key))

        assert response.status_code == 302
        assert Order.objects.filter(user=user).count() == 1

    def test_without_the_token_of_the_form_nothing_happens(self, user):
        from django.test import Client

        client = Client(enforce_csrf_checks=True)
        client.force_login(user)
        put_in_cart(user)

        response = client.post(URL, {"key": str(uuid4())})

        assert response.status_code == 403
        assert not Order.objects.exists()


def shop_checkout_form():
    from shop.checkout.forms import CheckoutForm

    return CheckoutForm
