"""The JSON API, put together from the routers of the apps."""

import shop.checkout.api  # noqa: F401 -- adds POST /cart/ to the router of the cart
from anyberry.openapi import ShopAPI
from core.api import register_error_handlers
from payments.api import router as payments_router
from search.api import router as search_router
from shop.cart.api import router as cart_router
from shop.cart.voucher_api import router as cart_voucher_router
from shop.catalog.api import router as catalog_router
from shop.checkout.favorites_api import router as favorites_to_cart_router
from shop.favorites.api import router as favorites_router
from shop.orders.api import router as orders_router
from shop.orders.slot_api import router as delivery_router

api = ShopAPI(
    title="Anyberry",
    version="1",
    urls_namespace="api",
    description=(
        "Berries, cart, orders and bills, and the way in.\n\n"
        "A program signs in with `POST /api/auth/app/v1/auth/login` and sends the `session_token` of the "
        "answer's `meta` with every call in `X-Session-Token`, until `DELETE /api/auth/app/v1/auth/session`. "
        "While more is to do (a code from the mailbox, a second step) the answer is 401 and its `flows` say "
        "what. "
        "A browser sends its session cookie and a CSRF token instead."
    ),
)
register_error_handlers(api)

api.add_router("", catalog_router, tags=["berries"])
api.add_router("", search_router, tags=["search"])
# Before the cart: the word `voucher` would pass for the id of a berry.
api.add_router("", cart_voucher_router, tags=["cart"])
api.add_router("", cart_router, tags=["cart"])
# Before the favorites: the word `to-cart` would pass for the id of a berry.
api.add_router("", favorites_to_cart_router, tags=["favorites"])
api.add_router("", favorites_router, tags=["favorites"])
api.add_router("", orders_router, tags=["orders"])
api.add_router("", delivery_router, tags=["delivery"])
api.add_router("", payments_router, tags=["payments"])
