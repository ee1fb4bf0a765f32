"""From a recipe into the cart, and what the reader is told about it."""

from hashlib import sha256

from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from home.journal.recipes import Ingredient, Kitchen
from shop.cart.filling import fill_cart
from shop.cart.pending import remember_additions
from shop.cart.quantities import forget_quantities

CLICK_SECONDS = 3600
LONGEST_MARK = 64


def claim_click(user: User, once: str) -> bool:
    """Whether the button of this very page is pressed for the first time; a double click is one."""
    if not 0 < len(once) <= LONGEST_MARK:
        return True
    name = f"basket:{user.pk}:{sha256(once.encode(errors='replace')).hexdigest()}"
    # While Redis is away nothing is known of a first time: then each click counts.
    return bool(cache.add(name, 1, CLICK_SECONDS)) or cache.get(name) is None


def say_again(request: HttpRequest) -> None:
    """Tell that a second click adds nothing."""
    words = _("These berries are in your cart already; the second click added nothing.")
    link = format_html('<a href="{}">{}</a>', reverse("shop:cart"), _("To the cart"))
    messages.info(request, format_html("{} {}", words, link))


def remember_basket(request: HttpRequest, kitchen: Kitchen) -> None:
    """Keep every pack that the recipe needs until the guest has signed in."""
    if kitchen.wanted:
        remember_additions(request, wanted=kitchen.wanted)


def fill_basket(request: HttpRequest, user: User, kitchen: Kitchen) -> None:
    """Put the packs into the cart and say how it went."""
    added = fill_cart(user=user, wanted=kitchen.wanted)
    forget_quantities(request)
    number = sum(added.values())
    if number:
        words = ngettext("%(number)s pack is in your cart.", "%(number)s packs are in your cart.", number)
        link = format_html('<a href="{}">{}</a>', reverse("shop:cart"), _("To the cart"))
        messages.success(request, format_html("{} {}", words % {"number": number}, link))
    short = [line.name for line in kitchen.berries if not line.is_enough or not was_added(line, added)]
    if short:
        words = _("We have too little of it now: %(berries)s.")
        messages.warning(request, words % {"berries": ", ".join(short)})


def was_added(line: Ingredient, added: dict[int, int]) -> bool:
    """Whether all the packs of the line went in."""
    return all(added.get(pack.pack_id, 0) >= pack.quantity for pack in line.packs)
