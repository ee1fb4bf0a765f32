"""From cart to order: all of it or nothing, once."""

from decimal import Decimal
from uuid import uuid4

import pytest

from accounts.models import Address, Consent, User
from payments.models import Bill
from shop.cart.models import CartLine
from shop.catalog.models import Berry, Lot, Pack, StockMovement
from shop.checkout.refusals import (
    CartChanged,
    CartEmpty,
    CheckoutRefused,
    ConsentRequired,
    IdempotencyConflict,
    OrderTooLarge,
    OrderTooSmall,
    SlotGone,
    TotalChanged,
    ZoneUnknown,
)
from shop.checkout.services import Seen, open_bill_at_once
from shop.delivery.models import Delivery, DeliverySlot
from shop.orders.models import Order, OrderEvent, OrderLine
from tests.factories.accounts import AddressFactory, UserFactory
from tests.factories.cart import leave_in_stock, put_in_cart
from tests.factories.orders import ADDRESS, SlotFactory, ZoneFactory, place, see, want


def take_snapshot() -> dict[str, object]:
    """Everything that placing an order changes."""
    return {
        "orders": Order.objects.count(),
        "lines": OrderLine.objects.count(),
        "events": OrderEvent.objects.count(),
        "bills": Bill.objects.count(),
        "deliveries": Delivery.objects.count(),
        "lots": list(Lot.objects.order_by("pk").values_list("pk", "left")),
        "movements": StockMovement.objects.count(),
        "slots": list(DeliverySlot.objects.order_by("pk").values_list("pk", "taken")),
        "cart": list(CartLine.objects.order_by("pk").values_list("pack_id", "quantity")),
        "consents": Consent.objects.count(),
        "addresses": Address.objects.count(),
        "people": list(User.objects.order_by("pk").values_list("name", "phone")),
    }


@pytest.fixture
def user(db) -> User:
    return UserFactory(name="", phone="")


class TestPlacing:
    def test_an_order_is_a_full_snapshot(self, user):
        line = put_in_cart(user, quantity=2, price="390.00")
        wanted = want()

        order = place(user, wanted)

        order = Order.objects.with_details().get(pk=order.pk)
        assert (order.status, order.user, order.language) == ("pending", user, "ru")
        assert (order.email, order.name, order.phone) == (user.email, "Анна Ягодкина", "+79991234567")
        sums = (order.goods_total, order.delivery_price, order.total, order.currency)
        assert sums == (Decimal("780.00"), Decimal("250.00"), Decimal("1030.00"), "RUB")
        [sold] = order.lines.all()
        assert sold.title == line.pack.berry.full_name
        assert (sold.weight_g, sold.price, sold.quantity, sold.total) == (500, Decimal(390), 2, Decimal(780))
        assert sold.vat_code == line.pack.berry.vat_code
        assert sold.lots == [[line.pack.lots.get().pk, 2]]
        assert order.delivery.address_fields == ADDRESS
        assert (order.delivery.status, order.delivery.price) == ("waiting", Decimal("250.00"))
        assert (order.delivery.recipient, order.delivery.comment) == ("Анна Ягодкина", "Позвоните за час")

    def test_stock_and_slot_are_taken_and_the_cart_is_emptied(self, user):
        line = put_in_cart(user, quantity=2, stock=5)
        slot = SlotFactory()

        order = place(user, want(slot=slot))

        assert line.pack.lots.get().left == 3
        movement = StockMovement.objects.get(kind="sold")
        assert (movement.quantity, movement.reference, movement.by) == (-2, order.number, user)
        assert DeliverySlot.objects.get(pk=slot.pk).taken == 1
        assert not CartLine.objects.filter(cart__user=user).exists()

    def test_the_bill_is_for_the_whole_sum_and_not_yet_known_to_the_provider(self, user, settings):
        put_in_cart(user, quantity=2)

        order = place(user)

        bill = order.bill
        assert (bill.status, bill.amount, bill.currency) == ("created", order.total, "RUB")
        assert order.number in bill.comment
        assert bill.return_url == f"{settings.SITE_URL}/pay/{bill.pk}/return/"

    def test_an_english_order_comes_back_to_an_english_page(self, user, settings):
        line = put_in_cart(user)

        order = place(user, language="en")

        assert order.language == "en"
        assert order.bill.return_url == f"{settings.SITE_URL}/en/pay/{order.bill_id}/return/"
        assert order.lines.get().title == f"{line.pack.berry.kind_en} «{line.pack.berry.variety_en}»"

    def test_the_number_can_be_read_aloud_and_counts_nothing(self, user):
        put_in_cart(user)
        first = place(user)
        put_in_cart(user)
        second = place(user)

        assert first.number != second.number
        for order in (first, second):
            prefix, rest = order.number.split("-")
            assert (prefix, len(rest)) == ("AB", 6)
            assert not set(rest) & set("01OILU")

    def test_the_consents_are_kept_with_version_time_and_address(self, user):
        put_in_cart(user)

        order = place(user)

        consents = Consent.objects.filter(user=user).order_by("document")
        assert [(c.document, c.version, c.ip_address) for c in consents] == [
            ("offer", order.offer_version, "192.0.2.7"),
            ("personal_data", order.privacy_version, "192.0.2.7"),
        ]

    def test_what_was_agreed_to_once_is_not_asked_again(self, user):
        put_in_cart(user)
        place(user)
        put_in_cart(user)
        wanted = want()

        place(user, wanted, seen=see(user, wanted, agreed=False))

        assert Consent.objects.filter(user=user).count() == 2

    def test_a_first_order_fills_the_profile(self, user):
        put_in_cart(user)

        place(user)

        user.refresh_from_db()
        assert (user.name, user.phone) == ("Анна Ягодкина", "+79991234567")
        address = user.addresses.get()
        assert {name: getattr(address, name) for name in ADDRESS} == ADDRESS

    def test_a_known_name_and_address_stay_as_they_are(self, db):
        user = UserFactory(name="Борис", phone="+79990000000")
        AddressFactory(user=user)
        put_in_cart(user)

        place(user)

        user.refresh_from_db()
        assert (user.name, user.phone, user.addresses.count()) == ("Борис", "+79990000000", 1)

    def test_only_what_can_be_bought_is_bought_and_the_rest_stays(self, user):
        bought, gone = put_in_cart(user), put_in_cart(user)
        Pack.objects.filter(pk=gone.pack_id).update(is_active=False)

        order = place(user)

        assert order.lines.get().pack_id == bought.pack_id
        assert CartLine.objects.get(cart__user=user).pack_id == gone.pack_id

    def test_a_changed_price_that_the_shopper_saw_is_the_price(self, user):
        line = put_in_cart(user)
        Pack.objects.filter(pk=line.pack_id).update(price=Decimal("420.00"))

        order = place(user)

        assert order.goods_total == Decimal("420.00")

    def test_delivery_is_free_where_the_zone_says_so(self, user):
        put_in_cart(user, quantity=2)

        order = place(user, want(zone=ZoneFactory(free_from=Decimal("780.00"))))

        assert (order.delivery_price, order.total) == (Decimal("0.00"), Decimal("780.00"))

    def test_a_later_change_of_price_and_name_does_not_touch_the_order(self, user):
        line = put_in_cart(user)
        order, title = place(user), line.pack.berry.full_name

        Pack.objects.filter(pk=line.pack_id).update(price=Decimal("999.00"))
        Berry.objects.filter(pk=line.pack.berry_id).update(kind_ru="Тыква")

        sold = order.lines.get()
        assert (sold.price, sold.title) == (Decimal("390.00"), title)


class TestRefusing:
    """Every refusal has its own name, and changes nothing at all."""

    def refuse(self, user, refusal: type[CheckoutRefused], wanted=None, **changes) -> CheckoutRefused:
        wanted = wanted or want()
        changes["seen"] = changes.get("seen") or see(user, wanted)
        before = take_snapshot()
        with pytest.raises(refusal) as caught:
            place(user, wanted, **changes)
        assert take_snapshot() == before
        assert caught.value.message
        return caught.value

    def test_an_empty_cart(self, user):
        self.refuse(user, CartEmpty)

    def test_a_cart_without_anything_to_buy(self, user):
        line = put_in_cart(user)
        leave_in_stock(line.pack, 0)

        self.refuse(user, CartChanged, seen=Seen(agreed=True))

    def test_a_berry_sold_out_since_the_page_was_opened(self, user):
        _kept, sold_out = put_in_cart(user), put_in_cart(user)
        wanted = want()
        seen = see(user, wanted)
        leave_in_stock(sold_out.pack, 0)

        refusal = self.refuse(user, CartChanged, wanted, seen=seen)

        assert [(line.pack_id, str(line.problem.kind)) for line in refusal.lines] == [
            (sold_out.pack_id, "sold_out")
        ]

    def test_a_cart_changed_in_another_tab_though_the_sum_is_the_same(self, user):
        line = put_in_cart(user)
        wanted = want()
        seen = see(user, wanted)
        CartLine.objects.filter(pk=line.pk).delete()
        put_in_cart(user)

        self.refuse(user, CartChanged, wanted, seen=seen)

    def test_a_price_changed_since_the_page_was_opened(self, user):
        line = put_in_cart(user)
        wanted = want()
        seen = see(user, wanted)
        Pack.objects.filter(pk=line.pack_id).update(price=Decimal("420.00"))

        refusal = self.refuse(user, TotalChanged, wanted, seen=seen)

        assert (refusal.shown, refusal.now) == (Decimal("640.00"), Decimal("670.00"))

    def test_a_changed_price_that_nobody_saw(self, user):
        line = put_in_cart(user)
        Pack.objects.filter(pk=line.pack_id).update(price=Decimal("420.00"))

        self.refuse(user, CartChanged, seen=Seen(agreed=True))

    def test_a_zone_that_costs_something_else(self, user):
        put_in_cart(user)
        shown, chosen = want(), want(zone=ZoneFactory(price=Decimal("400.00")))

        self.refuse(user, TotalChanged, chosen, seen=see(user, shown))

    @pytest.mark.parametrize("zone_id", [0, -1, 2**62])
    def test_a_zone_that_does_not_exist(self, user, zone_id):
        put_in_cart(user)

        self.refuse(user, ZoneUnknown, want(zone_id=zone_id), seen=Seen(agreed=True))

    def test_a_zone_switched_off(self, user):
        put_in_cart(user)

        self.refuse(user, ZoneUnknown, want(zone=ZoneFactory(is_active=False)))

    def test_an_order_below_the_least_one_of_the_zone(self, user):
        put_in_cart(user)

        refusal = self.refuse(user, OrderTooSmall, want(zone=ZoneFactory(min_order=Decimal("600.00"))))

        assert refusal.min_order == Decimal("600.00")

    def test_a_full_slot(self, user):
        put_in_cart(user)

        self.refuse(user, SlotGone, want(slot=SlotFactory(capacity=1, taken=1)))

    @pytest.mark.parametrize("slot_id", [0, -1, 2**62])
    def test_a_slot_that_does_not_exist(self, user, slot_id):
        put_in_cart(user)

        self.refuse(user, SlotGone, want(slot_id=slot_id))

    def test_no_consent(self, user):
        put_in_cart(user)
        wanted = want()

        self.refuse(user, ConsentRequired, wanted, seen=see(user, wanted, agreed=False))

    def test_a_sum_no_provider_takes(self, user):
        put_in_cart(user, price="9999999.00")

        self.refuse(user, OrderTooLarge)

    def test_a_berry_sold_between_the_look_and_the_lock(self, user, monkeypatch):
        line = put_in_cart(user, stock=1)
        wanted = want()
        seen = see(user, wanted)

        def sell_first(*, slot_id, zone):
            DeliverySlot.objects.filter(pk=slot_id).update(taken=1)
            leave_in_stock(line.pack, 0)

        monkeypatch.setattr("shop.checkout.services.take_slot", sell_first)
        self.refuse(user, CartChanged, wanted, seen=seen)


class TestTheSameKey:
    def test_gives_the_same_order(self, user):
        put_in_cart(user)
        wanted, key = want(), str(uuid4())
        seen = see(user, wanted)
        first = place(user, wanted, seen=seen, idempotency_key=key)
        before = take_snapshot()

        again = place(user, wanted, seen=seen, idempotency_key=key)

        assert again == first
        assert take_snapshot() == before

    def test_gives_the_same_order_even_after_the_slot_is_full_and_the_cart_has_new_berries(self, user):
        put_in_cart(user)
        wanted, key = want(slot=SlotFactory(capacity=1)), str(uuid4())
        seen = see(user, wanted)
        first = place(user, wanted, seen=seen, idempotency_key=key)
        put_in_cart(user)

        assert place(user, wanted, seen=seen, idempotency_key=key) == first

    def test_with_other_wishes_is_a_conflict(self, user):
        put_in_cart(user)
        key = str(uuid4())
        first = place(user, idempotency_key=key)
        other = want(comment="Не звонить")
        before = take_snapshot()

        with pytest.raises(IdempotencyConflict) as refusal:
            place(user, other, seen=Seen(agreed=True), idempotency_key=key)

        assert refusal.value.order == first
        assert take_snapshot() == before

    def test_with_another_cart_is_a_conflict(self, user):
        put_in_cart(user)
        wanted, key = want(), str(uuid4())
        place(user, wanted, seen=Seen(agreed=True), idempotency_key=key)
        put_in_cart(user)
        before = take_snapshot()

        with pytest.raises(IdempotencyConflict):
            place(user, wanted, seen=Seen(agreed=True), idempotency_key=key)

        assert take_snapshot() == before

    def test_of_another_user_is_another_order(self, user):
        other, key = UserFactory(), str(uuid4())
        put_in_cart(user)
        put_in_cart(other)

        assert place(user, idempotency_key=key) != place(other, idempotency_key=key)


class TestTheBill:
    def test_is_opened_while_the_shopper_waits(self, user, qiwi_emulator):
        put_in_cart(user)
        order = place(user)

        bill = open_bill_at_once(order=order)

        assert bill.status == "waiting"
        assert bill.pay_url

    def test_waits_for_a_worker_where_the_provider_is_away(self, user, settings):
        settings.QIWI_API_URL = "http://127.0.0.1:1"
        put_in_cart(user)
        order = place(user)

        bill = open_bill_at_once(order=order)

        assert (bill.status, bill.pay_url) == ("created", "")
        assert Order.objects.get(pk=order.pk).status == "pending"
