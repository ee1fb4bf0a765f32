"""All models of the shop, for Django to find; code imports them from their subpackages."""

from shop.cart.models import Cart, CartLine
from shop.catalog.models import Berry, Category, Lot, Pack, StockMovement
from shop.catalog.pages import BerryPage, CatalogPage, CategoryPage
from shop.delivery.models import Delivery, DeliveryEvent, DeliverySlot, DeliveryZone
from shop.favorites.models import Favorite
from shop.orders.models import Cheque, Order, OrderEvent, OrderLine

__all__ = [
    "Berry",
    "BerryPage",
    "Cart",
    "CartLine",
    "CatalogPage",
    "Category",
    "CategoryPage",
    "Cheque",
    "Delivery",
    "DeliveryEvent",
    "DeliverySlot",
    "DeliveryZone",
    "Favorite",
    "Lot",
    "Order",
    "OrderEvent",
    "OrderLine",
    "Pack",
    "StockMovement",
]
