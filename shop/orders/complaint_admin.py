"""The admin's page of one complaint: what the shopper says and shows, and the form that answers it.

Each view asks for the right itself. Nothing changes but by POST; of two who answer at once, one wins.
"""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import get_user
from payments.receipts import ReceiptInvalid
from payments.services import RefundConflict, RefundImpossible, RefundTooLarge, get_refundable
from shop.orders.complaint_forms import AnswerForm
from shop.orders.complaint_views import send_photo
from shop.orders.complaints import AlreadyAnswered, accept_complaint, decline_complaint, suggest_refund
from shop.orders.models import Complaint, ComplaintLine
from shop.orders.money_views import describe_refusal
from shop.orders.refunds import ReferenceMissing, goes_by_hand

PAGE = "wagtailsnippets_shop_complaint:answer"
REFUSED = (RefundConflict, RefundImpossible, RefundTooLarge, ReceiptInvalid)
may_read = permission_required("shop.view_complaint", raise_exception=True)


@require_http_methods(["GET", "HEAD", "POST"])
@may_read
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """One complaint, and its answer: the one that was given, or the form for those who may give it."""
    complaint = get_object_or_404(Complaint.objects.with_details(), pk=pk)
    may_answer = request.user.has_perm("shop.change_complaint")
    if request.method == "POST" and not may_answer:
        raise PermissionDenied
    if request.method == "POST" and not complaint.is_waiting:
        return refuse(request, complaint)
    form = make_form(request, complaint) if complaint.is_waiting and may_answer else None
    if request.method == "POST" and form and form.is_valid():
        try:
            give_answer(request, complaint, form.cleaned_data)
        except AlreadyAnswered as refusal:
            return refuse(request, refusal.complaint)
        except ReferenceMissing:
            form.add_error(None, _("The provider can't give this back: name the transfer you made."))
        except REFUSED as refusal:
            form.add_error("amount", describe_refusal(refusal))
        else:
            messages.success(request, _("The shopper gets your answer by mail."))
            return redirect(PAGE, pk)
    context = {"complaint": complaint, "order": complaint.order, "form": form}
    return TemplateResponse(request, "shop/orders/admin/complaint.html", context)


def make_form(request: HttpRequest, complaint: Complaint) -> AnswerForm:
    """The form, with the sum that the bad packs cost filled in."""
    bill = complaint.order.bill
    suggested, left = suggest_refund(complaint), get_refundable(bill_id=bill.pk)
    by_hand = goes_by_hand(bill=bill, amount=suggested or left)
    data = request.POST if request.method == "POST" else None
    return AnswerForm(data, suggested=suggested, left=left, by_hand=by_hand)


def give_answer(request: HttpRequest, complaint: Complaint, data: dict[str, Any]) -> Complaint:
    """Call the service of the verdict."""
    user = get_user(request)
    if data["verdict"] == AnswerForm.DECLINE:
        return decline_complaint(complaint_id=complaint.pk, by=user, words=data["words"])
    return accept_complaint(
        complaint_id=complaint.pk,
        by=user,
        amount=data["amount"],
        words=data["words"],
        reference=data.get("reference", ""),
    )


def refuse(request: HttpRequest, complaint: Complaint) -> HttpResponse:
    """Tell who came second that somebody else was faster."""
    messages.warning(
        request, _("%(who)s was faster: this is taken care of.") % {"who": complaint.answered_by}
    )
    return redirect(PAGE, complaint.pk)


@require_safe
@may_read
def show_photo(request: HttpRequest, pk: int) -> HttpResponse:
    """A photo of a complaint."""
    return send_photo(get_object_or_404(ComplaintLine.objects.exclude(photo=""), pk=pk))
