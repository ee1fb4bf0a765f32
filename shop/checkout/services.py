"""From a cart to an order: checked again, taken and recorded in one transaction, or not at all.

Locks, in this order: cart → delivery slot → voucher → lots. (Bill and order are new rows nobody can see.)
"""

import hashlib
import json
import logging
from dataclasses import asdict, dataclass
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from accounts.models import Address, Consent, User
from accounts.services import has_agreed, record_consents, save_default_address
from core.models import SellerSettings
from core.seller import get_seller
from core.tasks import enqueue
from payments import tasks as payment_tasks
from payments.models import Bill
from payments.providers.base import ProviderError, Unsupported
from payments.receipts import ReceiptDraft, ReceiptInvalid
from payments.services import create_bill, get_least_amount, open_bill
from shop.cart.models import CartLine
from shop.cart.services import lock_cart
from shop.cart.viewing import view_cart
from shop.catalog.services import OutOfStock, take_stock
from shop.checkout.drafts import build_lines, take_discount
from shop.checkout.quotes import Quote, sign_basket
from shop.checkout.receipts import draft_receipt
from shop.checkout.refusals import (
    CartChanged,
    CartEmpty,
    ConsentRequired,
    IdempotencyConflict,
    OrderTooLarge,
    OrderTooSmall,
    SlotGone,
    TotalChanged,
    TotalTooSmall,
    VoucherGone,
    ZoneUnknown,
)
from shop.checkout.ways import check_address, make_delivery
from shop.delivery.models import DeliveryZone
from shop.delivery.services import BelowMinimum, SlotTaken, check_minimum, take_slot
from shop.orders.models import Order
from shop.orders.numbers import make_number
from shop.orders.services import record_order

logger = logging.getLogger(__name__)

# How long a shopper waits for the provider before the bill is left to a worker.
OPENING_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the shopper entered, checked for form: who, where, when. `phone` is in E.164.

    `as_sent` is the request itself where the rest was filled in for the caller: a minute later it may be
    filled in otherwise, and is the same request all the same.
    """

    name: str
    phone: str
    address: dict[str, str]
    zone_id: int
    slot_id: int
    comment: str = ""
    as_sent: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """What the shopper had before their eyes: they buy this and nothing else.

    Without `basket` no line may have a problem that keeps it from being bought; without `total` no price may
    have changed. `agreed`: they have just agreed to the current documents.
    """

    total: Decimal | None = None
    basket: str = ""
    agreed: bool = False


def place_order(
    *, user: User, wanted: Wanted, seen: Seen, idempotency_key: str, language: str, ip_address: str | None
) -> Order:
    """Make the user's cart an order waiting for its money. Makes no call over the network.

    The same key again gives the same order. Raises a CheckoutRefused, and then nothing was taken or changed.
    """
    try:
        with transaction.atomic(), override(language):
            lock_cart(user)
            known = Order.objects.filter(user=user, idempotency_key=idempotency_key).first()
            if known:
                return _recognize(known, wanted, seen, user)
            quote = _check(user, wanted, seen, language)
            _settle_consents(user, seen, ip_address)
            return _take(user, wanted, quote, idempotency_key)
    except OutOfStock as shortage:
        # Between our look and our lock somebody else was quicker.
        raise CartChanged(view_cart(user, language)) from shortage


def open_bill_at_once(*, order: Order) -> Bill:
    """Open the bill while the shopper waits, so that they can pay at once; else leave it to a worker."""
    try:
        return open_bill(bill_id=order.bill_id, timeout=OPENING_SECONDS)
    except ProviderError as error:
        logger.warning("The bill of order %s is left to a worker: %s", order, error)
        enqueue(payment_tasks.open_bill, bill_id=str(order.bill_id))
        return Bill.objects.get(pk=order.bill_id)


def get_versions(seller: SellerSettings) -> dict[str, str]:
    """The documents a shopper agrees to, and their versions in force."""
    return {
        Consent.Document.OFFER.value: seller.offer_version,
        Consent.Document.PERSONAL_DATA.value: seller.privacy_version,
    }


# --- Checking -------------------------------------------------------------------------


def _recognize(known: Order, wanted: Wanted, seen: Seen, user: User) -> Order:
    """The order this key made already, if the same one is asked for. Raises IdempotencyConflict."""
    in_cart = CartLine.objects.filter(cart__user=user).values_list("pack_id", "quantity")
    basket = seen.basket or sign_basket(in_cart)
    bought = sign_basket(known.lines.values_list("pack_id", "quantity"))
    if known.fingerprint != _fingerprint(wanted) or basket not in {"", bought}:
        raise IdempotencyConflict(known)
    return known


def _check(user: User, wanted: Wanted, seen: Seen, language: str) -> Quote:
    """Look at everything again, now that the cart is locked."""
    zone = DeliveryZone.objects.filter(pk=wanted.zone_id, is_active=True).first()
    if zone is None:
        raise ZoneUnknown
    quote = Quote(cart=view_cart(user, language), zone=zone)
    _check_basket(quote, seen)
    _check_total(quote, seen)
    try:
        check_minimum(zone=zone, goods_total=quote.goods_total)
    except BelowMinimum as error:
        raise OrderTooSmall(min_order=error.min_order) from error
    check_address(wanted=wanted, quote=quote)
    return quote


def _check_basket(quote: Quote, seen: Seen) -> None:
    cart = quote.cart
    if not cart.lines:
        raise CartEmpty
    if seen.basket and seen.basket != quote.basket:
        raise CartChanged(cart)
    is_blocked = any(problem.is_blocking for problem in cart.problems) and not seen.basket
    is_dearer = any(not problem.is_blocking for problem in cart.problems) and seen.total is None
    if is_blocked or is_dearer or not cart.buyable:
        raise CartChanged(cart)


def _check_total(quote: Quote, seen: Seen) -> None:
    voucher = quote.cart.voucher
    if voucher and voucher.refusal and quote.total != seen.total:
        raise VoucherGone(voucher.refusal)
    if seen.total is not None and quote.total != seen.total:
        raise TotalChanged(shown=seen.total, now=quote.total)
    least = get_least_amount()
    if quote.discount and quote.total < least:
        raise TotalTooSmall(least=least)


def _settle_consents(user: User, seen: Seen, ip_address: str | None) -> None:
    versions = get_versions(get_seller())
    if has_agreed(user, versions):
        return
    if not seen.agreed:
        raise ConsentRequired
    record_consents(user=user, versions=versions, ip_address=ip_address)


# --- Taking ---------------------------------------------------------------------------


def _take(user: User, wanted: Wanted, quote: Quote, idempotency_key: str) -> Order:
    """Take the slot and the stock and write everything down."""
    number = _find_free_number()
    lines = quote.cart.buyable
    try:
        take_slot(slot_id=wanted.slot_id, zone=quote.zone)
    except SlotTaken as error:
        raise SlotGone from error
    adjustments = take_discount(user=user, quote=quote, number=number)
    taken = take_stock(wanted={line.pack_id: line.quantity for line in lines}, reference=number, by=user)
    order_lines = build_lines(lines, taken, quote.discount)
    bill = _make_bill(number, quote, draft_receipt(email=user.email, lines=order_lines, quote=quote))
    order = record_order(
        order=_build_order(user, wanted, quote, bill, number, idempotency_key),
        lines=order_lines,
        adjustments=adjustments,
    )
    CartLine.objects.filter(pk__in=[line.line_id for line in lines]).delete()
    _remember(user, wanted)
    return order


def _build_order(
    user: User, wanted: Wanted, quote: Quote, bill: Bill, number: str, idempotency_key: str
) -> Order:
    seller = get_seller()
    return Order(
        number=number,
        user=user,
        language=get_language() or settings.LANGUAGE_CODE,
        email=user.email,
        name=wanted.name,
        phone=wanted.phone,
        comment=wanted.comment,
        goods_total=quote.goods_total,
        discount=quote.discount,
        delivery_price=quote.delivery_price,
        total=quote.total,
        currency=quote.cart.currency,
        bill=bill,
        delivery=make_delivery(wanted=wanted, quote=quote),
        offer_version=seller.offer_version,
        privacy_version=seller.privacy_version,
        idempotency_key=idempotency_key,
        fingerprint=_fingerprint(wanted),
    )


def _make_bill(number: str, quote: Quote, receipt: ReceiptDraft) -> Bill:
    bill_id = uuid4()
    try:
        return create_bill(
            bill_id=bill_id,
            amount=quote.total,
            currency=quote.cart.currency,
            comment=_("Order %(number)s, %(shop)s") % {"number": number, "shop": settings.SITE_NAME},
            expires_at=timezone.now() + timedelta(minutes=settings.BILL_LIFETIME_MINUTES),
            return_url=settings.SITE_URL + reverse("shop:pay-return", args=[bill_id]),
            receipt=receipt,
        )
    except (Unsupported, ReceiptInvalid) as error:
        raise OrderTooLarge from error


def _remember(user: User, wanted: Wanted) -> None:
    """Spare the shopper typing it all again: what they have not told us yet goes to their profile."""
    if not (user.name and user.phone):
        user.name = user.name or wanted.name
        user.phone = user.phone or wanted.phone
        user.save(update_fields=["name", "phone"])
    if wanted.address.get("street") and not user.addresses.exists():
        save_default_address(user=user, address=Address(**wanted.address))


def _find_free_number() -> str:
    """A number no order has; should two orders find the same one at once, the constraint stops the second."""
    number = make_number()
    while Order.objects.filter(number=number).exists():
        number = make_number()
    return number


def _fingerprint(wanted: Wanted) -> str:
    """What tells two requests under one key apart."""
    text = wanted.as_sent or json.dumps(asdict(wanted), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
