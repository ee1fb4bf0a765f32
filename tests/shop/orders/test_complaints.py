"""Complaints: within a day, with photos that nobody else sees, answered once."""

from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from accounts.roles import MANAGERS
from payments.models import Bill, Refund
from shop.delivery.models import Delivery, DeliveryEvent
from shop.orders.complaint_copies import copy_complaints, forget_complaints
from shop.orders.complaints import AlreadyAnswered, accept_complaint, decline_complaint
from shop.orders.invariants import find_violations
from shop.orders.models import Complaint, ComplaintLine, Letter, Order
from tests.factories.accounts import UserFactory
from tests.factories.catalog import get_front_page
from tests.factories.orders import make_order, settle

pytestmark = pytest.mark.django_db
LETTERS = (Letter.Kind.COMPLAINT_RECEIVED, Letter.Kind.COMPLAINT_ANSWERED)


@pytest.fixture
def order() -> Order:
    """Two lines of two packs, delivered an hour ago."""
    get_front_page()
    order = settle(make_order(lines=2), Bill.Status.PAID)
    return deliver(order, hours_ago=1)


@pytest.fixture
def shopper(client, order):
    client.force_login(order.user)
    return client


@pytest.fixture
def manager(client):
    user = UserFactory(is_staff=True)
    user.groups.add(Group.objects.get(name=MANAGERS))
    client.force_login(user)
    client.user = user
    return client


def deliver(order: Order, *, hours_ago: float) -> Order:
    at = timezone.now() - timedelta(hours=hours_ago)
    Delivery.objects.filter(pk=order.delivery_id).update(status="delivered")
    DeliveryEvent.objects.create(delivery=order.delivery, status="delivered", at=at)
    Order.objects.filter(pk=order.pk).update(status="delivered")
    return Order.objects.with_details().get(pk=order.pk)


def find_form(order: Order) -> str:
    return f"/orders/{order.number}/complaint/"


def fill(order: Order, quantity: int = 1, **changes) -> dict[str, object]:
    """A sound form about the first line."""
    return {"text": "Помятые", f"quantity_{order.lines.first().pk}": str(quantity), **changes}


def complain(order: Order, quantity: int = 1) -> Complaint:
    complaint = Complaint.objects.create(order=order, text="Помятые")
    ComplaintLine.objects.create(complaint=complaint, line=order.lines.first(), quantity=quantity)
    return complaint


def take_photo(size=(40, 30), **options) -> SimpleUploadedFile:
    """A picture as a phone takes it, with the place it was taken at."""
    exif = Image.Exif()
    exif[0x010F] = "Secret Camera"
    target = BytesIO()
    Image.new("RGB", size, "crimson").save(target, "JPEG", exif=exif, **options)
    return SimpleUploadedFile("secret place.jpg", target.getvalue(), content_type="image/jpeg")


# --- The shopper


def test_a_complaint_is_kept_with_its_photo_and_told_of(shopper, order):
    line = order.lines.first()

    response = shopper.post(find_form(order), fill(order, **{f"photo_{line.pk}": take_photo()}))

    assert response["Location"] == f"/orders/{order.number}/"
    bad = ComplaintLine.objects.get()
    assert (bad.line, bad.quantity, bad.complaint.status) == (line, 1, "waiting")
    assert order.events.filter(event="complained").count() == 1
    assert Letter.objects.filter(kind__in=LETTERS).count() == 1
    page = shopper.get(f"/orders/{order.number}/").content.decode()
    assert f"{find_form(order)}photos/{bad.pk}/" in page


def test_a_photo_tells_neither_place_nor_name_and_is_made_small(shopper, order):
    line = order.lines.first()
    shopper.post(find_form(order), fill(order, **{f"photo_{line.pk}": take_photo((3000, 2000))}))

    bad = ComplaintLine.objects.get()
    response = shopper.get(f"{find_form(order)}photos/{bad.pk}/")
    content = response.content

    assert (response["Content-Type"], "no-store" in response["Cache-Control"]) == ("image/jpeg", True)
    assert b"Secret" not in content
    assert "secret" not in bad.photo.name
    assert max(Image.open(BytesIO(content)).size) <= 1600


def test_nobody_else_sees_photo_or_form(client, shopper, order):
    line = order.lines.first()
    shopper.post(find_form(order), fill(order, **{f"photo_{line.pk}": take_photo()}))
    photo = f"{find_form(order)}photos/{ComplaintLine.objects.get().pk}/"

    client.logout()
    assert "/account/login/" in client.get(photo)["Location"]
    client.force_login(UserFactory(is_staff=True))
    for path in (photo, find_form(order)):
        assert client.get(path).status_code == 404
    admin = reverse("wagtailsnippets_shop_complaint:photo", args=[ComplaintLine.objects.get().pk])
    assert client.get(admin).status_code in {302, 403}


@pytest.mark.parametrize(
    "content", [b"", b"GIF89a", b"<svg onload=alert(1)>", b"\xff\xd8\xff broken", b"\x89PNG\r\n\x1a\n broken"]
)
def test_what_is_no_photo_is_refused(shopper, order, content):
    name = f"photo_{order.lines.first().pk}"

    response = shopper.post(
        find_form(order),
        fill(order, **{name: SimpleUploadedFile("x.jpg", content, content_type="image/jpeg")}),
    )

    assert response.status_code == 422
    assert not Complaint.objects.exists()


def test_a_picture_of_too_many_pixels_is_refused(shopper, order):
    target = BytesIO()
    Image.new("1", (9000, 9000)).save(target, "PNG")
    name = f"photo_{order.lines.first().pk}"

    response = shopper.post(
        find_form(order), fill(order, **{name: SimpleUploadedFile("x.png", target.getvalue())})
    )

    assert response.status_code == 422
    assert not Complaint.objects.exists()


@pytest.mark.parametrize("quantity", ["3", "-1", "0", "", "x", "9" * 30, "1.5"])
def test_no_more_packs_are_bad_than_came(shopper, order, quantity):
    assert shopper.post(find_form(order), fill(order, quantity)).status_code == 422
    assert not Complaint.objects.exists()


@pytest.mark.parametrize("text", ["", "x" * 2001, "a\0b"])
def test_words_are_needed_and_limited(shopper, order, text):
    assert shopper.post(find_form(order), fill(order, text=text)).status_code in {400, 422}
    assert not Complaint.objects.exists()


def test_a_foreign_line_is_no_line(shopper, order):
    other = make_order().lines.first()

    assert shopper.post(find_form(order), {"text": "x", f"quantity_{other.pk}": "1"}).status_code == 422
    assert not Complaint.objects.exists()


def test_the_same_form_twice_is_one_complaint(shopper, order):
    for _click in range(2):
        assert shopper.post(find_form(order), fill(order)).status_code == 302

    assert Complaint.objects.count() == 1
    assert Letter.objects.filter(kind__in=LETTERS).count() == 1


@pytest.mark.parametrize("hours", [24.01, 100])
def test_after_a_day_it_is_too_late(client, hours):
    get_front_page()
    order = deliver(settle(make_order(), Bill.Status.PAID), hours_ago=hours)
    client.force_login(order.user)

    assert find_form(order) not in client.get(f"/orders/{order.number}/").content.decode()
    assert client.post(find_form(order), fill(order)).status_code == 302
    assert not Complaint.objects.exists()


def test_before_it_came_there_is_nothing_to_complain_about(client):
    get_front_page()
    order = settle(make_order(), Bill.Status.PAID)
    client.force_login(order.user)

    assert client.post(find_form(order), fill(order)).status_code == 302
    assert not Complaint.objects.exists()


def test_too_many_forms_are_told_when_to_come_back(shopper, order):
    for _try in range(10):
        shopper.post(find_form(order), {})

    response = shopper.post(find_form(order), fill(order))

    assert (response.status_code, int(response["Retry-After"]) > 0) == (429, True)
    assert not Complaint.objects.exists()


# --- The shop


def find_answer(complaint: Complaint) -> str:
    return reverse("wagtailsnippets_shop_complaint:answer", args=[complaint.pk])


def test_a_manager_reads_it_with_what_the_bad_packs_cost(manager, order):
    page = manager.get(find_answer(complain(order))).content.decode()

    assert "Помятые" in page
    assert 'value="390.00"' in page


def test_an_accepted_complaint_gives_the_money_back(manager, order):
    complaint = complain(order)
    form = {"verdict": "accept", "amount": "390.00", "words": "Простите!", "reference": "п/п 5"}

    assert manager.post(find_answer(complaint), form).status_code == 302

    complaint.refresh_from_db()
    assert (complaint.status, complaint.amount, complaint.answered_by) == (
        "accepted",
        Decimal("390.00"),
        manager.user,
    )
    refund = Refund.objects.get()
    assert (complaint.refund, refund.amount) == (refund, Decimal("390.00"))
    letter = Letter.objects.get(kind=Letter.Kind.COMPLAINT_ANSWERED)
    assert "390" in letter.details["text"]
    assert "Простите!" in letter.details["text"]
    assert find_violations() == []


def test_a_declined_complaint_says_why(manager, order):
    complaint = complain(order)
    assert manager.post(find_answer(complaint), {"verdict": "decline", "words": " "}).status_code == 200
    complaint.refresh_from_db()
    assert complaint.is_waiting

    manager.post(find_answer(complaint), {"verdict": "decline", "words": "На фото не наши ягоды"})

    complaint.refresh_from_db()
    assert (complaint.status, complaint.amount) == ("declined", None)
    assert not Refund.objects.exists()


@pytest.mark.parametrize("amount", ["", "0", "-5", "1e9", "99999.00", "NaN", "x", "0.001"])
def test_a_senseless_sum_is_refused(manager, order, amount):
    complaint = complain(order)

    response = manager.post(find_answer(complaint), {"verdict": "accept", "amount": amount, "reference": "5"})

    assert response.status_code == 200
    complaint.refresh_from_db()
    assert complaint.is_waiting
    assert not Refund.objects.exists()


def test_of_two_who_answer_one_wins_and_the_other_is_told(manager, order):
    complaint = complain(order)
    first = UserFactory(is_staff=True)
    decline_complaint(complaint_id=complaint.pk, by=first, words="Нет")

    response = manager.post(
        find_answer(complaint), {"verdict": "accept", "amount": "10", "reference": "5"}, follow=True
    )

    assert str(first) in response.content.decode()
    with pytest.raises(AlreadyAnswered):
        accept_complaint(complaint_id=complaint.pk, by=first, amount=Decimal(10), reference="5")
    assert not Refund.objects.exists()
    assert Letter.objects.filter(kind=Letter.Kind.COMPLAINT_ANSWERED).count() == 1


@pytest.mark.parametrize("complaints", [1, 3])
def test_the_list_costs_the_same_however_long(manager, complaints, django_assert_max_num_queries):
    get_front_page()
    for _ in range(complaints):
        complain(deliver(settle(make_order(), Bill.Status.PAID), hours_ago=1))
    path = reverse("wagtailsnippets_shop_complaint:list")
    manager.get(path)

    with django_assert_max_num_queries(20):
        assert manager.get(path).status_code == 200


def test_who_leaves_takes_words_and_photos_along(shopper, order, django_capture_on_commit_callbacks):
    line = order.lines.first()
    shopper.post(find_form(order), fill(order, **{f"photo_{line.pk}": take_photo()}))
    photo = ComplaintLine.objects.get().photo
    assert copy_complaints(order.user)[0]["text"] == "Помятые"

    with django_capture_on_commit_callbacks(execute=True):
        forget_complaints(order.user)

    bad = ComplaintLine.objects.get()
    assert (bad.complaint.text, bool(bad.photo), bad.quantity) == ("", False, 1)
    assert not photo.storage.exists(photo.name)
