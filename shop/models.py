"""All models of the shop, for Django to find; code imports them from their subpackages."""

from shop.cart.models import Cart, CartLine
from shop.catalog.models import Berry, Category, Lot, Pack, StockMovement
from shop.catalog.pages import BerryPage, CatalogPage, CategoryPage
from shop.catalog.pricing import Markdown
from shop.delivery.models import Closure, Delivery, DeliveryEvent, DeliverySlot, DeliveryZone, SlotTemplate
from shop.favorites.models import Favorite, Waiting
from shop.orders.models import (
    Cheque,
    Complaint,
    ComplaintLine,
    Letter,
    Mismatch,
    Order,
    OrderAdjustment,
    OrderEvent,
    OrderLine,
    Reconciliation,
    SentMail,
)
from shop.reviews.models import Review
from shop.vouchers.models import Voucher, VoucherUse

__all__ = [
    "Berry",
    "BerryPage",
    "Cart",
    "CartLine",
    "CatalogPage",
    "Category",
    "CategoryPage",
    "Cheque",
    "Closure",
    "Complaint",
    "ComplaintLine",
    "Delivery",
    "DeliveryEvent",
    "DeliverySlot",
    "DeliveryZone",
    "Favorite",
    "Letter",
    "Lot",
    "Markdown",
    "Mismatch",
    "Order",
    "OrderAdjustment",
    "OrderEvent",
    "OrderLine",
    "Pack",
    "Reconciliation",
    "Review",
    "SentMail",
    "SlotTemplate",
    "StockMovement",
    "Voucher",
    "VoucherUse",
    "Waiting",
]
