"""What a voucher takes off, and who may use it: asked again, under its lock, when an order is placed."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core.money import round_money
from shop.vouchers.models import BOUGHT, Voucher, VoucherUse
from shop.vouchers.reasons import Reason, VoucherRefused


@dataclass(frozen=True, slots=True)
class History:
    """What a shopper did before: uses of the voucher that count, and whether they have bought anything."""

    uses: int = 0
    has_ordered: bool = False


@dataclass(frozen=True, slots=True)
class AppliedVoucher:
    """A voucher on a cart: what it takes off the berries now; nothing where `refusal` says why."""

    voucher_id: int
    code: str
    kind: str
    label: str
    discount: Decimal
    refusal: VoucherRefused | None = None

    @property
    def frees_delivery(self) -> bool:
        """Whether delivery costs nothing with it."""
        return self.kind == Voucher.Kind.FREE_DELIVERY and self.refusal is None


# --- Asking -----------------------------------------------------------------------


def apply_voucher(
    voucher: Voucher, *, goods_total: Decimal, history: History, now: datetime | None = None
) -> AppliedVoucher:
    """What the voucher does for berries of that sum. Asks the database nothing, and never raises."""
    refusal = find_refusal(voucher, goods_total=goods_total, history=history, now=now or timezone.now())
    return AppliedVoucher(
        voucher_id=voucher.pk,
        code=voucher.code,
        kind=voucher.kind,
        label=label_voucher(voucher),
        discount=Decimal("0.00") if refusal else reckon_discount(voucher, goods_total),
        refusal=refusal,
    )


def reckon_discount(voucher: Voucher, goods_total: Decimal) -> Decimal:
    """What it takes off berries of that sum, in whole kopecks, and never more than they cost."""
    if voucher.kind == Voucher.Kind.FREE_DELIVERY:
        return Decimal("0.00")
    is_percent = voucher.kind == Voucher.Kind.PERCENT
    amount = goods_total * voucher.value / 100 if is_percent else voucher.value
    return min(round_money(amount), goods_total)


def find_refusal(
    voucher: Voucher, *, goods_total: Decimal, history: History, now: datetime
) -> VoucherRefused | None:
    """What stands against it, the most final thing first; None where nothing does."""
    checks = {
        Reason.OVER: not voucher.is_active or voucher.is_over(now),
        Reason.EARLY: voucher.is_early(now),
        Reason.USED_BY_YOU: voucher.max_uses_each is not None and history.uses >= voucher.max_uses_each,
        Reason.USED_UP: voucher.max_uses is not None and voucher.used >= voucher.max_uses,
        Reason.NOT_FIRST: voucher.first_order_only and history.has_ordered,
        Reason.BELOW_MINIMUM: goods_total < voucher.min_total,
    }
    reason = next((reason for reason, stands_against in checks.items() if stands_against), None)
    return VoucherRefused(reason, least=voucher.min_total) if reason else None


def label_voucher(voucher: Voucher) -> str:
    """«Промокод YAGODA10, −10 %», in the active language."""
    if voucher.kind == Voucher.Kind.FREE_DELIVERY:
        return _("Promo code %(code)s, free delivery") % {"code": voucher.code}
    if voucher.kind == Voucher.Kind.SUM:
        return _("Promo code %(code)s") % {"code": voucher.code}
    percent = f"{voucher.value.normalize():f}"
    return _("Promo code %(code)s, −%(percent)s%%") % {"code": voucher.code, "percent": percent}


def read_history(voucher: Voucher, user: User) -> History:
    """What the shopper did before, in two queries."""
    uses = VoucherUse.objects.counting().filter(voucher=voucher, user=user).count()
    bought = User.objects.filter(pk=user.pk, orders__delivery__status__in=BOUGHT)
    return History(uses=uses, has_ordered=voucher.first_order_only and bought.exists())


# --- Changing ---------------------------------------------------------------------


def take_voucher(
    *, voucher_id: int, user: User, reference: str, goods_total: Decimal, amount: Decimal
) -> Voucher:
    """Count a use that takes `amount` off the order `reference`, within the caller's transaction.

    The voucher stays locked until that ends, so of two who come at once the second sees the first one's use.
    Raises VoucherRefused, also where the voucher gives something else by now; then nothing was counted.
    """
    voucher = Voucher.objects.filter(pk=voucher_id).locked().first()
    if voucher is None:
        raise VoucherRefused(Reason.UNKNOWN)
    history = read_history(voucher, user)
    refusal = find_refusal(voucher, goods_total=goods_total, history=history, now=timezone.now())
    if refusal:
        raise refusal
    is_free = voucher.kind == Voucher.Kind.FREE_DELIVERY
    if not is_free and reckon_discount(voucher, goods_total) != amount:
        raise VoucherRefused(Reason.CHANGED)
    VoucherUse.objects.create(voucher=voucher, user=user, reference=reference, amount=amount)
    _count(voucher, 1)
    return voucher


@transaction.atomic
def return_voucher(*, reference: str) -> bool:
    """Give back the use of an order that was given up; whether there was one. A second call does nothing."""
    use = VoucherUse.objects.counting().filter(reference=reference).first()
    if use is None:
        return False
    voucher = Voucher.objects.filter(pk=use.voucher_id).locked().get()
    returned = VoucherUse.objects.counting().filter(pk=use.pk).update(returned_at=timezone.now())
    if returned:
        _count(voucher, -1)
    return bool(returned)


@transaction.atomic
def take_voucher_again(*, reference: str) -> bool:
    """Count the use of an order that goes on after all; whether it had been given back.

    Its dates are not asked for again: it was valid when the order was placed. Raises VoucherRefused where
    others have used it up meanwhile.
    """
    use = VoucherUse.objects.filter(reference=reference, returned_at__isnull=False).first()
    if use is None:
        return False
    voucher = Voucher.objects.filter(pk=use.voucher_id).locked().get()
    if voucher.max_uses is not None and voucher.used >= voucher.max_uses:
        raise VoucherRefused(Reason.USED_UP)
    returned = VoucherUse.objects.filter(pk=use.pk, returned_at__isnull=False).update(returned_at=None)
    if returned:
        _count(voucher, 1)
    return bool(returned)


def _count(voucher: Voucher, change: int) -> None:
    # The constraint on `used` guards the limit once more should the lock ever be missing.
    Voucher.objects.filter(pk=voucher.pk).update(used=F("used") + change)
