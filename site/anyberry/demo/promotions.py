"""What is cheaper in the demo: a berry on sale, markdowns of old lots, and promo codes."""

from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from anyberry.demo.source import Record
from core.money import round_money
from shop.catalog.models import Pack
from shop.catalog.pricing import Markdown, start_day
from shop.catalog.repricing import mend_prices
from shop.vouchers.models import Voucher


def load_promotions(content: Record) -> None:
    """Make the sales, markdowns and vouchers that are missing; a sale that is over begins anew."""
    for sale in content["sales"]:
        load_sale(sale)
    for step in content["markdowns"]:
        Markdown.objects.get_or_create(days_left=step["days_left"], defaults={"percent": step["percent"]})
    for voucher in content["vouchers"]:
        facts = {name: value for name, value in voucher.items() if name != "code"}
        sums = {name: Decimal(facts[name]) for name in ("value", "min_total") if name in facts}
        Voucher.objects.get_or_create(code=voucher["code"], defaults=facts | sums)
    mend_prices()


def load_sale(sale: Record) -> None:
    """Put all packs of the berry on sale from this morning on, unless they are."""
    begins = start_day(timezone.localdate())
    packs = Pack.objects.filter(berry__code=sale["berry"])
    for pack in packs.exclude(sale_until__gt=timezone.now()):
        pack.sale_price = round_money(pack.price * (100 - sale["percent"]) / 100)
        pack.sale_from, pack.sale_until = begins, begins + timedelta(days=sale["days"])
        pack.save(update_fields=["sale_price", "sale_from", "sale_until"])
