"""What a voucher gives, who may use it, and what becomes of it with its order."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from core.limits import TooOften
from payments.models import Bill
from payments.receipts import ReceiptDraft
from shop.cart.models import Cart
from shop.cart.viewing import view_cart
from shop.cart.vouchers import MOST_TRIES, drop_voucher, put_voucher, try_voucher
from shop.checkout.refusals import TotalChanged, TotalTooSmall, VoucherGone
from shop.checkout.services import Seen
from shop.delivery.models import Delivery
from shop.orders.canceling import cancel_paid_order
from shop.orders.invariants import find_violations
from shop.orders.models import Mismatch, Order
from shop.orders.refunds import refund_order
from shop.orders.services import reject_order
from shop.orders.settling import settle_by_refund
from shop.vouchers.models import Voucher, VoucherUse
from shop.vouchers.reasons import Reason, VoucherRefused
from tests.factories.accounts import UserFactory
from tests.factories.cart import put_in_cart
from tests.factories.orders import ZoneFactory, make_order, place, see, settle, want
from tests.factories.vouchers import VoucherFactory, give_voucher

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    """Somebody with berries for 780 ₽ in the cart."""
    user = UserFactory()
    put_in_cart(user, quantity=2)
    return user


def give_back_all(order: Order) -> None:
    refund_order(
        order=order, amount=order.total, key="all", reason="x", by=UserFactory(is_staff=True), reference="17"
    )


def describe_sums(order: Order) -> tuple[Decimal, ...]:
    return order.goods_total, order.discount, order.delivery_price, order.total


class TestWhatItGives:
    def test_percents_are_taken_off_the_berries_and_frozen_with_the_order(self, user):
        voucher = VoucherFactory(code="YAGODA10")
        give_voucher(user, voucher)

        order = place(user)

        assert describe_sums(order) == (Decimal(780), Decimal(78), Decimal(250), Decimal(952))
        assert order.bill.amount == order.total == ReceiptDraft.read(order.bill.receipt).total
        line, adjustment = order.lines.get(), order.adjustments.get()
        assert (line.price, line.discount, line.total) == (Decimal(390), Decimal(78), Decimal(702))
        assert (adjustment.kind, adjustment.code, adjustment.amount) == ("voucher", "YAGODA10", Decimal(78))
        assert adjustment.label_en == "Promo code YAGODA10, −10%"
        assert Voucher.objects.get().used == 1
        assert Cart.objects.get(user=user).voucher is None
        assert find_violations() == []

    def test_a_sum_is_never_more_than_the_berries_cost(self, user):
        give_voucher(user, VoucherFactory(kind="sum", value=Decimal(5000)))

        order = place(user)

        assert describe_sums(order) == (Decimal(780), Decimal(780), Decimal(250), Decimal(250))
        assert [line.total for line in ReceiptDraft.read(order.bill.receipt).lines] == [0, Decimal(250)]

    def test_free_delivery_is_no_line_of_the_receipt(self, user):
        give_voucher(user, VoucherFactory(kind="free_delivery", value=0))

        order = place(user)

        assert describe_sums(order) == (Decimal(780), Decimal(0), Decimal(0), Decimal(780))
        assert order.delivery.price == 0
        adjustment = order.adjustments.get()
        assert (adjustment.kind, adjustment.amount) == ("free_delivery", Decimal(250))
        assert [line.subject for line in ReceiptDraft.read(order.bill.receipt).lines] == ["commodity"]
        assert find_violations() == []

    def test_less_than_the_provider_takes_is_refused_and_nothing_changes(self, user):
        give_voucher(user, VoucherFactory(kind="sum", value=Decimal(780)))
        free = ZoneFactory(price=Decimal(0))

        with pytest.raises(TotalTooSmall) as refusal:
            place(user, want(zone=free))

        assert "1" in refusal.value.message
        assert (Order.objects.count(), Voucher.objects.get().used) == (0, 0)


class TestWhoMayUseIt:
    def refuse(self, user, voucher) -> Reason:
        with pytest.raises(VoucherRefused) as refusal:
            give_voucher(user, voucher)
        assert refusal.value.message
        assert view_cart(user, "ru").voucher is None
        return refusal.value.reason

    def test_nobody_before_it_begins_after_it_ends_or_while_it_is_off(self, user):
        hour = timedelta(hours=1)
        early = VoucherFactory(starts_at=timezone.now() + hour)
        over = VoucherFactory(ends_at=timezone.now() - hour)

        assert self.refuse(user, early) == Reason.EARLY
        assert self.refuse(user, over) == Reason.OVER
        assert self.refuse(user, VoucherFactory(is_active=False)) == Reason.UNKNOWN

    def test_a_code_that_nobody_gave_out_is_unknown(self, user):
        for code in ("NOSUCH", "", "   ", "\0", "'; DROP TABLE"):
            with pytest.raises(VoucherRefused) as refusal:
                put_voucher(user=user, code=code, language="ru")
            assert refusal.value.reason == Reason.UNKNOWN

    def test_one_shopper_uses_it_as_often_as_it_says(self, user):
        voucher = VoucherFactory(max_uses_each=1)
        give_voucher(user, voucher)
        place(user)
        put_in_cart(user)

        assert self.refuse(user, voucher) == Reason.USED_BY_YOU

    def test_a_first_order_is_one_before_which_nothing_was_bought(self, user):
        voucher = VoucherFactory(first_order_only=True)
        reject_order(order=make_order(user), by=user)
        put_in_cart(user)
        give_voucher(user, voucher)
        place(user)
        put_in_cart(user)

        assert self.refuse(user, voucher) == Reason.NOT_FIRST

    def test_an_order_that_was_called_off_is_no_first_order(self, user):
        order = settle(make_order(user), Bill.Status.PAID)
        cancel_paid_order(order=order, by=user)
        put_in_cart(user)

        give_voucher(user, VoucherFactory(first_order_only=True))

        assert view_cart(user, "ru").voucher.refusal is None
        assert place(user).discount > 0

    def test_one_that_asks_for_more_berries_stays_on_the_cart_and_says_so(self, user):
        give_voucher(user, VoucherFactory(min_total=Decimal(1000)))

        cart = view_cart(user, "ru")

        assert (cart.discount, cart.voucher.refusal.reason) == (0, Reason.BELOW_MINIMUM)
        put_in_cart(user)
        assert view_cart(user, "ru").discount == Decimal("117.00")

    def test_the_eleventh_try_is_one_too_many(self, user):
        for _try in range(MOST_TRIES):
            with pytest.raises(VoucherRefused):
                try_voucher(user=user, code="GUESS", ip_address="192.0.2.1", language="ru")

        voucher = VoucherFactory()
        with pytest.raises(TooOften):
            try_voucher(user=user, code=voucher.code, ip_address="192.0.2.1", language="ru")
        assert view_cart(user, "ru").voucher is None

    def test_it_comes_off_again(self, user):
        give_voucher(user, VoucherFactory())

        assert drop_voucher(user=user) is True
        assert drop_voucher(user=user) is False
        assert view_cart(user, "ru").total == Decimal(780)


class TestPlacing:
    def test_who_saw_another_sum_is_asked_again(self, user):
        wanted = want()
        seen = see(user, wanted)
        give_voucher(user, VoucherFactory())

        with pytest.raises(TotalChanged):
            place(user, wanted, seen=seen)
        assert Order.objects.count() == 0

    def test_a_voucher_that_ended_meanwhile_is_told_of(self, user):
        voucher, wanted = VoucherFactory(), want()
        give_voucher(user, voucher)
        seen = see(user, wanted)
        Voucher.objects.update(ends_at=timezone.now())

        with pytest.raises(VoucherGone) as refusal:
            place(user, wanted, seen=seen)
        assert refusal.value.code == "voucher_over"
        with pytest.raises(VoucherGone):
            place(user, wanted, seen=Seen(agreed=True))
        assert (Order.objects.count(), Voucher.objects.get().used) == (0, 0)

    def test_who_has_seen_that_it_counts_for_nothing_may_order_without_it(self, user):
        give_voucher(user, VoucherFactory(min_total=Decimal(1000)))

        order = place(user)

        assert (order.discount, order.total) == (Decimal(0), Decimal(1030))
        assert VoucherUse.objects.count() == 0


class TestGivingBack:
    @pytest.fixture
    def order(self, user) -> Order:
        give_voucher(user, VoucherFactory(max_uses=1))
        return place(user)

    def test_a_rejected_order_gives_its_use_back_once(self, order):
        reject_order(order=order, by=order.user)
        settle(order, Bill.Status.REJECTED)

        assert Voucher.objects.get().used == 0
        assert VoucherUse.objects.get().returned_at is not None
        assert find_violations() == []

    def test_a_paid_order_that_is_called_off_gives_its_use_back_for_good(self, order):
        paid = settle(order, Bill.Status.PAID)

        cancel_paid_order(order=paid, by=order.user)

        assert Voucher.objects.get().used == 0
        assert find_violations() == []
        row = Mismatch.objects.get()
        settle_by_refund(mismatch_id=row.pk, by=UserFactory(is_staff=True), reference="п/п 17")
        assert Voucher.objects.get().used == 0
        assert find_violations() == []

    def test_an_order_whose_money_went_back_in_the_house_gives_its_use_back(self, order):
        paid = settle(order, Bill.Status.PAID)

        give_back_all(paid)

        assert (Voucher.objects.get().used, VoucherUse.objects.get().returned_at is None) == (0, False)
        assert find_violations() == []

    def test_an_order_that_came_keeps_its_use_whatever_becomes_of_its_money(self, order):
        paid = settle(order, Bill.Status.PAID)
        Delivery.objects.filter(pk=paid.delivery_id).update(status="delivered")
        Order.objects.filter(pk=paid.pk).update(status="delivered")

        give_back_all(paid)

        assert (Voucher.objects.get().used, VoucherUse.objects.get().returned_at) == (1, None)
        assert find_violations() == []

    def test_an_expired_order_that_is_paid_after_all_takes_it_again(self, order):
        settle(order, Bill.Status.EXPIRED)
        assert Voucher.objects.get().used == 0

        revived = settle(order, Bill.Status.PAID)

        assert (revived.status, Voucher.objects.get().used) == ("paid", 1)
        assert VoucherUse.objects.get().returned_at is None
        assert find_violations() == []

    def test_where_others_have_used_it_up_the_money_goes_back(self, order):
        settle(order, Bill.Status.EXPIRED)
        other = UserFactory()
        put_in_cart(other)
        give_voucher(other, Voucher.objects.get())
        place(other)

        late = settle(order, Bill.Status.PAID)

        assert (late.status, late.needs_refund, Voucher.objects.get().used) == ("expired", True, 1)
        assert find_violations() == []
