"""What delivery does when its rows change: pages name the zones and their prices."""

from core.page_cache import forget_with
from shop.delivery.models import DeliveryZone

forget_with(DeliveryZone)
