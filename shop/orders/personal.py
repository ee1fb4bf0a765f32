"""What orders keep of a shopper: a copy for them, and what is forgotten when they leave."""

from typing import Any

from django.utils.translation import gettext as _

from accounts.closing import NOBODYS_DOMAIN
from accounts.models import AddressFields, User
from core.models import TextMessage
from shop.delivery.models import Delivery
from shop.orders.models import Order, OrderLine, SentMail

Status = Order.Status
ORDER_NAMES = (
    *("number", "status", "goods_total", "discount", "delivery_price", "total", "currency"),
    *("placed_at", "paid_at", "name", "email", "phone", "comment", "offer_version", "privacy_version"),
    *("bill__status", "bill__amount", "bill__currency", "bill__paid_at"),
    *("delivery__status", "delivery__recipient", "delivery__phone", "delivery__comment"),
    *("delivery__slot__starts_at", "delivery__slot__ends_at"),
)
ADDRESS_NAMES = [field.name for field in AddressFields._meta.local_fields]
LINE_NAMES = ("order__number", "title", "weight_g", "price", "quantity", "discount", "total")
# What says who somebody is or where they live; the town stays, for the books of the deliveries.
FORGOTTEN_ADDRESS = dict.fromkeys((name for name in ADDRESS_NAMES if name != "city"), "")


def copy_orders(user: User) -> list[dict[str, Any]]:
    """All orders with their lines, bills and deliveries, newest first. Two queries."""
    lines: dict[str, list[dict[str, Any]]] = {}
    for line in OrderLine.objects.filter(order__user=user).values(*LINE_NAMES):
        lines.setdefault(line.pop("order__number"), []).append(line)
    names = (*ORDER_NAMES, *(f"delivery__{name}" for name in ADDRESS_NAMES))
    orders = Order.objects.for_user(user).values(*names)
    return [order | {"lines": lines.get(order["number"], [])} for order in orders]


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
    deliveries.update(recipient="", phone="", comment="", **FORGOTTEN_ADDRESS)
    orders.update(name="", phone="", comment="", email=nobody)
