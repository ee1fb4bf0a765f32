"""What somebody agreed to, a copy of all that is kept of them, and the end of the account."""

import json

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.core import mail
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from accounts.closing import CannotClose, close_account
from accounts.models import Consent, User
from accounts.services import has_agreed
from home.newsletter.models import Subscriber
from payments.models import Bill, Refund
from shop.cart.models import CartLine
from shop.delivery.models import Delivery
from shop.favorites.models import Favorite
from shop.orders.models import Complaint, Order, SentMail
from shop.reviews.models import Review
from tests.factories.accounts import PASSWORD, AddressFactory, UserFactory
from tests.factories.cart import put_in_cart
from tests.factories.catalog import get_catalog_page
from tests.factories.newsletter import make_subscriber
from tests.factories.orders import make_order, settle
from tests.factories.vouchers import VoucherFactory

pytestmark = pytest.mark.django_db
COPY, CLOSE = "/account/data/copy/", "/account/close/"


@pytest.fixture
def user():
    get_catalog_page("en")
    return UserFactory(name="Анна Ягодкина", phone="+79991112233")


@pytest.fixture
def shopper(client, user):
    """Signed in, and just now asked for the password once more."""
    client.post("/account/login/", {"login": user.email, "password": PASSWORD})
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    return client


def make_consent(user, document="personal_data"):
    return Consent.objects.create(user=user, document=document, version="2026-01", ip_address="192.0.2.1")


class TestConsents:
    def test_are_listed_with_their_versions(self, shopper, user):
        make_consent(user)

        assert "2026-01" in shopper.get("/account/data/").content.decode()

    def test_can_be_withdrawn_so_that_the_next_order_asks_again(self, shopper, user):
        consent = make_consent(user)

        shopper.post(f"/account/data/consents/{consent.pk}/")

        assert not has_agreed(user, {"personal_data": "2026-01"})
        consent.refresh_from_db()
        assert consent.given_at < consent.withdrawn_at <= timezone.now()

    def test_withdrawing_twice_keeps_the_first_time(self, shopper, user):
        consent = make_consent(user)
        shopper.post(f"/account/data/consents/{consent.pk}/")
        consent.refresh_from_db()
        first = consent.withdrawn_at

        shopper.post(f"/account/data/consents/{consent.pk}/")

        consent.refresh_from_db()
        assert consent.withdrawn_at == first

    def test_the_offer_was_a_contract(self, shopper, user):
        consent = make_consent(user, "offer")

        shopper.post(f"/account/data/consents/{consent.pk}/")

        assert has_agreed(user, {"offer": "2026-01"})

    def test_nobody_withdraws_somebody_elses(self, shopper):
        consent = make_consent(UserFactory())

        assert shopper.post(f"/account/data/consents/{consent.pk}/").status_code == 404
        assert has_agreed(consent.user, {"personal_data": "2026-01"})


class TestCopy:
    def read(self, client):
        return json.loads(client.post(COPY).content)

    def test_has_all_that_is_kept(self, shopper, user):
        order = make_order(user)
        berry = put_in_cart(user, quantity=3).pack.berry
        AddressFactory(user=user, street="Садовая", is_default=False)
        make_consent(user)
        Favorite.objects.create(user=user, berry=berry)
        Review.objects.create(user=user, berry=berry, rating=5, text="Вкусно", language="ru")
        make_subscriber(user.email)

        copy = self.read(shopper)

        assert copy["profile"]["email"] == user.email
        assert copy["profile"]["phone"] == "+79991112233"
        assert "Садовая" in [address["street"] for address in copy["addresses"]]
        assert "2026-01" in [consent["version"] for consent in copy["consents"]]
        assert copy["orders"][0]["number"] == order.number
        assert copy["orders"][0]["lines"][0]["quantity"] == 2
        assert copy["orders"][0]["bill__status"] == "created"
        assert copy["cart"][0]["quantity"] == 3
        assert len(copy["favorites"]) == 1
        assert copy["reviews"][0]["text"] == "Вкусно"
        assert copy["newsletter"]["subscription"]["status"] == "active"
        assert len(copy["sessions"]) == 1

    def test_has_all_that_hangs_on_an_order(self, shopper, user):
        order = settle(make_order(user), Bill.Status.PAID)
        step = order.delivery.events.create(status="on_the_way", note="Звонок не работает", photo="a.jpg")
        SentMail.objects.create(order=order, kind="cheque", to=user.email, subject="Чек", text="780 ₽")
        VoucherFactory(code="BERRY").uses.create(user=user, reference=order.number, amount=50)
        Refund.objects.create(bill=order.bill, amount=100, reason="Помялась")
        complaint = Complaint.objects.create(order=order, text="Помялась")
        bad = complaint.lines.create(line=order.lines.get(), quantity=1, photo="b.jpg")

        copy = self.read(shopper)

        told = copy["orders"][0]
        assert told["vouchers"][0]["voucher__code"] == "BERRY"
        assert told["refunds"][0]["amount"] == "100.00"
        assert ("Чек", "780 ₽") in [(sent["subject"], sent["text"]) for sent in told["mails"]]
        assert told["delivery__steps"][-1]["note"] == "Звонок не работает"
        assert told["delivery__steps"][-1]["photo"].endswith(f"/{order.number}/delivery-photos/{step.pk}/")
        assert told["delivery__steps"][0]["photo"] == ""
        line = copy["complaints"][0]["lines"][0]
        assert line["photo"].endswith(f"/{order.number}/complaint/photos/{bad.pk}/")

    def test_comes_as_a_file_that_no_cache_keeps(self, shopper):
        response = shopper.post(COPY)

        assert response["Content-Disposition"].startswith('attachment; filename="anyberry-')
        assert response["Content-Type"] == "application/json"
        assert "no-store" in response["Cache-Control"]

    def test_has_nothing_of_others_and_no_secret(self, shopper, user):
        other = make_order(UserFactory(name="Другой Человек"))
        other.sent_mails.create(kind="cheque", to=other.email, subject="x", text="x")
        VoucherFactory(code="THEIRS").uses.create(user=other.user, reference=other.number, amount=50)

        text = shopper.post(COPY).content.decode()

        for secret in (
            other.number,
            other.email,
            "Другой",
            "THEIRS",
            user.password,
            shopper.session.session_key,
        ):
            assert secret not in text

    def test_is_given_to_nobody_who_only_found_the_browser_open(self, client, user):
        client.force_login(user)

        assert client.get(COPY)["Location"].startswith("/account/reauthenticate/")
        assert client.post(COPY)["Location"].startswith("/account/reauthenticate/")

    def test_who_has_no_password_signs_in_once_more(self, client, user):
        user.set_unusable_password()
        user.save()
        client.force_login(user)

        assert client.get(COPY)["Location"] == f"/account/login/code/?next={COPY.replace('/', '%2F')}"
        assert "_auth_user_id" not in client.session

    def test_is_made_a_few_times_an_hour(self, shopper):
        answers = [shopper.post(COPY) for _ in range(6)]

        assert [answer.status_code for answer in answers] == [200] * 5 + [429]
        assert int(answers[-1]["Retry-After"]) > 0

    def test_costs_the_same_however_much_was_bought(self, shopper, user, django_assert_max_num_queries):
        for _ in range(4):
            make_order(user)

        with django_assert_max_num_queries(28):
            shopper.post(COPY)


class TestClosing:
    @pytest.fixture
    def delivered(self, user):
        order = settle(make_order(user), Bill.Status.PAID)
        Order.objects.filter(pk=order.pk).update(status="delivered")
        SentMail.objects.create(
            order=order, kind="cheque", to=user.email, subject="x", text="Анна", html="Анна", message_id="1"
        )
        return order

    def close(self, client):
        return client.post(CLOSE, {"agreed": "on"})

    def test_forgets_who_it_was(self, shopper, user, delivered):
        AddressFactory(user=user, is_default=False)
        make_consent(user)
        email = user.email

        assert self.close(shopper)["Location"] == "/"

        user.refresh_from_db()
        delivered = Order.objects.get(pk=delivered.pk)
        door = Delivery.objects.get(pk=delivered.delivery_id)
        kept = [user.email, user.name, user.phone, delivered.name, delivered.email, delivered.phone]
        kept += [door.recipient, door.phone, door.street, door.house, door.flat, door.comment]
        kept += [
            *SentMail.objects.values_list("to", flat=True),
            *SentMail.objects.values_list("text", flat=True),
        ]
        assert set(kept) == {f"{user.pk}@closed.invalid", ""}
        assert not user.addresses.exists()
        assert not EmailAddress.objects.filter(email=email).exists()
        assert not user.consents.exclude(ip_address=None).exists()

    def test_forgets_what_couriers_wrote_and_photographed(
        self, shopper, delivered, django_capture_on_commit_callbacks
    ):
        photo = ContentFile(b"door", name="x.jpg")
        step = delivered.delivery.events.create(status="failed", note="Домофон 12", photo=photo)
        with django_capture_on_commit_callbacks(execute=True):
            self.close(shopper)

        assert not step.photo.storage.exists(step.photo.name)
        step.refresh_from_db()
        assert (step.note, step.photo.name) == ("", "")

    def test_keeps_what_was_sold(self, shopper, user, delivered):
        before = Order.objects.values("number", "total", "status", "bill__status", "bill__amount").get()

        self.close(shopper)

        assert (
            Order.objects.values("number", "total", "status", "bill__status", "bill__amount").get() == before
        )

    def test_takes_wishes_words_and_letters_along(self, shopper, user):
        berry = put_in_cart(user).pack.berry
        Favorite.objects.create(user=user, berry=berry)
        Review.objects.create(user=user, berry=berry, rating=5, text="Вкусно", language="ru")
        make_subscriber(user.email)

        self.close(shopper)

        for model in (Favorite, CartLine, Review, Subscriber):
            assert not model.objects.exists(), model

    def test_signs_out_everywhere(self, shopper, user, django_capture_on_commit_callbacks):
        other = Client()
        other.force_login(user)

        with django_capture_on_commit_callbacks(execute=True):
            self.close(shopper)

        for client in (shopper, other):
            assert client.get("/account/").status_code == 302
        assert not UserSession.objects.exists()

    def test_is_told_by_one_last_letter(self, shopper, user):
        email = user.email
        mail.outbox.clear()

        self.close(shopper)

        assert [message.to for message in mail.outbox] == [[email]]

    def test_lets_the_address_register_again(self, shopper, user):
        email = user.email
        self.close(shopper)

        shopper.post("/account/signup/", {"email": email, "password1": PASSWORD})

        again = User.objects.get(email=email)
        assert again.pk != user.pk
        assert not again.orders.exists()

    def test_lets_nobody_in_with_the_old_password(self, shopper, user):
        email = user.email
        self.close(shopper)

        shopper.post("/account/login/", {"login": email, "password": PASSWORD})

        assert "_auth_user_id" not in shopper.session

    @pytest.mark.parametrize("status", [None, Bill.Status.PAID])
    def test_waits_for_open_orders(self, shopper, user, status):
        order = make_order(user)
        if status:
            order = settle(order, status)

        response = self.close(shopper)

        assert response.status_code == 409
        assert order.number in response.content.decode()
        user.refresh_from_db()
        assert (user.is_active, user.name) == (True, "Анна Ягодкина")
        assert Order.objects.get().phone == "+79991234567"

    def test_waits_for_money_on_its_way_back(self, user, delivered):
        Order.objects.update(needs_refund=True)

        with pytest.raises(CannotClose):
            close_account(user=user)

    def test_is_not_for_staff(self, shopper, user):
        User.objects.update(is_staff=True)

        assert self.close(shopper).status_code == 409
        assert User.objects.get().is_active

    def test_asks_whether_it_is_meant(self, shopper, user):
        assert shopper.post(CLOSE).status_code == 422
        assert User.objects.get().is_active

    def test_is_not_for_who_only_found_the_browser_open(self, client, user):
        client.force_login(user)

        assert self.close(client)["Location"].startswith("/account/reauthenticate/")
        assert User.objects.get().is_active
