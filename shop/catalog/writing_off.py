"""The admin's page on which a manager writes packs off."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from shop.catalog.admin_forms import WriteOffForm
from shop.catalog.models import Lot
from shop.catalog.services import OutOfStock, write_off


@permission_required("shop.change_lot", raise_exception=True)
def show_write_off(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask how many packs of a lot are spoilt and why, and write them off."""
    lot = get_object_or_404(Lot.objects.select_related("pack__berry"), pk=pk)
    form = WriteOffForm(request.POST or None, left=lot.left)
    if request.method == "POST" and form.is_valid():
        try:
            write_off(lot=lot, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]  # signed in: it is a User
        except OutOfStock as refusal:
            form.refuse_quantity(refusal.shortages[lot.pack_id])
        else:
            messages.success(request, _("The packs are written off."))
            return redirect("wagtailsnippets_shop_lot:list")
    return TemplateResponse(request, "shop/catalog/admin/write_off.html", {"lot": lot, "form": form})
