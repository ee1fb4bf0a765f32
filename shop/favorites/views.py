"""The wish list, and the heart that fills it. Both work without JavaScript."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import trigger_client_event

from accounts.access import get_next_url, get_shopper, get_user, is_htmx, send_to_way_in, shoppers_only
from core.languages import get_active_language
from shop.catalog.cards import get_titles
from shop.favorites.forms import BerryForm
from shop.favorites.hearts import forget_favorites, keep_favorites
from shop.favorites.lists import list_favorites, list_wait_views
from shop.favorites.pending import remember_favorite
from shop.favorites.services import BerryUnknown, toggle_favorite


@require_safe
@shoppers_only
def show_favorites(request: HttpRequest) -> HttpResponse:
    """The shopper's favorite berries with today's price and stock."""
    favorites = list_favorites(request, get_user(request))
    keep_favorites(request, {favorite.berry_id for favorite in favorites})
    waits = list_wait_views(get_user(request), get_active_language())
    context = {"favorites": favorites, "waits": waits}
    return TemplateResponse(request, "shop/favorites/favorites.html", context)


@require_POST
def toggle_heart(request: HttpRequest) -> HttpResponse:
    """Keep a berry, or forget it. A guest's click is kept until they have signed in."""
    form = BerryForm(request.POST)
    back = get_next_url(request, default=reverse("shop:favorites"))
    if not form.is_valid():
        raise Http404
    berry_id = form.cleaned_data["berry"]
    if get_shopper(request) is None:
        remember_favorite(request, berry_id=berry_id)
        return send_to_way_in(request, back)
    try:
        is_favorite = toggle_favorite(user=get_user(request), berry_id=berry_id)
    except BerryUnknown as error:
        raise Http404 from error
    return answer_toggle(request, berry_id, is_favorite=is_favorite, back=back)


def answer_toggle(request: HttpRequest, berry_id: int, *, is_favorite: bool, back: str) -> HttpResponse:
    """The heart as it is now for htmx, the page it was on for a plain form."""
    forget_favorites(request)
    title = get_titles([berry_id], get_language() or "ru")[berry_id].title
    words = (
        _("%(title)s is among your favorites.") if is_favorite else _("%(title)s is no longer a favorite.")
    )
    message = words % {"title": title}
    if not is_htmx(request):
        messages.success(request, message)
        return redirect(back)
    context = {"berry_id": berry_id, "title": title, "is_favorite": is_favorite, "next": back}
    response = TemplateResponse(request, "components/heart.html", context)
    return trigger_client_event(response, "favorites-changed", {"message": message})
