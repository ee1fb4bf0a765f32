"""A guest's click on a heart, kept in the session until they have signed in."""

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from core.languages import get_active_language
from shop.catalog.cards import get_titles
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
    pending = request.session.pop(SESSION_KEY, [])
    kept = [berry_id for berry_id in pending if keep_berry(user, berry_id)]
    forget_favorites(request)
    if len(kept) == 1:
        titles = get_titles(kept, get_active_language())
        messages.success(request, _("%(title)s is among your favorites.") % {"title": titles[kept[0]].title})
    elif kept:
        words = ngettext(
            "%(count)s berry is among your favorites.",
            "%(count)s berries are among your favorites.",
            len(kept),
        )
        messages.success(request, words % {"count": len(kept)})
    if missing := len(pending) - len(kept):
        words = ngettext(
            "%(count)s berry you liked is no longer sold, so it is not among your favorites.",
            "%(count)s berries you liked are no longer sold, so they are not among your favorites.",
            missing,
        )
        messages.warning(request, words % {"count": missing})


def keep_berry(user: User, berry_id: int) -> bool:
    """Put the berry on the list; whether it is still sold."""
    try:
        add_favorite(user=user, berry_id=berry_id)
    except BerryUnknown:
        return False
    return True
