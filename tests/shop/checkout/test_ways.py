"""The way an order takes: an area that fits its address, or a pick-up point."""

import pytest
from django.urls import reverse

from shop.checkout.refusals import SlotGone, ZoneMismatch
from shop.delivery.models import Delivery, DeliverySlot
from shop.orders.models import Order
from tests.factories.accounts import UserFactory
from tests.factories.cart import put_in_cart
from tests.factories.orders import ADDRESS, PointFactory, SlotFactory, ZoneFactory, make_order, place, want

pytestmark = pytest.mark.django_db
PATH = "/checkout/"


@pytest.fixture
def shopper(client):
    user = UserFactory()
    put_in_cart(user)
    client.force_login(user)
    return user


def send(client, zone, slot, **changes):
    """Open the checkout for the zone and send it filled in."""
    page = client.get(PATH)
    quote = page.context["quote"]
    delivery = 0 if zone.is_pickup else zone.price
    form = {
        "name": "Анна",
        "phone": "+7 999 123-45-67",
        **({} if zone.is_pickup else ADDRESS),
        "zone": zone.pk,
        "slot": slot.pk,
        "offer": "on",
        "personal_data": "on",
        "key": page.context["key"],
        "expected_total": quote.goods_total + delivery,
        "basket": quote.basket,
    }
    return client.post(PATH, form | changes)


class TestAreas:
    def test_an_address_of_another_area_is_told_with_its_price(self):
        ZoneFactory(name_ru="За МКАД", price=400, places="Химки")
        user, zone = UserFactory(), ZoneFactory(places="Москва")
        put_in_cart(user)

        with pytest.raises(ZoneMismatch) as refusal:
            place(user, want(zone=zone, address={**ADDRESS, "city": "Химки"}))

        assert "За МКАД" in refusal.value.message
        assert "400" in refusal.value.message
        assert not Order.objects.exists()
        assert set(DeliverySlot.objects.values_list("taken", flat=True)) == {0}

    @pytest.mark.parametrize("city", ["Москва", "Тверь"])
    def test_an_address_of_the_area_or_of_none_is_taken(self, city):
        ZoneFactory(places="Химки")

        order = make_order(wanted=want(zone=ZoneFactory(places="Москва"), address={**ADDRESS, "city": city}))

        assert order.delivery.city == city

    def test_the_postcode_counts_more_than_the_city_and_is_kept(self):
        zone = ZoneFactory(postcodes="124365-124683")
        ZoneFactory(places="Москва")

        order = make_order(wanted=want(zone=zone, address={**ADDRESS, "postcode": "124482"}))

        assert order.delivery.postcode == "124482"

    def test_the_page_says_so_while_it_is_typed(self, client, shopper):
        zone, slot = ZoneFactory(places="Москва"), SlotFactory()
        other = ZoneFactory(name_ru="За МКАД", places="Химки")
        values = {"ask": "area", "zone": zone.pk, "city": "Химки"}
        headers = {"HX-Request": "true"}

        assert "За МКАД" in client.get(PATH, values, headers=headers).text
        assert "За МКАД" not in client.get(PATH, values | {"zone": other.pk}, headers=headers).text
        assert "За МКАД" not in client.get(PATH, values | {"city": "Тверь"}, headers=headers).text
        answer = send(client, zone, slot, city="Химки")
        assert answer.status_code == 409
        assert "За МКАД" in answer.text

    @pytest.mark.parametrize("postcode", ["12345", "1234567", "abcdef", "١٠١٠٠٠", "12345\n"])
    def test_what_is_no_postcode_is_refused(self, client, shopper, postcode):
        answer = send(client, ZoneFactory(), SlotFactory(), postcode=postcode)

        assert answer.status_code in {302, 422}
        assert not Delivery.objects.exclude(postcode__in=["", "12345"]).exists()

    def test_how_the_berries_are_kept_cold_is_said(self, client, shopper):
        zone = ZoneFactory(position=0, cold_chain_ru="Везём в термосумках")
        SlotFactory()

        assert "Везём в термосумках" in client.get(PATH).text
        part = client.get(PATH, {"zone": zone.pk}, headers={"HX-Request": "true"})
        assert "Везём в термосумках" in part.text.split('id="id_slot"')[1]


class TestPickUp:
    def test_it_costs_nothing_and_needs_no_address(self, client, shopper):
        point = PointFactory()
        slot = SlotFactory(point=point)

        answer = send(client, point, slot)

        assert answer.status_code == 302
        order = Order.objects.select_related("delivery").get()
        assert order.total == order.goods_total
        assert (order.delivery.kind, order.delivery.one_line) == ("pickup", point.one_line)
        assert order.delivery.slot == slot
        assert not shopper.addresses.exists()

    def test_the_page_shows_the_slots_of_the_way_that_is_chosen(self, client, shopper):
        zone, point = ZoneFactory(position=0), PointFactory(position=1)
        by_courier, at_point = SlotFactory(), SlotFactory(point=point)
        own, others = f'name="slot"\n         value="{at_point.pk}"', f'value="{by_courier.pk}"'
        headers = {"HX-Request": "true"}

        assert f'value="{at_point.pk}"' not in client.get(PATH).text.split('id="id_slot"')[1]
        part = client.get(PATH, {"zone": point.pk}, headers=headers).text

        slots = part.split('id="id_slot"')[1]
        assert own in slots
        assert others not in slots
        assert point.one_line in client.get(PATH).text
        assert zone.name in client.get(PATH).text

    def test_a_slot_of_another_way_is_refused(self):
        user, point = UserFactory(), PointFactory()
        put_in_cart(user)

        with pytest.raises(SlotGone):
            place(user, want(zone=point, slot=SlotFactory()))

        assert not Order.objects.exists()

    def test_the_next_order_does_not_take_the_points_address_for_ones_own(self, client):
        point = PointFactory()
        order = make_order(wanted=want(zone=point, slot=SlotFactory(point=point)))
        put_in_cart(order.user)
        client.force_login(order.user)

        assert f'value="{point.street}"' not in client.get(PATH).text

    def test_a_point_needs_no_address_in_the_api_either(self, client, shopper):
        point = PointFactory()
        slot = SlotFactory(point=point)
        SlotFactory()

        answer = client.post(
            reverse("api:cart"),
            {"zone": point.pk, "name": "Анна", "phone": "+79991234567", "consent": True},
            content_type="application/json",
        )

        assert answer.status_code == 201, answer.text
        assert answer.json()["delivery"]["slot"]["id"] == slot.pk
        assert answer.json()["delivery"]["price"] == "0.00"

    def test_checkout_with_points_asks_no_more_of_the_database(
        self, client, shopper, django_assert_max_num_queries
    ):
        ZoneFactory(places="Москва")
        for _number in range(3):
            SlotFactory(point=PointFactory())

        client.get(PATH)

        with django_assert_max_num_queries(15):
            client.get(PATH)
