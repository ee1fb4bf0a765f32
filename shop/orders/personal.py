"""What orders keep of a shopper: a copy for them, and what is forgotten when they leave."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.closing import NOBODYS_DOMAIN
from accounts.models import AddressFields, User
from core.commits import after_commit
from core.models import TextMessage
from core.photos import delete_photos
from payments.models import Refund
from shop.delivery.models import Delivery, DeliveryEvent
from shop.orders.models import Order, OrderLine, SentMail
from shop.vouchers.models import VoucherUse

Status = Order.Status
ORDER_NAMES = (
    *("number", "status", "goods_total", "discount", "delivery_price", "total", "currency"),
    *("placed_at", "paid_at", "name", "email", "phone", "comment", "offer_version", "privacy_version"),
    *("bill__status", "bill__amount", "bill__currency", "bill__paid_at"),
    *("delivery__status", "delivery__recipient", "delivery__phone", "delivery__comment"),
    *("delivery__slot__starts_at", "delivery__slot__ends_at"),
)
ADDRESS_NAMES = [field.name for field in AddressFields._meta.local_fields]
REFUND_NAMES = ("bill__order__number", "amount", "status", "reason", "created_at", "finished_at")
STEP_NAMES = ("delivery__order__number", "status", "attempt", "at", "note", "photo")
MAIL_NAMES = ("order__number", "kind", "to", "subject", "text", "sent_at")
VOUCHER_NAMES = ("reference", "voucher__code", "amount", "at", "returned_at")
LINE_NAMES = ("order__number", "title", "weight_g", "price", "quantity", "discount", "total")
# What says who somebody is or where they live; the town stays, for the books of the deliveries.
FORGOTTEN_ADDRESS = dict.fromkeys((name for name in ADDRESS_NAMES if name != "city"), "")


def copy_orders(user: User) -> list[dict[str, Any]]:
    """All orders, newest first, with all that hangs on them; the same few queries however many."""
    lines = OrderLine.objects.filter(order__user=user).values(*LINE_NAMES)
    refunds = Refund.objects.filter(bill__order__user=user).order_by("created_at")
    mails = SentMail.objects.filter(order__user=user).values(*MAIL_NAMES)
    vouchers = VoucherUse.objects.filter(user=user).order_by("at")
    parts = {
        "lines": sort_by_order(lines, "order__number"),
        "refunds": sort_by_order(refunds.values(*REFUND_NAMES), "bill__order__number"),
        "delivery__steps": sort_by_order(list_steps(user), "delivery__order__number"),
        "mails": sort_by_order(mails, "order__number"),
        "vouchers": sort_by_order(vouchers.values(*VOUCHER_NAMES), "reference"),
    }
    names = (*ORDER_NAMES, *(f"delivery__{name}" for name in ADDRESS_NAMES))
    orders = Order.objects.for_user(user).values(*names)
    return [
        order | {name: found.get(order["number"], []) for name, found in parts.items()} for order in orders
    ]


def sort_by_order(rows: Iterable[dict[str, Any]], name: str) -> dict[str, list[dict[str, Any]]]:
    """The rows by the number of their order, which each has under the name and loses."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row.pop(name), []).append(row)
    return found


def list_steps(user: User) -> Iterator[dict[str, Any]]:
    """What happened on the way to the door; a photo as the link that opens it."""
    steps = DeliveryEvent.objects.filter(delivery__order__user=user).order_by("at", "pk")
    for step in steps.values("pk", *STEP_NAMES):
        number, pk = step["delivery__order__number"], step.pop("pk")
        path = reverse("shop:delivery-photo", args=[number, pk]) if step["photo"] else ""
        yield step | {"photo": path and settings.SITE_URL + path}


def object_to_leaving(user: User) -> list[str]:
    """Orders that have to come to their end first."""
    said = []
    open_orders = Order.objects.for_user(user).exclude(
        status__in=[Status.DELIVERED, Status.REJECTED, Status.EXPIRED, Status.REFUNDED], needs_refund=False
    )
    for order in open_orders.only("number", "status", "needs_refund"):
        number = {"number": order.number}
        if order.needs_refund:
            said.append(_("The money for order %(number)s is still on its way back to you.") % number)
        elif order.is_pending:
            said.append(_("Order %(number)s waits for its payment: pay for it or cancel it.") % number)
        else:
            said.append(_("Order %(number)s has not arrived yet.") % number)
    return said


def forget_buyer(user: User) -> None:
    """Leave the orders and their sums, without the name, the contacts and the door they went to."""
    orders = Order.objects.filter(user=user)
    nobody = f"{user.pk}@{NOBODYS_DOMAIN}"
    mails = SentMail.objects.filter(order__user=user)
    mails.update(to=nobody, text="", html="")
    deliveries = Delivery.objects.filter(order__user=user)
    phones = list(deliveries.exclude(phone="").values_list("phone", flat=True))
    TextMessage.objects.filter(channel=TextMessage.Channel.SMS, to__in=phones).update(to="")
    steps = DeliveryEvent.objects.filter(delivery__order__user=user)
    photos = list(steps.exclude(photo="").values_list("photo", flat=True))
    steps.update(note="", photo="")
    after_commit(delete_photos, photos)
    deliveries.update(recipient="", phone="", comment="", **FORGOTTEN_ADDRESS)
    orders.update(name="", phone="", comment="", email=nobody)
