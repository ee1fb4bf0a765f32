"""Which zone an address belongs to, told by its postcode or by its city or district."""

import re
from collections.abc import Iterable, Mapping

from shop.delivery.models import DeliveryZone
from shop.delivery.validators import parse_postcodes

POSTCODE = re.compile(r"[0-9]{6}")
# What Russians write before the name of a place.
KINDS = {
    *("г", "гор", "город", "пгт", "п", "пос", "поселок", "рп", "с", "село", "д", "дер", "деревня"),
    *("р-н", "район", "мкр", "микрорайон", "го", "city", "town", "village"),
}


def find_zones(zones: Iterable[DeliveryZone], address: Mapping[str, str]) -> list[DeliveryZone]:
    """The areas that list the address: by its postcode where one does, else by its city. Mostly one or none.

    A postcode counts for the narrowest range it is in; of «Москва, Зеленоград» the last part that is listed.
    """
    areas = [zone for zone in zones if not zone.is_pickup]
    return _find_by_postcode(areas, address.get("postcode", "")) or _find_by_place(
        areas, address.get("city", "")
    )


def find_other_zone(
    zone: DeliveryZone, address: Mapping[str, str], zones: Iterable[DeliveryZone]
) -> DeliveryZone | None:
    """The area that lists the address where `zone` does not; nothing where it may be brought there.

    An address that no area lists may be in any of them: people know best where they live.
    """
    own = [] if zone.is_pickup else find_zones([zone, *zones], address)
    return own[0] if own and zone not in own else None


def _find_by_postcode(zones: list[DeliveryZone], postcode: str) -> list[DeliveryZone]:
    if not POSTCODE.fullmatch(postcode):
        return []
    number = int(postcode)
    widths = {}
    for zone in zones:
        ranges = [parse_postcodes(line) for line in zone.postcode_list]
        if fitting := [last - first for first, last in ranges if first <= number <= last]:
            widths[zone] = min(fitting)
    return [zone for zone, width in widths.items() if width == min(widths.values())]


def _find_by_place(zones: list[DeliveryZone], city: str) -> list[DeliveryZone]:
    listed = {zone: {simplify_place(place) for place in zone.place_list} for zone in zones}
    for part in reversed(city.split(",")):
        name = simplify_place(part)
        if found := [zone for zone, places in listed.items() if name and name in places]:
            return found
    return []


def simplify_place(text: str) -> str:
    """A place's name as we compare it: «г. Королёв» and «королев» are one."""
    words = re.findall(r"[\w-]+", text.casefold().replace("ё", "е"))
    return " ".join(word for word in words if word not in KINDS) or " ".join(words)
