"""Short messages about orders: an SMS when the courier sets off, a word to staff when an order is paid."""

from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from core.models import TextMessage
from core.money import format_money
from core.outbox import post_mail, post_text
from core.seller import get_seller
from core.selling import split_addresses
from core.sms.channels import is_set_up
from shop.orders.models import Order

Channel = TextMessage.Channel
# A courier who is on the way arrives within hours; what nobody could tell by then need not be told.
SMS_GOOD_FOR = timedelta(hours=2)
NOTICE_GOOD_FOR = timedelta(hours=24)


def text_shopper(order: Order, *, reference: str = "") -> TextMessage | None:
    """Have an SMS sent that the courier is on the way, where the shop sends any; within the transaction."""
    if not is_set_up(Channel.SMS) or not get_seller().sms_on_the_way:
        return None
    return post_text(
        channel=Channel.SMS,
        to=order.delivery.phone,
        text=write_sms(order),
        key=f"on-the-way:{order.number}:{reference}",
        good_for=SMS_GOOD_FOR,
    )


def write_sms(order: Order) -> str:
    """What the SMS says, in the order's language: seventy characters of Russian are one SMS."""
    with override(order.language):
        facts = {"number": order.number, "hours": order.delivery.slot.hours_label}
        return _("Anyberry: order %(number)s is on the way, %(hours)s") % facts


def tell_staff(order: Order) -> None:
    """Have staff told, once an order, that it was paid: by mail and in Telegram, where either is set up.

    Neither says who ordered: number, sum and slot are enough to begin packing.
    """
    with override(settings.LANGUAGE_CODE):
        facts = describe_for_staff(order)
        text = _("New order %(number)s: %(sum)s, %(slot)s") % facts
    for address in split_addresses(get_seller().order_emails):
        post_mail(
            template="orders/new_order",
            context=facts,
            to=address,
            language=settings.LANGUAGE_CODE,
            key=f"new-order:{order.number}:{address}",
            good_for=NOTICE_GOOD_FOR,
        )
    if is_set_up(Channel.TELEGRAM):
        post_text(
            channel=Channel.TELEGRAM,
            to=settings.TELEGRAM_CHAT_ID,
            text=text,
            key=f"new-order:{order.number}",
            good_for=NOTICE_GOOD_FOR,
        )


def describe_for_staff(order: Order) -> dict[str, str]:
    """What staff are told of an order, in the active language."""
    return {
        "number": order.number,
        "sum": format_money(order.total, order.currency),
        "slot": order.delivery.slot.label,
        "url": settings.SITE_URL + reverse("wagtailsnippets_shop_order:inspect", args=[order.pk]),
    }
