"""The checkout: one page, one form, one order. All of it works without JavaScript."""

from http import HTTPStatus
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import get_user, is_htmx, shoppers_only
from accounts.clients import get_ip_address
from accounts.services import has_agreed
from core.models import SellerSettings
from shop.cart.quantities import keep_quantities
from shop.checkout.forms import CheckoutForm
from shop.checkout.page import DayTiles, find_zone, lay_slot_tiles, lay_zone_tiles, prefill
from shop.checkout.quotes import Quote, make_quote
from shop.checkout.refusals import CheckoutRefused, IdempotencyConflict
from shop.checkout.services import get_versions, open_bill_at_once, place_order
from shop.checkout.vouchering import Said, change_voucher, is_about_voucher
from shop.delivery.models import DeliveryZone
from shop.delivery.places import find_zones
from shop.delivery.services import list_slot_days, list_zones, pick_days
from shop.orders.models import Order

UPDATE = "update"  # the button that only reckons again


@require_http_methods(["GET", "HEAD", "POST"])
@shoppers_only
def show_checkout(request: HttpRequest) -> HttpResponse:
    """Ask for everything an order needs, and place it."""
    said = change_voucher(request) if is_about_voucher(request) else Said()
    page = _Page(request, said)
    if request.method == "POST" and not is_about_voucher(request) and UPDATE not in request.POST:
        return page.place()
    return page.show_sums() if is_htmx(request) else page.show()


class _Page:
    """One request to the checkout: its lists are read once, whatever becomes of the form."""

    def __init__(self, request: HttpRequest, said: Said) -> None:
        self.request = request
        self.said = said
        self.user = get_user(request)
        self.zones = list_zones()
        self.days = list_slot_days()
        self.has_agreed = has_agreed(self.user, get_versions(SellerSettings.for_request(request)))

    def show(self) -> HttpResponse:
        """The page as it is opened, or with everything kept after "Update the total"."""
        initial = prefill(self.user, self.zones, self.days) | {"key": uuid4()} | self.request.POST.dict()
        form = self.make_form(initial["zone"], initial=initial)
        quote = self.make_quote(initial["zone"])
        if not quote.cart.buyable:
            return self.send_to_cart()
        return self.render(form, quote, key=initial["key"], status=self.said.status)

    def show_sums(self) -> HttpResponse:
        """The sums for the zone just chosen, and its delivery times; or which area an address is in."""
        if self.request.GET.get("ask") == "area":
            return self.show_area()
        quote = self.make_quote(self.request.GET.get("zone"))
        form = self.make_form(self.request.GET.get("zone"), initial={"slot": self.request.GET.get("slot")})
        context = {"quote": quote, "form": form, "days": self.lay_days(form, quote.zone), "is_part": True}
        return TemplateResponse(self.request, "shop/checkout/parts.html", context)

    def show_area(self) -> HttpResponse:
        """Which area the address belongs to, while it is typed, and what delivery costs there."""
        quote = self.make_quote(self.request.GET.get("zone"))
        address = {name: self.request.GET.get(name, "") for name in ("city", "postcode")}
        own = find_zones(self.zones, address)
        tiles = lay_zone_tiles(own[:1], quote)
        context = {"tile": tiles[0] if tiles and quote.zone not in own else None}
        return TemplateResponse(self.request, "shop/checkout/area.html", context)

    def place(self) -> HttpResponse:
        """Place the order, or come back with everything kept and the reason beside it."""
        form = self.make_form(self.request.POST.get("zone"), data=self.request.POST)
        known = self.find_placed(self.request.POST.get("key", ""))
        if not form.is_valid():
            return (
                redirect("shop:order", known.number)
                if known
                else self.come_back(form, HTTPStatus.UNPROCESSABLE_ENTITY)
            )
        try:
            order = place_order(
                user=self.user,
                wanted=form.get_wanted(),
                seen=form.get_seen(),
                idempotency_key=str(form.cleaned_data["key"]),
                language=get_language() or "ru",
                ip_address=get_ip_address(self.request),
            )
        except IdempotencyConflict as refusal:
            messages.warning(self.request, refusal.message)
            return redirect("shop:order", refusal.order.number)
        except CheckoutRefused as refusal:
            form.add_error(refusal.field, refusal.message)
            return self.come_back(form, HTTPStatus.CONFLICT)
        bill = open_bill_at_once(order=order)
        return redirect("shop:pay", bill.pk) if bill.pay_url else redirect("shop:order", order.number)

    def come_back(self, form: CheckoutForm, status: HTTPStatus) -> HttpResponse:
        """The page again, with today's sums; the key stays, for nothing was placed under it."""
        quote = self.make_quote(self.request.POST.get("zone"))
        if not quote.cart.buyable:
            return self.send_to_cart()
        return self.render(form, quote, key=self.request.POST.get("key") or uuid4(), status=status)

    def send_to_cart(self) -> HttpResponse:
        """There is nothing to order here: the cart says why."""
        messages.info(self.request, _("There is nothing in your cart to order."))
        return redirect("shop:cart")

    def find_placed(self, key: str) -> Order | None:
        """The order that this form has become already (its slot may be full by now, by that very order)."""
        known = Order.objects.filter(user=self.user, idempotency_key=key[:64])
        return known.first() if "\0" not in key else None

    def make_form(self, zone: object, **kwargs: Any) -> CheckoutForm:
        chosen = find_zone(self.zones, zone)
        days = pick_days(self.days, chosen)
        return CheckoutForm(zones=self.zones, zone=chosen, days=days, has_agreed=self.has_agreed, **kwargs)

    def lay_days(self, form: CheckoutForm, zone: DeliveryZone | None) -> list[DayTiles]:
        return lay_slot_tiles(pick_days(self.days, zone), form["slot"].value())

    def make_quote(self, zone: object) -> Quote:
        quote = make_quote(user=self.user, zone=find_zone(self.zones, zone), language=get_language() or "ru")
        keep_quantities(self.request, {line.pack_id: line.quantity for line in quote.cart.lines})
        return quote

    def render(
        self, form: CheckoutForm, quote: Quote, *, key: object, status: HTTPStatus = HTTPStatus.OK
    ) -> HttpResponse:
        context = {
            "form": form,
            "quote": quote,
            "key": key,
            "zone_tiles": lay_zone_tiles(self.zones, quote),
            "days": self.lay_days(form, quote.zone),
            "has_agreed": self.has_agreed,
            "voucher_error": self.said.voucher_error,
            "voucher_note": self.said.voucher_note,
            "voucher_typed": self.said.voucher_typed,
        }
        return TemplateResponse(
            self.request, "shop/checkout/checkout.html", context, status=status, headers=self.said.headers
        )
