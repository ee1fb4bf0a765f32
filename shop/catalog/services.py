"""Everything that changes stock, and the one answer to "what does this pack cost and is it there"."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import F, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from accounts.models import User
from core.localized import localize
from core.money import price_per_kg
from core.page_cache import forget_pages
from core.prepared import Prepared, is_any_of
from shop.catalog.models import Berry, Lot, Pack, PackQuerySet, StockMovement

Kind = StockMovement.Kind
POPULARITY_DAYS = 30


class OutOfStock(Exception):
    """Fewer packs are left than were wanted; `shortages` is what is left of each pack that falls short."""

    def __init__(self, shortages: Mapping[int, int]) -> None:
        super().__init__(f"Out of stock, left by pack: {dict(shortages)}")
        self.shortages = dict(shortages)


@dataclass(frozen=True, slots=True)
class Offer:
    """Price and availability of one pack at this moment; dates and farm are those of the lot sold next.

    `price` is what is paid; `old_price` the one to strike out, `price_reason` why it is lower (a PriceReason,
    or ""), `price_until` the moment from which it may be another one.
    """

    pack_id: int
    berry_id: int
    price: Decimal
    currency: str
    weight_g: int
    price_per_kg: Decimal
    left: int
    is_for_sale: bool
    is_in_season: bool
    harvested_on: date | None
    best_before: date | None
    farm: str
    container: str = ""
    is_default: bool = False
    old_price: Decimal | None = None
    price_reason: str = ""
    price_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class TakenLot:
    """So many packs taken from this lot."""

    lot_id: int
    quantity: int


# --- Asking -----------------------------------------------------------------------


def get_offers(pack_ids: Iterable[int], *, today: date | None = None) -> dict[int, Offer]:
    """Price and availability of packs now, in one query; packs that do not exist are left out.

    Packs and berries taken off sale are there with `is_for_sale` false.
    """
    ids = list(set(pack_ids))
    return {offer.pack_id: offer for offer in _read_offers(_PACKS, ids, today)} if ids else {}


def get_offer(pack_id: int, *, today: date | None = None) -> Offer | None:
    """Price and availability of one pack now; nothing for a pack that does not exist."""
    return get_offers([pack_id], today=today).get(pack_id)


def list_offers(berry_ids: Iterable[int], *, today: date | None = None) -> dict[int, list[Offer]]:
    """The offers of each berry's packs on sale, light packs first, in one query."""
    offers: dict[int, list[Offer]] = {berry_id: [] for berry_id in berry_ids}
    for offer in _read_offers(_PACKS_OF_BERRIES, list(offers), today) if offers else []:
        offers[offer.berry_id].append(offer)
    return offers


def choose_offer(offers: Iterable[Offer]) -> Offer | None:
    """What one click buys: the default pack, or another that is in stock where that is sold out."""
    by_choice = sorted(offers, key=lambda offer: (offer.left <= 0, not offer.is_default, offer.weight_g))
    return by_choice[0] if by_choice else None


def ask_packs(ids: Sequence[int], today: date) -> PackQuerySet:
    """The packs with all that offers tell of them."""
    return _with_facts(Pack.objects.filter(is_any_of("pk", ids)), today)


def ask_packs_of_berries(berry_ids: Sequence[int], today: date) -> PackQuerySet:
    """The same of berries' packs on sale, light packs first."""
    packs = Pack.objects.for_sale().filter(is_any_of("berry_id", berry_ids))
    return _with_facts(packs, today).order_by("weight_g", "pk")


def _with_facts(packs: PackQuerySet, today: date) -> PackQuerySet:
    return packs.select_related("berry").with_left(today).with_next_lot(today)


# Nothing is asked more often than what packs cost and how many are left.
_PACKS = Prepared(ask_packs, [-1], date.min)
_PACKS_OF_BERRIES = Prepared(ask_packs_of_berries, [-1], date.min)


def _read_offers(packs: Prepared[Pack], ids: Sequence[int], today: date | None) -> list[Offer]:
    now, day = timezone.now(), today or timezone.localdate()
    return [_make_offer(pack, day, now) for pack in packs.fetch(ids, day)]


def _make_offer(pack: Pack, today: date, now: datetime) -> Offer:
    price = pack.get_price(now)
    return Offer(
        pack_id=pack.pk,
        berry_id=pack.berry_id,
        price=price.amount,
        currency=pack.currency,
        weight_g=pack.weight_g,
        price_per_kg=price_per_kg(price.amount, pack.weight_g),
        left=pack.left,
        is_for_sale=pack.is_active and pack.berry.is_active,
        is_in_season=pack.berry.is_in_season(today),
        harvested_on=pack.next_harvested_on,
        best_before=pack.next_best_before,
        farm=localize(pack, "next_farm") or "",
        container=str(pack.get_container_display()),
        is_default=pack.is_default,
        old_price=price.old,
        price_reason=price.reason,
        price_until=price.until,
    )


# --- Changing ---------------------------------------------------------------------


@transaction.atomic
def receive_lot(
    *,
    pack: Pack,
    quantity: int,
    harvested_on: date,
    best_before: date,
    farm_ru: str = "",
    farm_en: str = "",
    by: User | None = None,
) -> Lot:
    """Put a harvest into stock. Raises ValidationError where quantity or dates make no sense."""
    lot = Lot(
        pack=pack,
        received=quantity,
        left=quantity,
        harvested_on=harvested_on,
        best_before=best_before,
        farm_ru=farm_ru,
        farm_en=farm_en,
    )
    lot.full_clean()
    lot.save(force_insert=True)
    StockMovement.objects.create(lot=lot, kind=Kind.RECEIVED, quantity=quantity, by=by)
    return lot


def take_stock(
    *, wanted: Mapping[int, int], reference: str, by: User | None = None
) -> dict[int, list[TakenLot]]:
    """Take packs (pack → how many) for the order `reference`: first expired first out, all or nothing.

    Runs inside the caller's transaction; the lots stay locked until it ends. Raises OutOfStock, and then
    nothing was taken.
    """
    if any(quantity < 1 for quantity in wanted.values()):
        raise ValueError("A quantity is at least 1")
    with transaction.atomic():
        plan = _plan_sale(wanted)
        taken = [lot for lots in plan.values() for lot in lots]
        for lot in taken:
            # The constraint on `left` guards the stock once more should a lock ever be missing.
            Lot.objects.filter(pk=lot.lot_id).update(left=F("left") - lot.quantity)
        _record(
            StockMovement(
                lot_id=lot.lot_id, kind=Kind.SOLD, quantity=-lot.quantity, reference=reference, by=by
            )
            for lot in taken
        )
    return plan


def _plan_sale(wanted: Mapping[int, int]) -> dict[int, list[TakenLot]]:
    """Lock the lots of the packs and choose which go. Raises OutOfStock."""
    locked = list(Lot.objects.sellable(timezone.localdate()).filter(pack_id__in=wanted).locked())
    locked.sort(key=lambda lot: (lot.best_before, lot.pk))
    plan: dict[int, list[TakenLot]] = {}
    shortages: dict[int, int] = {}
    for pack_id, quantity in wanted.items():
        lots = [lot for lot in locked if lot.pack_id == pack_id]
        plan[pack_id] = _pick_lots(lots, quantity)
        if sum(lot.quantity for lot in plan[pack_id]) < quantity:
            shortages[pack_id] = sum(lot.left for lot in lots)
    if shortages:
        raise OutOfStock(shortages)
    return plan


def _pick_lots(lots: Iterable[Lot], quantity: int) -> list[TakenLot]:
    """Up to `quantity` packs from the lots in their order."""
    picked = []
    for lot in lots:
        part = min(lot.left, quantity)
        if part:
            picked.append(TakenLot(lot.pk, part))
            quantity -= part
    return picked


@transaction.atomic
def return_stock(*, reference: str, by: User | None = None) -> dict[int, int]:
    """Give back what is still sold under the reference; what came back, by lot.

    A second call changes nothing.
    """
    moved = StockMovement.objects.filter(reference=reference, kind__in=[Kind.SOLD, Kind.RETURNED])
    # The locks come first: only then is the sum of movements the last word.
    locked = {lot.pk for lot in Lot.objects.filter(pk__in=moved.values("lot")).locked()}
    sums = moved.order_by().values_list("lot").annotate(net=Sum("quantity"))
    due = {lot_id: -net for lot_id, net in sums if net < 0 and lot_id in locked}
    for lot_id, quantity in sorted(due.items()):
        Lot.objects.filter(pk=lot_id).update(left=F("left") + quantity)
    _record(
        StockMovement(lot_id=lot_id, kind=Kind.RETURNED, quantity=quantity, reference=reference, by=by)
        for lot_id, quantity in sorted(due.items())
    )
    return due


@transaction.atomic
def return_packs(*, lots: Mapping[int, int], reference: str, by: User | None = None) -> None:
    """Give so many packs of each lot (lot → how many) back that are sold under the reference.

    Raises ValueError where fewer of a lot are sold under it; then nothing is changed.
    """
    moved = StockMovement.objects.filter(reference=reference, kind__in=[Kind.SOLD, Kind.RETURNED])
    locked = {lot.pk for lot in Lot.objects.filter(pk__in=lots).locked()}
    sold = dict(moved.filter(lot__in=locked).order_by().values_list("lot").annotate(net=-Sum("quantity")))
    if any(not 1 <= quantity <= sold.get(lot_id, 0) for lot_id, quantity in lots.items()):
        raise ValueError(f"Not that many are sold to {reference}: {dict(lots)}")
    for lot_id, quantity in sorted(lots.items()):
        Lot.objects.filter(pk=lot_id).update(left=F("left") + quantity)
    _record(
        StockMovement(lot_id=lot_id, kind=Kind.RETURNED, quantity=quantity, reference=reference, by=by)
        for lot_id, quantity in sorted(lots.items())
    )


@transaction.atomic
def write_off(*, lot: Lot, quantity: int, reason: str, by: User | None) -> StockMovement:
    """Take spoilt packs out of stock and say why. Raises OutOfStock where fewer are left."""
    if quantity < 1:
        raise ValueError("A quantity is at least 1")
    locked = Lot.objects.filter(pk=lot.pk).locked().get()
    if locked.left < quantity:
        raise OutOfStock({locked.pack_id: locked.left})
    Lot.objects.filter(pk=locked.pk).update(left=F("left") - quantity)
    (movement,) = _record(
        [StockMovement(lot=locked, kind=Kind.WRITTEN_OFF, quantity=-quantity, reference=reason[:100], by=by)]
    )
    return movement


def _record(movements: Iterable[StockMovement]) -> list[StockMovement]:
    """Write movements down; pages say how many packs are left."""
    forget_pages()
    return StockMovement.objects.bulk_create(movements)


def rank_berries() -> int:
    """Count how many packs of each berry were sold lately, less what came back; how many berries changed."""
    since = timezone.now() - timedelta(days=POPULARITY_DAYS)
    moved = StockMovement.objects.filter(kind__in=[Kind.SOLD, Kind.RETURNED], at__gte=since)
    sold = moved.filter(lot__pack__berry=OuterRef("pk")).order_by().values("lot__pack__berry")
    net = Coalesce(Subquery(sold.annotate(sum=-Sum("quantity")).values("sum")), 0)
    ranked = Berry.objects.annotate(sold=Greatest(net, 0))
    return ranked.exclude(popularity=F("sold")).update(popularity=F("sold"))
