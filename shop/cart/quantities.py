"""What is in the cart of the person asking, read once a request however many buttons a page draws."""

from django.conf import settings
from django.http import HttpRequest

from accounts.models import User
from shop.cart.services import get_pack_quantities


def get_request_quantities(request: HttpRequest) -> dict[int, int]:
    """Packs in the visitor's cart: pack → how many; empty for guests, who cost no query."""
    known: dict[int, int] | None = getattr(request, "cart_quantities", None)
    if known is None:
        known = read_quantities(request)
        request.cart_quantities = known  # type: ignore[attr-defined]  # this module alone reads it
    return known


def read_quantities(request: HttpRequest) -> dict[int, int]:
    """The same, straight from the database."""
    # A visitor without a session is not even asked who they are: that would make the page uncacheable.
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return {}
    user = getattr(request, "user", None)  # an error page may be drawn before anybody was asked for
    return get_pack_quantities(user) if isinstance(user, User) else {}


def keep_quantities(request: HttpRequest, quantities: dict[int, int]) -> None:
    """Spare the header its question: this page has just read the cart."""
    request.cart_quantities = quantities  # type: ignore[attr-defined]  # this module alone reads it


def forget_quantities(request: HttpRequest) -> None:
    """Read anew when asked next: the cart was changed in this request."""
    request.__dict__.pop("cart_quantities", None)


def count_packs(request: HttpRequest) -> int:
    """All packs in the visitor's cart."""
    return sum(get_request_quantities(request).values())
