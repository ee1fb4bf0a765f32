"""The admin's pages about money that does not match: the story, and the button that settles it.

Each page asks for the right itself. Nothing changes but by POST.
"""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import get_user
from core.money import format_money
from payments.models import BillEvent
from payments.providers.base import OutcomeUnknown, ProviderError
from payments.receipts import ReceiptInvalid
from payments.services import RefundConflict, RefundImpossible, RefundTooLarge, get_refundable
from shop.orders import settling
from shop.orders.models import Mismatch, Order
from shop.orders.money_forms import ConfirmForm, NoteForm, ReferenceForm, RefundForm, ReturnForm
from shop.orders.refunds import ReferenceMissing, goes_by_hand, refund_order
from shop.orders.settling import (
    ASK,
    FOUND,
    NOTE,
    REFUND,
    RETURN,
    SEND,
    AlreadyTaken,
    WrongAction,
    get_action,
)
from shop.orders.story import describe_bill_event, tell_story

STORY, LIST = "wagtailsnippets_shop_mismatch:story", "wagtailsnippets_shop_mismatch:list"
may_settle = permission_required("shop.settle_money", raise_exception=True)
REFUSED = (RefundTooLarge, RefundImpossible, RefundConflict, ReceiptInvalid)
# What each action calls, with what its form asks for, and what is said when it is done.
SERVICES: dict[str, tuple[Callable[..., object], Any]] = {
    REFUND: (settling.settle_by_refund, gettext_lazy("The money goes back to the shopper.")),
    FOUND: (settling.record_found, gettext_lazy("The refund is written down.")),
    RETURN: (settling.settle_by_return, gettext_lazy("Settled; the shopper gets a letter.")),
    SEND: (settling.send_again, gettext_lazy("It is on its way.")),
    NOTE: (settling.settle_by_note, gettext_lazy("Settled.")),
}


@require_safe
@may_settle
def show_mismatch(request: HttpRequest, pk: int) -> HttpResponse:
    """One row with its whole story, and the way to settle it."""
    row = find_row(pk)
    story = tell_story(order=row.order, bill=row.bill)
    if not story and row.subject.startswith("billevent:"):
        event = BillEvent.objects.filter(pk=int(row.subject.split(":")[1]))
        story = [describe_bill_event(found) for found in event]
    context = {
        "row": row,
        "order": row.order,
        "bill": row.bill,
        "lines": row.order.lines.all() if row.order else [],
        "story": story,
        "said": row.details.get("said") or row.details.get("failure", ""),
        "action": describe_action(row),
        "can_ask": row.is_open and settling.may_ask(row) and get_action(row) != ASK,
        "can_note": row.is_open and settling.may_note(row) and get_action(row) != NOTE,
    }
    return TemplateResponse(request, "shop/orders/admin/mismatch.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@may_settle
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask once more, then do what settles the row."""
    row = find_row(pk)
    action = get_action(row)
    if not row.is_open or row.is_taken:
        return refuse(request, row)
    form = build_form(row, action, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return act(request, row, action, form.cleaned_data)
    return show_form(request, row, form, describe_action(row))


@require_http_methods(["GET", "HEAD", "POST"])
@may_settle
def note(request: HttpRequest, pk: int) -> HttpResponse:
    """Settle a row in words."""
    row = find_row(pk)
    if not settling.may_note(row) or not row.is_open:
        return refuse(request, row)
    form = NoteForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return act(request, row, NOTE, form.cleaned_data)
    return show_form(request, row, form, _("Settle with a note"))


@require_http_methods(["GET", "HEAD", "POST"])
@may_settle
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask the provider whether it still differs."""
    row = find_row(pk)
    if not settling.may_ask(row) or not row.is_open:
        return refuse(request, row)
    if request.method == "POST":
        return act(request, row, ASK, {})
    return show_form(request, row, ConfirmForm(), _("Ask the provider again"))


@require_http_methods(["GET", "HEAD", "POST"])
@may_settle
def refund(request: HttpRequest, pk: int) -> HttpResponse:
    """Give money of a paid order back."""
    order = get_object_or_404(Order.objects.select_related("bill", "user"), pk=pk)
    left = get_refundable(bill_id=order.bill_id)
    if not left:
        messages.error(request, _("Nothing of this order is left to be given back."))
        return redirect("wagtailsnippets_shop_order:inspect", pk)
    by_hand = goes_by_hand(bill=order.bill, amount=left)
    form = RefundForm(request.POST if request.method == "POST" else None, left=left, by_hand=by_hand)
    if request.method == "POST" and form.is_valid() and try_refund(request, order, form):
        return redirect("wagtailsnippets_shop_order:inspect", pk)
    context = {"order": order, "form": form, "left": left, "by_hand": by_hand}
    return TemplateResponse(request, "shop/orders/admin/refund.html", context)


def try_refund(request: HttpRequest, order: Order, form: RefundForm) -> bool:
    """Give the money back, or let the form say why not."""
    data = form.cleaned_data
    try:
        refund_order(
            order=order,
            amount=data["amount"],
            key=f"order:{order.pk}:{data['key']}",
            reason=data["reason"],
            by=get_user(request),
            reference=data.get("reference", ""),
        )
    except ReferenceMissing:
        form.add_error(None, _("The provider can't give this back: name the transfer you made."))
    except REFUSED as refusal:
        form.add_error("amount", describe_refusal(refusal))
    else:
        messages.success(
            request, _("%(sum)s goes back to the shopper.") % {"sum": format_money(data["amount"])}
        )
        return True
    return False


def find_row(pk: int) -> Mismatch:
    """The row with what its pages show of it."""
    rows = Mismatch.objects.select_related(
        *("order__user", "order__delivery__slot", "order__bill", "bill", "taken_by", "settled_by")
    )
    return get_object_or_404(rows, pk=pk)


def build_form(row: Mismatch, action: str, data: Any) -> forms.Form:
    """What has to be entered for the button, if anything."""
    if action == NOTE:
        return NoteForm(data)
    if action == RETURN:
        return ReturnForm(data)
    if action == FOUND or (action == REFUND and settling.describe_refund(row)[1]):
        return ReferenceForm(data)
    return ConfirmForm(data)


def describe_action(row: Mismatch) -> str:
    """What the button says; nothing where there is no button now."""
    if not row.is_open or row.is_taken:
        return ""
    action = get_action(row)
    if action == REFUND:
        amount, by_hand = settling.describe_refund(row)
        words = _("Refunded by hand: %(sum)s") if by_hand else _("Refund %(sum)s")
        return words % {"sum": format_money(amount)}
    return {
        FOUND: _("Write this refund down"),
        RETURN: _("The money was given back"),
        SEND: _("Send it again"),
        ASK: _("Ask the provider again"),
        NOTE: _("Settle with a note"),
    }[action]


def show_form(request: HttpRequest, row: Mismatch, form: forms.Form, action: str) -> HttpResponse:
    """The page that asks once more."""
    context = {"row": row, "form": form, "action": action, "warning": find_warning(row)}
    return TemplateResponse(request, "shop/orders/admin/settle.html", context)


def find_warning(row: Mismatch) -> str:
    """What the button may bring about besides what it says."""
    action = get_action(row)
    if action == SEND and row.details.get("status") == "sending":
        return _(
            "Nobody knows whether the mail went out the first time: the shopper may get it twice. "
            "Both mails have the same number (Message-ID), and most mailboxes show them as one."
        )
    if action == RETURN and row.order and row.order.is_pending:
        return _("The order still waits for its money. It will be canceled, and its berries go back on sale.")
    return ""


def act(request: HttpRequest, row: Mismatch, action: str, data: dict[str, Any]) -> HttpResponse:
    """Do it, say what came of it, and show the row again."""
    try:
        said = perform(row, action, data, get_user(request))
    except AlreadyTaken as taken:
        return refuse(request, find_row(taken.row.pk))
    except WrongAction:  # its bill was paid in this very moment
        messages.warning(request, _("This has just changed. Please look at it again."))
    except ReferenceMissing:
        messages.error(request, _("The provider can't give this back: name the transfer you made."))
    except REFUSED as refusal:
        messages.error(request, describe_refusal(refusal))
    except (ProviderError, OutcomeUnknown):
        messages.error(request, _("The provider does not answer now. Nothing was changed; please try later."))
    else:
        messages.success(request, said)
    return redirect(STORY, row.pk)


def perform(row: Mismatch, action: str, data: dict[str, Any], user: Any) -> str:
    """Call the one service of the action; what to tell about its success."""
    if action == ASK:
        if settling.ask_again(mismatch_id=row.pk, by=user):
            return _("The provider was asked, and all is in step again.")
        return _("The provider was asked; it still does not match.")
    service, said = SERVICES[action]
    service(mismatch_id=row.pk, by=user, **data)
    return str(said)


def describe_refusal(refusal: Exception) -> str:
    """Why money does not go back."""
    if isinstance(refusal, RefundTooLarge):
        return _("At most %(sum)s can be given back.") % {"sum": format_money(refusal.left)}
    return _("This can't be given back: it was not paid, or another refund is under way.")


def refuse(request: HttpRequest, row: Mismatch) -> HttpResponse:
    """Tell who came second that somebody else was faster."""
    who = row.settled_by or row.taken_by
    said = _("%(who)s was faster: this is taken care of.") if who else _("This is settled already.")
    messages.warning(request, said % {"who": who} if who else said)
    return redirect(STORY, row.pk)
