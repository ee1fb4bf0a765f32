"""The button that puts all favorites into the cart."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.access import get_user, shoppers_only
from core.languages import get_active_language
from shop.catalog.cards import get_titles
from shop.checkout.favorites import CartReport, put_favorites_into_cart


@require_POST
@shoppers_only
def move_favorites(request: HttpRequest) -> HttpResponse:
    """One pack of each favorite into the cart; what can't be had is told."""
    report = put_favorites_into_cart(user=get_user(request))
    tell_report(request, report)
    return redirect("shop:cart" if report.added or report.present else "shop:favorites")


def tell_report(request: HttpRequest, report: CartReport) -> None:
    """Say what went into the cart and what did not."""
    if added := len(report.added):
        words = ngettext(
            "%(count)s berry went into the cart.", "%(count)s berries went into the cart.", added
        )
        messages.success(request, words % {"count": added})
    elif report.present:
        messages.info(request, _("All your favorites that are in stock are in the cart already."))
    if report.unavailable:
        titles = get_titles(report.unavailable, get_active_language())
        words = ngettext(
            "Sold out, and stays among your favorites: %(titles)s.",
            "Sold out, and stay among your favorites: %(titles)s.",
            len(titles),
        )
        messages.warning(request, words % {"titles": "; ".join(title.title for title in titles.values())})
