"""All models of the shop, for Django to find; code imports them from their subpackages."""

from shop.cart.models import Cart, CartLine
from shop.catalog.models import Berry, Category, Lot, Pack, StockMovement
from shop.catalog.pages import BerryPage, CatalogPage, CategoryPage
from shop.delivery.models import Delivery, DeliveryEvent, DeliverySlot, DeliveryZone
from shop.favorites.models import Favorite
from shop.orders.models import Cheque, Letter, Mismatch, Order, OrderEvent, OrderLine, Reconciliation
from shop.reviews.models import Review

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
    "Letter",
    "Lot",
    "Mismatch",
    "Order",
    "OrderEvent",
    "OrderLine",
    "Pack",
    "Reconciliation",
    "Review",
    "StockMovement",
]
