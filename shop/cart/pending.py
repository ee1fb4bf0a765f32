"""A guest's click on "Add to cart", kept in the session until they have signed in."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import User
from shop.cart.quantities import forget_quantities
from shop.cart.services import PackUnknown, add_as_many, get_pack_quantities
from shop.catalog.cards import get_titles
from shop.catalog.models import Pack

SESSION_KEY = "pending_cart"
MOST = 20  # a session is no warehouse


def remember_addition(request: HttpRequest, *, pack_id: int, quantity: int) -> None:
    """Keep what the guest wants; pressing again wants the same, so a pack is kept once."""
    remember_additions(request, wanted={pack_id: quantity})


def remember_additions(request: HttpRequest, *, wanted: Mapping[int, int]) -> None:
    """Keep several packs (pack → how many) of one click."""
    pending: dict[str, int] = request.session.get(SESSION_KEY, {})
    kept = pending | {str(pack_id): quantity for pack_id, quantity in wanted.items()}
    request.session[SESSION_KEY] = dict(list(kept.items())[-MOST:])
    messages.info(request, _("Sign in or register, and the berries will be in your cart."))


def apply_additions(request: HttpRequest, user: User) -> None:
    """Put what the guest wanted into the cart of the user they turned out to be, once, and say so."""
    pending: dict[str, Any] = request.session.pop(SESSION_KEY, {})
    for pack_id, quantity in pending.items():
        apply_addition(request, user, int(pack_id), int(quantity))
    if pending:
        forget_quantities(request)


def apply_addition(request: HttpRequest, user: User, pack_id: int, quantity: int) -> None:
    """Put one pack into the cart and say how it went."""
    try:
        added = add_as_many(user=user, pack_id=pack_id, quantity=quantity)
    except PackUnknown:
        messages.warning(request, _("The berry you chose is no longer sold, so it is not in your cart."))
        return
    title = name_pack(pack_id)
    if added:
        messages.success(request, _("%(title)s is in your cart.") % {"title": title})
    elif pack_id in get_pack_quantities(user):
        messages.info(
            request, _("%(title)s was in your cart already, and there is no more of it.") % {"title": title}
        )
    else:
        messages.warning(
            request, _("%(title)s has just sold out, so it is not in your cart.") % {"title": title}
        )


def name_pack(pack_id: int) -> str:
    """The title of the pack's berry in the language of the page."""
    berry_id = Pack.objects.values_list("berry_id", flat=True).get(pk=pack_id)
    return get_titles([berry_id], get_language() or "ru")[berry_id].title
