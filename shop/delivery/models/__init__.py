"""Where and when the shop delivers, and each delivery's story."""

from shop.delivery.models.deliveries import Delivery, DeliveryEvent
from shop.delivery.models.slots import Closure, DeliverySlot, DeliverySlotQuerySet, SlotTemplate, format_day
from shop.delivery.models.zones import DeliveryZone

__all__ = [
    "Closure",
    "Delivery",
    "DeliveryEvent",
    "DeliverySlot",
    "DeliverySlotQuerySet",
    "DeliveryZone",
    "SlotTemplate",
    "format_day",
]
