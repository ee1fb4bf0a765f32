"""The demo's facts: categories, berries, packs, stock, delivery, the seller."""

from datetime import date, time, timedelta
from decimal import Decimal
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from wagtail.models import Site

from accounts.models import User
from anyberry.demo.source import Record
from core.models import SellerSettings
from shop.catalog.models import Berry, Category, Lot, Pack
from shop.catalog.services import receive_lot, take_stock, write_off
from shop.delivery.models import DeliveryZone, SlotTemplate
from shop.delivery.planning import plan_slots

ASKED_FOR = timedelta(days=60)  # so long the demo has asked its prices
HTTP_PORTS = {"http": 80, "https": 443}


# --- Catalog ------------------------------------------------------------------


def load_categories(contents: list[Record]) -> None:
    """Make the categories that are missing."""
    for content in contents:
        names = {"name_ru": content["ru"]["title"], "name_en": content["en"]["title"]}
        Category.objects.get_or_create(
            code=content["code"], defaults={"position": content["position"], **names}
        )


def load_berries(contents: list[Record]) -> None:
    """Make the berries that are missing, with their packs, then say which go well together."""
    fresh = [content for content in contents if load_berry(content)]
    for content in fresh:
        Berry.objects.get(code=content["code"]).related.add(
            *Berry.objects.filter(code__in=content["related"])
        )


@transaction.atomic
def load_berry(content: Record) -> bool:
    """Make the berry and its packs where missing; whether it was."""
    names = {
        f"{field}_{code}": content[field][code]
        for field in ("kind", "variety", "origin")
        for code in ("ru", "en")
    }
    facts = {name: content[name] for name in ("season_months", "tags", "vat_code")}
    berry, created = Berry.objects.get_or_create(code=content["code"], defaults=facts | names)
    if created:
        berry.categories.set(Category.objects.filter(code__in=content["categories"]))
        for place, pack in enumerate(content["packs"]):
            Pack.objects.create(
                berry=berry,
                weight_g=pack["weight_g"],
                container=pack["container"],
                price=Decimal(pack["price"]),
                price_since=timezone.now() - ASKED_FOR,
                is_default=place == 0,
            )
    return created


# --- Stock --------------------------------------------------------------------


def load_stock(contents: list[Record], *, by: User) -> None:
    """Receive the lots of each pack that should sell and cannot: at first, and when all has expired."""
    today = timezone.localdate()
    for content in contents:
        packs = {pack.weight_g: pack for pack in Pack.objects.filter(berry__code=content["code"])}
        for weight_g, pack in packs.items():
            lots = [lot for lot in content.get("lots", []) if lot["pack"] == weight_g]
            if lots and is_due(pack, lots, today):
                load_lots(pack, lots, today=today, by=by)


def is_due(pack: Pack, lots: list[Record], today: date) -> bool:
    """Whether the pack has no lot yet, or nothing left to sell though the content says it should."""
    if not pack.lots.exists():
        return True
    should_sell = any(lot["left"] and lot["best_before"] >= 0 for lot in lots)
    return should_sell and not Lot.objects.sellable(today).filter(pack=pack).exists()


@transaction.atomic
def load_lots(pack: Pack, lots: list[Record], *, today: date, by: User) -> None:
    """Write off what has expired, receive the lots and sell what the content says is gone."""
    for expired in Lot.objects.filter(pack=pack, best_before__lt=today, left__gt=0):
        write_off(lot=expired, quantity=expired.left, reason="expired", by=by)
    # What expires last comes first: each sale then takes from the lot that was just received.
    for lot in sorted(lots, key=lambda lot: -int(lot["best_before"])):
        received = receive_lot(
            pack=pack,
            quantity=lot["received"],
            harvested_on=today + timedelta(days=lot["harvested"]),
            best_before=today + timedelta(days=lot["best_before"]),
            farm_ru=lot["farm_ru"],
            farm_en=lot["farm_en"],
            by=by,
        )
        sold = lot["received"] - lot["left"]
        if sold and lot["best_before"] >= 0:
            take_stock(wanted={pack.pk: sold}, reference=f"demo-{received.pk}", by=by)


# --- Delivery and the seller ------------------------------------------------------


def load_delivery(content: Record) -> None:
    """Make the zones, the pick-up point and the weekly plan that are missing, and the next slots."""
    for zone in content["zone"]:
        facts = {key: value for key, value in zone.items() if key not in {"code", "week"}}
        known, _created = DeliveryZone.objects.get_or_create(code=zone["code"], defaults=facts)
        if "week" in zone:
            load_week(known, zone["week"])
    load_week(None, content["week"])
    plan_slots()


def load_week(point: DeliveryZone | None, week: Record) -> None:
    """Make the weekly plan of the couriers, or of a point, where there is none."""
    if SlotTemplate.objects.filter(point=point).exists():
        return
    facts = {"capacity": week["capacity"], "cut_off_hours": week["cut_off_hours"], "point": point}
    for weekday in SlotTemplate.Weekday:
        for clocks in week["windows"]:
            starts, ends = (time.fromisoformat(clock) for clock in clocks)
            SlotTemplate.objects.create(weekday=weekday, starts=starts, ends=ends, **facts)


def load_site() -> Site:
    """Tell the default site the address of SITE_URL, which may change with every start."""
    address = urlsplit(settings.SITE_URL)
    hostname = address.hostname or "localhost"
    port = address.port or HTTP_PORTS.get(address.scheme, 80)
    site = Site.objects.get(is_default_site=True)
    if (site.hostname, site.port) != (hostname, port):
        site.hostname, site.port = hostname, port
        site.save()
    return site


def load_seller(site: Site, content: Record) -> None:
    """Fill in the seller where nobody has."""
    SellerSettings.objects.get_or_create(site=site, defaults=content)
