"""The button that puts an order into the cart again."""

from collections.abc import Iterable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.access import get_user, shoppers_only
from core.money import format_money
from shop.cart.services import get_pack_quantities
from shop.checkout.repeating import RepeatReport, repeat_order
from shop.orders.models import Order


@require_POST
@shoppers_only
def repeat(request: HttpRequest, number: str) -> HttpResponse:
    """The packs of an own order into the cart; what can't be had, and what costs something else, is told."""
    if "\0" in number:
        raise Http404
    user = get_user(request)
    orders = Order.objects.for_user(user).prefetch_related("lines")
    tell_report(request, repeat_order(user=user, order=get_object_or_404(orders, number=number)))
    has_cart = bool(get_pack_quantities(user))
    return redirect("shop:cart") if has_cart else redirect("shop:order", number)


def tell_report(request: HttpRequest, report: RepeatReport) -> None:
    """Say what went into the cart, what did not, and what costs something else today."""
    if report.added:
        words = ngettext(
            "%(count)s pack went into the cart.", "%(count)s packs went into the cart.", report.added
        )
        messages.success(request, words % {"count": report.added})
    elif report.is_complete:
        messages.info(request, _("All of this order is in the cart already."))
    if report.gone:
        messages.warning(request, _("No longer sold: %(titles)s.") % {"titles": join(report.gone)})
    if report.sold_out:
        messages.warning(request, _("Sold out for now: %(titles)s.") % {"titles": join(report.sold_out)})
    if report.short:
        parts = (
            _("%(title)s: %(got)s of %(wanted)s") % {"title": one.title, "got": one.got, "wanted": one.wanted}
            for one in report.short
        )
        messages.warning(request, _("Fewer packs are left: %(parts)s.") % {"parts": join(parts)})
    if report.new_prices:
        parts = (
            _("%(title)s: %(now)s, then %(then)s")
            % {"title": one.title, "now": format_money(one.now), "then": format_money(one.then)}
            for one in report.new_prices
        )
        messages.info(request, _("Prices have changed: %(parts)s.") % {"parts": join(parts)})


def join(parts: Iterable[str]) -> str:
    """Several things in one sentence; their names have commas of their own."""
    return "; ".join(parts)
