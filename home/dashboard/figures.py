"""What the dashboard tells: each answer in a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import Aggregate, Count, Exists, F, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import TruncDate
from django.utils import timezone
from wagtail.models import Locale, Page

from home.readers.models import BerryAdds, PageViews
from shop.catalog.models import Berry, Lot, Pack
from shop.delivery.models import DeliverySlot
from shop.orders.models import Order, OrderLine

DAYS = 30
LISTED = 8
EARNED = ("paid", "in_delivery", "delivered")


@dataclass(frozen=True, slots=True)
class Today:
    """The day so far."""

    placed: int
    paid: int
    earned: Decimal
    waiting: int
    refunds: int
    slots: Sequence[DeliverySlot]


@dataclass(frozen=True, slots=True)
class DayOfSales:
    """What one day brought."""

    day: date
    orders: int
    total: Decimal


@dataclass(frozen=True, slots=True)
class BerryInterest:
    """How far people went with one berry: looked at its pages, put it into a cart, paid an order with it."""

    berry: Berry
    views: int
    adds: int
    orders: int


@dataclass(frozen=True, slots=True)
class Untranslated:
    """Pages without a live version in the other language, some of them and how many there are."""

    pages: Sequence[Page]
    count: int


def get_today() -> Today:
    """Orders of today, and the slots of today with `packing` orders. Two queries."""
    start = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    end = start + timedelta(days=1)
    paid_today = Q(paid_at__gte=start, status__in=EARNED)
    sums = Order.objects.aggregate(
        placed=Count("pk", filter=Q(placed_at__gte=start)),
        paid=Count("pk", filter=paid_today),
        earned=Sum("total", filter=paid_today),
        waiting=Count("pk", filter=Q(status="pending")),
        refunds=Count("pk", filter=Q(needs_refund=True)),
    )
    packing = Count("deliveries", filter=Q(deliveries__status="packing"))
    slots = DeliverySlot.objects.filter(starts_at__gte=start, starts_at__lt=end).annotate(packing=packing)
    return Today(**sums | {"earned": sums["earned"] or Decimal(0)}, slots=list(slots.order_by("starts_at")))


def list_sales(today: date) -> list[DayOfSales]:
    """Paid orders of the last thirty days, a row for each day, those without orders too. One query."""
    first = today - timedelta(days=DAYS - 1)
    rows = (
        Order.objects.filter(status__in=EARNED)
        .annotate(day=TruncDate("paid_at"))
        .filter(day__gte=first, day__lte=today)
        .order_by()
        .values_list("day")
        .annotate(orders=Count("pk"), sum=Sum("total"))
    )
    found = {day: DayOfSales(day, orders, total) for day, orders, total in rows}
    days = (first + timedelta(days=number) for number in range(DAYS))
    return [found.get(day) or DayOfSales(day, 0, Decimal(0)) for day in days]


def list_low_packs(today: date, *, most: int) -> list[Pack]:
    """Packs on sale of which no more than `most` are left, the scarcest first. One query."""
    packs: QuerySet[Pack] = Pack.objects.for_sale().with_left(today)
    packs = packs.filter(Q(left__lte=most)).select_related("berry")
    return list(packs.order_by(F("left"), "berry", "weight_g")[:LISTED])


def list_ending_lots(today: date, *, days: int) -> list[Lot]:
    """Lots that must be sold within so many days, and those past their date with packs left. One query."""
    lots = Lot.objects.filter(left__gt=0, best_before__lte=today + timedelta(days=days))
    return list(lots.select_related("pack__berry").order_by("best_before", "pk")[:LISTED])


def list_berry_interest(today: date, *, days: int) -> list[BerryInterest]:
    """The berries that people looked at most in so many days up to today. Four queries."""
    since = today - timedelta(days=days - 1)
    span = {"on__gte": since, "on__lte": today}
    views = _add_up(PageViews.objects.filter(**span), "page__berrypage__berry", Sum("views"))
    adds = _add_up(BerryAdds.objects.filter(**span), "berry", Sum("adds"))
    paid = OrderLine.objects.filter(order__status__in=EARNED, order__paid_at__date__gte=since)
    orders = _add_up(paid, "pack__berry", Count("order", distinct=True))
    wanted = sorted(
        {*views, *adds, *orders},
        key=lambda pk: (views.get(pk, 0), adds.get(pk, 0), orders.get(pk, 0), pk),
        reverse=True,
    )
    berries = Berry.objects.in_bulk(wanted[:LISTED])
    return [
        BerryInterest(berries[pk], views.get(pk, 0), adds.get(pk, 0), orders.get(pk, 0))
        for pk in wanted[:LISTED]
        if pk in berries
    ]


def _add_up(rows: QuerySet[Any], berry: str, number: Aggregate) -> dict[int, int]:
    """The number for each berry."""
    known = rows.filter(**{f"{berry}__isnull": False}).order_by()
    return dict(known.values_list(berry).annotate(number=number))


def find_untranslated() -> Untranslated:
    """Live pages of the shop's own language that nobody can read in the other one. Two queries."""
    pages = list_untranslated()
    return Untranslated(list(pages.order_by("-last_published_at", "pk")[:LISTED]), pages.count())


def list_untranslated() -> QuerySet[Page]:
    """The same, uncut."""
    twins = Page.objects.filter(translation_key=OuterRef("translation_key"), live=True).exclude(
        locale=OuterRef("locale")
    )
    own = Locale.objects.filter(language_code=settings.LANGUAGE_CODE)
    pages: QuerySet[Page] = Page.objects.live().filter(depth__gt=1, locale__in=own)
    pages = pages.exclude(content_type__app_label="wagtailcore")  # the root, and Wagtail's page of welcome
    return pages.filter(~Exists(twins))
