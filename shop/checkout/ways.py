"""How an order gets to its shopper: brought to an address of the chosen area, or waiting at a point."""

from typing import TYPE_CHECKING

from shop.checkout.quotes import Quote
from shop.checkout.refusals import ZoneMismatch, ZoneUnknown
from shop.delivery.models import Delivery
from shop.delivery.places import find_other_zone
from shop.delivery.services import list_zones, quote_delivery

if TYPE_CHECKING:
    from shop.checkout.services import Wanted


def check_address(*, wanted: "Wanted", quote: Quote) -> None:
    """Raise ZoneMismatch where the address is listed as another area's than the chosen one."""
    if quote.zone is None:
        return
    other = find_other_zone(quote.zone, wanted.address, list_zones())
    if other:
        price = quote_delivery(zone=other, goods_total=quote.goods_total)
        raise ZoneMismatch(zone=other, price=price)


def make_delivery(*, wanted: "Wanted", quote: Quote) -> Delivery:
    """Store where to, when and for whom; at a pick-up point the address is the point's."""
    zone = quote.zone
    if zone is None:
        raise ZoneUnknown
    address = zone.address if zone.is_pickup else wanted.address
    return Delivery.objects.create(
        **address,
        kind=zone.kind,
        zone=zone,
        slot_id=wanted.slot_id,
        recipient=wanted.name,
        phone=wanted.phone,
        comment=wanted.comment,
        price=quote.delivery_price,
        vat_code=zone.vat_code,
    )
