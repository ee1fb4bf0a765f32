"""The pages of those who pack: the day's list on the screen and on paper, and handing over what is ready.

Who may see orders chooses any day; everybody else has today's alone.
"""

from datetime import date

from django import forms
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin.widgets import AdminDateInput

from accounts.access import get_user
from shop.orders.moves import Move
from shop.orders.office.moving import MAY_HAND_OVER, move_each, read_keys, report_moves
from shop.orders.office.packing import PackingList, find_packed, make_packing_list

MAY_PACK = "shop.view_delivery"
MAY_CHOOSE = "shop.view_order"
may_pack = permission_required(MAY_PACK, raise_exception=True)


class DayForm(forms.Form):
    """Which day, and which slot of it."""

    day = forms.DateField(label=_("Day of delivery"), required=False, widget=AdminDateInput)
    slot = forms.IntegerField(required=False, min_value=1, max_value=2**31, widget=forms.HiddenInput)


def read_day(request: HttpRequest) -> tuple[date, int | None]:
    """The day and the slot that are asked for, as far as this person may choose."""
    form = DayForm(request.GET if request.method == "GET" else request.POST)
    values = form.cleaned_data if form.is_valid() else {}
    today = timezone.localdate()
    day = values.get("day") or today if request.user.has_perm(MAY_CHOOSE) else today
    return day, values.get("slot")


def read_list(request: HttpRequest) -> PackingList:
    """The list that is asked for."""
    return make_packing_list(*read_day(request))


def find_list(packing: PackingList, view: str) -> str:
    """The address of a view of the same list."""
    query = {"day": packing.day.isoformat()} | ({"slot": packing.slot.pk} if packing.slot else {})
    return f"{reverse(view)}?{urlencode(query)}"


@require_safe
@may_pack
def show_packing(request: HttpRequest) -> HttpResponse:
    """The day's orders, and the button for those that are ready."""
    packing = read_list(request)
    context = {
        "packing": packing,
        "form": DayForm(initial={"day": packing.day}),
        "may_choose": request.user.has_perm(MAY_CHOOSE),
        "may_hand_over": request.user.has_perm(MAY_HAND_OVER),
        "sheet_url": find_list(packing, "shop_packing_sheet"),
    }
    return TemplateResponse(request, "shop/orders/admin/packing.html", context)


@require_safe
@may_pack
def show_sheet(request: HttpRequest) -> HttpResponse:
    """The same on paper, black on white, with boxes to tick."""
    context = {"packing": read_list(request), "now": timezone.now()}
    return TemplateResponse(request, "shop/orders/admin/packing_sheet.html", context)


@require_POST
@may_pack
@permission_required(MAY_HAND_OVER, raise_exception=True)
def hand_over(request: HttpRequest) -> HttpResponse:
    """Hand the ticked orders over to the courier, each on its own, and say which could not be."""
    day, slot_id = read_day(request)
    orders = find_packed(day, read_keys(request.POST.getlist("order")))
    report_moves(request, move_each(orders, Move.HAND_OVER, by=get_user(request)))
    query = {"day": day.isoformat()} | ({"slot": slot_id} if slot_id else {})
    return redirect(f"{reverse('shop_packing')}?{urlencode(query)}")
