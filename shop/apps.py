from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ShopConfig(AppConfig):
    name = "shop"
    verbose_name = _("shop")

    def ready(self) -> None:
        from shop.cart import receivers as cart_receivers  # noqa: F401, PLC0415 -- registered once apps are loaded
        from shop.catalog import receivers as catalog_receivers  # noqa: F401, PLC0415 -- registered once apps are loaded
        from shop.delivery import receivers as delivery_receivers  # noqa: F401, PLC0415
        from shop.favorites import receivers as favorite_receivers  # noqa: F401, PLC0415
        from shop.orders import receivers as order_receivers  # noqa: F401, PLC0415
        from shop.reviews import receivers as review_receivers  # noqa: F401, PLC0415 -- registered once apps are loaded
