"""The pages of the address book. Somebody else's address is not found."""

from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import get_next_url, get_user
from accounts.address_book import MOST_ADDRESSES, BookFull, make_default, remove_address, save_address
from accounts.forms import AddressForm
from accounts.models import Address

PAGE_METHODS = ["GET", "HEAD", "POST"]


@never_cache
@login_required
@require_safe
def list_addresses(request: HttpRequest) -> HttpResponse:
    """The book, the default address first."""
    addresses = list(get_user(request).addresses.all())
    context = {"addresses": addresses, "is_full": len(addresses) >= MOST_ADDRESSES, "most": MOST_ADDRESSES}
    return TemplateResponse(request, "accounts/addresses.html", context)


@never_cache
@login_required
@require_http_methods(PAGE_METHODS)
def add_address(request: HttpRequest) -> HttpResponse:
    """Write a new address into the book."""
    return take_address(request, Address())


@never_cache
@login_required
@require_http_methods(PAGE_METHODS)
def edit_address(request: HttpRequest, address_id: int) -> HttpResponse:
    """Change an address of the book; orders keep the one they were placed with."""
    return take_address(request, get_object_or_404(Address, pk=address_id, user=get_user(request)))


def take_address(request: HttpRequest, address: Address) -> HttpResponse:
    """The form for one address; stores it where it makes sense."""
    form = AddressForm(request.POST or None, instance=address)
    if request.method != "POST":
        return show_form(request, form)
    if not form.is_valid():
        return show_form(request, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        save_address(user=get_user(request), address=form.instance)
    except BookFull:
        form.add_error(None, _("Your book is full. Remove an address you don't need any more."))
        return show_form(request, form, HTTPStatus.CONFLICT)
    messages.success(request, _("The address is saved."))
    return redirect(get_next_url(request, default=redirect("account:addresses")["Location"]))


def show_form(request: HttpRequest, form: AddressForm, status: HTTPStatus = HTTPStatus.OK) -> HttpResponse:
    """The page of one address."""
    return TemplateResponse(request, "accounts/address.html", {"form": form}, status=status)


@require_POST
@login_required
def choose_address(request: HttpRequest, address_id: int) -> HttpResponse:
    """Make the address the one that the next order goes to."""
    if not make_default(user=get_user(request), address_id=address_id):
        raise Http404
    messages.success(request, _("Your next order goes to this address."))
    return redirect("account:addresses")


@require_POST
@login_required
def drop_address(request: HttpRequest, address_id: int) -> HttpResponse:
    """Remove the address from the book."""
    if not remove_address(user=get_user(request), address_id=address_id):
        raise Http404
    messages.success(request, _("The address is removed."))
    return redirect("account:addresses")
