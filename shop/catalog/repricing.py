"""What lists are sorted and filtered by follows what is paid: `Pack.special_price`, brought up to date.

The price that is shown and charged is reckoned each time it is read, so a sale begins and ends on its second.
The order of a list of 100,000 berries needs an index, so there the price is kept: a job mends it every
minute, and every change of a pack, a lot or a markdown at once.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Exists, Max, OuterRef, Q
from django.utils import timezone

from shop.catalog.freshness import forget_catalog
from shop.catalog.models import Lot, Pack, PackQuerySet
from shop.catalog.pricing import Markdown, Price, start_day


def mend_prices(pack_ids: Iterable[int] | None = None) -> int:
    """Bring the kept prices up to date, of these packs or of all that may need it; how many were wrong."""
    now, today = timezone.now(), timezone.localdate()
    packs = Pack.objects.filter(pk__in=list(pack_ids)) if pack_ids is not None else find_special(now)
    wrong = []
    for pack in packs.with_next_lot(today).order_by("pk").iterator():
        amount = pack.get_price(now).amount
        special = amount if amount != pack.price else None
        if special != pack.special_price:
            pack.special_price = special
            wrong.append(pack)
    if wrong:
        Pack.objects.bulk_update(wrong, ["special_price"], batch_size=500)
        forget_catalog()
    return len(wrong)


def find_special(now: datetime) -> PackQuerySet:
    """The packs whose price is special, or may have become so: on sale, or of a lot that grows old."""
    steps = Markdown.objects.filter(is_active=True).aggregate(most=Max("days_left"))
    last_day = timezone.localdate(now) + timedelta(days=steps["most"] if steps["most"] is not None else -1)
    old = Lot.objects.sellable(timezone.localdate(now)).filter(pack=OuterRef("pk"), best_before__lte=last_day)
    on_sale = Q(sale_from__lte=now, sale_until__gt=now)
    return Pack.objects.filter(Q(special_price__isnull=False) | on_sale | Exists(old.order_by()))


def list_special_prices(now: datetime) -> dict[int, Price]:
    """The prices of the packs that cost something else than usual, by the packs' ids."""
    packs = find_special(now).with_next_lot(timezone.localdate(now)).order_by("pk")
    prices = {pack.pk: pack.get_price(now) for pack in packs.iterator()}
    return {pack_id: price for pack_id, price in prices.items() if price.reason}


def find_next_change(now: datetime) -> datetime | None:
    """The next moment at which some price may change by itself; None where none will."""
    dates = Pack.objects.filter(sale_until__gt=now).values_list("sale_from", "sale_until")
    moments = [moment for pair in dates for moment in pair if moment is not None and moment > now]
    if Markdown.objects.filter(is_active=True).exists():
        moments.append(start_day(timezone.localdate(now) + timedelta(days=1)))
    return min(moments, default=None)
