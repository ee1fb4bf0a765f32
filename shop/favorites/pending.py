"""A guest's click on a heart, kept in the session until they have signed in."""

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.models import User
from shop.favorites.hearts import forget_favorites
from shop.favorites.services import BerryUnknown, add_favorite

SESSION_KEY = "pending_favorites"
MOST = 20  # a session is no warehouse


def remember_favorite(request: HttpRequest, *, berry_id: int) -> None:
    """Keep what the guest likes."""
    kept: list[int] = request.session.get(SESSION_KEY, [])
    request.session[SESSION_KEY] = [*(one for one in kept if one != berry_id), berry_id][-MOST:]
    messages.info(request, _("Sign in or register, and we will keep your favorites."))


def apply_favorites(request: HttpRequest, user: User) -> None:
    """Put what the guest liked on the list of the user they turned out to be, once, and say so."""
    for berry_id in request.session.pop(SESSION_KEY, []):
        try:
            add_favorite(user=user, berry_id=berry_id)
        except BerryUnknown:
            messages.warning(
                request, _("The berry you liked is no longer sold, so it is not among your favorites.")
            )
        else:
            messages.success(request, _("The berry is among your favorites."))
    forget_favorites(request)
