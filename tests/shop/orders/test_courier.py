"""The courier's page: today's stops for who carries them, and nothing for anybody else."""

from datetime import timedelta
from io import BytesIO

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from accounts.roles import COURIERS, MANAGERS
from payments.models import Bill
from shop.delivery.models import Delivery, DeliveryEvent
from shop.orders.courier.links import get_end, make_link_token
from shop.orders.models import Order
from shop.orders.moves import Move, move_order
from tests.factories.accounts import UserFactory
from tests.factories.orders import PointFactory, SlotFactory, make_order, settle, want

pytestmark = pytest.mark.django_db


@pytest.fixture
def courier():
    user = UserFactory(name="Кирилл Возилов")
    user.groups.add(Group.objects.get(name=COURIERS))
    return user


@pytest.fixture
def order():
    """An order that was handed over, for a slot of tomorrow."""
    return hand_over(settle(make_order(wanted=want(slot=make_slot(1))), Bill.Status.PAID))


def make_slot(days: int, **facts):
    start = timezone.localtime().replace(hour=12, minute=0, second=0, microsecond=0)
    return SlotFactory(starts_at=start + timedelta(days=days), **facts)


def hand_over(order: Order, **facts) -> Order:
    return move_order(order_id=order.pk, move=Move.HAND_OVER, by=None, seen="packing", **facts)


def find_page(courier, day=None) -> str:
    token = make_link_token(courier=courier, day=day or timezone.localdate() + timedelta(days=1))
    return reverse("shop:courier-stops", args=[token])


def press(client, courier, order: Order, **form):
    page = find_page(courier)
    seen = Delivery.objects.get(pk=order.delivery_id).status
    return client.post(f"{page}{order.number}/", {"seen": seen, **form})


def make_photo(size=(3000, 2000)) -> SimpleUploadedFile:
    target = BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Phone of a courier"
    Image.new("RGB", size, "red").save(target, "JPEG", exif=exif)
    return SimpleUploadedFile("door.jpg", target.getvalue(), content_type="image/jpeg")


class TestRights:
    def test_a_link_opens_the_stops_without_signing_in(self, client, courier, order):
        answer = client.get(find_page(courier))

        assert answer.status_code == 200
        assert f"tel:{order.phone}" in answer.text
        assert "geo:0,0?q=%D0%9C%D0%BE" in answer.text
        assert answer["Referrer-Policy"] == "same-origin"
        assert "no-store" in answer["Cache-Control"]

    def test_who_has_the_role_gets_todays_link_by_signing_in(self, client, courier):
        client.force_login(courier)

        answer = client.get("/courier/", follow=True)

        assert answer.status_code == 200
        assert courier.name in answer.text

    def test_guests_are_asked_to_sign_in_and_others_find_nothing(self, client):
        assert client.get("/courier/").status_code == 302

        client.force_login(UserFactory())
        assert client.get("/courier/").status_code == 404

    @pytest.mark.parametrize("token", ["x", "x:y:z", "\0", "%00", "a" * 2000])
    def test_a_forged_link_is_not_found(self, client, order, token):
        assert client.get(f"/courier/{token}/").status_code in {400, 404}
        assert client.post(f"/courier/{token}/{order.number}/", {"move": "set_off"}).status_code in {400, 404}
        assert Delivery.objects.get(pk=order.delivery_id).status == "handed_over"

    def test_a_link_dies_some_hours_after_its_day(self, client, courier, order):
        page = find_page(courier)
        end = get_end(timezone.localdate() + timedelta(days=1))

        with time_machine.travel(end - timedelta(minutes=1)):
            assert client.get(page).status_code == 200
        with time_machine.travel(end + timedelta(minutes=1)):
            assert client.get(page).status_code == 404

    def test_the_links_of_who_is_no_courier_any_more_are_dead(self, client, courier, order):
        page = find_page(courier)
        courier.groups.clear()

        assert client.get(page).status_code == 404

    def test_a_link_opens_neither_another_day_nor_another_couriers_stops(self, client, courier, order):
        other = UserFactory()
        other.groups.add(Group.objects.get(name=COURIERS))
        Delivery.objects.filter(pk=order.delivery_id).update(courier=other)

        assert order.number not in client.get(find_page(courier)).text
        assert order.number not in client.get(find_page(other, timezone.localdate())).text
        assert press(client, courier, order, move="set_off").status_code == 404
        assert Delivery.objects.get(pk=order.delivery_id).status == "handed_over"

    def test_what_is_packed_or_picked_up_is_no_stop(self, client, courier):
        packed = settle(make_order(wanted=want(slot=make_slot(1))), Bill.Status.PAID)
        point = PointFactory()
        waiting = settle(
            make_order(wanted=want(zone=point, slot=make_slot(1, point=point))), Bill.Status.PAID
        )
        hand_over(waiting)

        page = client.get(find_page(courier)).text

        assert packed.number not in page
        assert waiting.number not in page

    def test_the_number_of_stops_costs_no_query(self, client, courier, order, django_assert_max_num_queries):
        for _number in range(4):
            slot = order.delivery.slot
            hand_over(settle(make_order(wanted=want(slot=slot)), Bill.Status.PAID))

        with django_assert_max_num_queries(8):
            assert client.get(find_page(courier)).text.count('class="stop"') == 5


class TestMoves:
    def test_the_courier_sets_off_and_delivers_with_a_note_and_a_photo(self, client, courier, order):
        press(client, courier, order, move="set_off")
        answer = press(client, courier, order, move="deliver", note="Отдал консьержу", photo=make_photo())

        assert answer.status_code == 302
        order = Order.objects.select_related("delivery").get(pk=order.pk)
        assert (order.status, order.delivery.status, order.delivery.courier) == (
            "delivered",
            "delivered",
            courier,
        )
        event = DeliveryEvent.objects.get(status="delivered")
        assert (event.note, event.by) == ("Отдал консьержу", courier)
        with event.photo.open() as file, Image.open(file) as photo:
            assert (photo.format, photo.size) == ("JPEG", (1600, 1067))
            assert not photo.getexif()

    def test_who_could_not_deliver_says_why(self, client, courier, order):
        press(client, courier, order, move="set_off")

        refused = press(client, courier, order, move="fail", note=" ")
        assert refused.status_code == 422
        assert Delivery.objects.get(pk=order.delivery_id).status == "on_the_way"
        press(client, courier, order, move="fail", note="Никто не открыл")

        assert Delivery.objects.get(pk=order.delivery_id).status == "failed"

    def test_a_second_press_changes_nothing(self, client, courier, order):
        press(client, courier, order, move="set_off")

        answer = press(client, courier, order, move="set_off", seen="handed_over")

        assert answer.status_code == 302
        assert DeliveryEvent.objects.filter(status="on_the_way").count() == 1

    @pytest.mark.parametrize(
        "form",
        [
            {"move": "hand_over"},
            {"move": "try_again"},
            {"move": "\0"},
            {"move": ""},
            {"move": "deliver", "note": "x" * 501},
            {"move": "deliver", "photo": SimpleUploadedFile("x.jpg", b"<svg/>", content_type="image/jpeg")},
        ],
        ids=["not theirs", "not theirs either", "NUL", "nothing", "too long", "no photo"],
    )
    def test_whatever_else_is_sent_is_refused_and_changes_nothing(self, client, courier, order, form):
        press(client, courier, order, move="set_off")

        answer = press(client, courier, order, **form)

        assert answer.status_code in {400, 422}
        assert Delivery.objects.get(pk=order.delivery_id).status == "on_the_way"


class TestPhotos:
    @pytest.fixture
    def photo(self, client, courier, order) -> str:
        press(client, courier, order, move="set_off")
        press(client, courier, order, move="deliver", photo=make_photo((20, 20)))
        event = DeliveryEvent.objects.get(status="delivered")
        return reverse("shop:delivery-photo", args=[order.number, event.pk])

    def test_the_shopper_sees_it_from_the_order(self, client, order, photo):
        client.force_login(order.user)

        assert photo in client.get(reverse("shop:order", args=[order.number])).text
        answer = client.get(photo)
        answer.close()

        assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
        assert "private" in answer["Cache-Control"]

    def test_a_manager_sees_it_and_others_find_nothing(self, client, photo):
        manager = UserFactory(is_staff=True)
        manager.groups.add(Group.objects.get(name=MANAGERS))

        client.force_login(UserFactory())
        assert client.get(photo).status_code == 404
        client.force_login(manager)
        answer = client.get(photo)
        answer.close()
        assert answer.status_code == 200

    def test_no_web_server_hands_it_out(self, client, photo, settings):
        event = DeliveryEvent.objects.get(status="delivered")

        assert not event.photo.path.startswith(str(settings.MEDIA_ROOT))
        assert client.get(f"/media/{event.photo.name}").status_code == 404


class TestLinks:
    def test_managers_find_the_links_of_everybody_who_carries(self, client, courier):
        manager = UserFactory(is_staff=True)
        manager.groups.add(Group.objects.get(name=MANAGERS))
        client.force_login(manager)

        page = client.get(reverse("shop_couriers"))

        assert courier.name in page.text
        assert page.text.count("/courier/") >= 2
        assert manager.email not in page.context["couriers"]
