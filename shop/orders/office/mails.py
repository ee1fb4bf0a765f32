"""A mail about an order in the admin, word for word as it went out."""

from django.contrib.auth.decorators import permission_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from shop.orders.models import Order, SentMail


def list_headers(order: Order) -> QuerySet[SentMail]:
    """The mails of an order, oldest first, without what they say."""
    return order.sent_mails.defer("text", "html")


@require_safe
@permission_required("shop.view_order", raise_exception=True)
def show_mail(request: HttpRequest, pk: int) -> HttpResponse:
    """One mail: whom it went to, when, and both its parts; its HTML is locked up in a frame."""
    mail = get_object_or_404(SentMail.objects.select_related("order"), pk=pk)
    return TemplateResponse(request, "shop/orders/admin/mail.html", {"mail": mail, "order": mail.order})
