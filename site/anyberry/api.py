"""The JSON API, put together from the routers of the apps."""

from ninja import NinjaAPI

import shop.checkout.api  # noqa: F401 -- adds POST /cart/ to the router of the cart
from core.api import register_error_handlers
from payments.api import router as payments_router
from search.api import router as search_router
from shop.cart.api import router as cart_router
from shop.catalog.api import router as catalog_router
from shop.checkout.favorites_api import router as favorites_to_cart_router
from shop.favorites.api import router as favorites_router
from shop.orders.api import router as orders_router

api = NinjaAPI(
    title="Anyberry",
    version="1",
    urls_namespace="api",
    description=(
        "Berries, cart, orders and bills. Sign in with the session cookie (and CSRF token), "
        "or with the session token of `/api/auth/app/v1/` in `X-Session-Token`."
    ),
)
register_error_handlers(api)

api.add_router("", catalog_router, tags=["berries"])
api.add_router("", search_router, tags=["search"])
api.add_router("", cart_router, tags=["cart"])
# Before the favorites: the word `to-cart` would pass for the id of a berry.
api.add_router("", favorites_to_cart_router, tags=["favorites"])
api.add_router("", favorites_router, tags=["favorites"])
api.add_router("", orders_router, tags=["orders"])
api.add_router("", payments_router, tags=["payments"])
