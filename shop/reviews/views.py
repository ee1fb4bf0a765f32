"""A buyer's own review of a berry: written, changed, taken back."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import get_user, shoppers_only
from core.languages import get_active_language
from core.limits import TooOften
from shop.catalog.cards import get_titles
from shop.catalog.models import Berry
from shop.reviews.forms import ReviewForm
from shop.reviews.models import Review
from shop.reviews.services import NotBought, has_bought, remove_review, save_review

ANCHOR = "#reviews"


@require_http_methods(["GET", "HEAD", "POST"])
@shoppers_only
def write_review(request: HttpRequest, berry_id: int) -> HttpResponse:
    """The form for a berry that the visitor bought; words of advice for one that they did not."""
    berry, user = get_object_or_404(Berry, pk=berry_id), get_user(request)
    known = Review.objects.filter(user=user, berry=berry).first()
    if not has_bought(user, berry.pk):
        return show_form(request, berry, None, known, status=HTTPStatus.FORBIDDEN)
    if request.method != "POST":
        initial = {"rating": known.rating, "text": known.text} if known else {}
        return show_form(request, berry, ReviewForm(initial=initial), known)
    return take_review(request, berry, ReviewForm(request.POST), known)


def take_review(request: HttpRequest, berry: Berry, form: ReviewForm, known: Review | None) -> HttpResponse:
    """Store what was sent and thank, or say what is wrong with it."""
    if not form.is_valid():
        return show_form(request, berry, form, known, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        save_review(user=get_user(request), berry=berry, language=get_active_language(), **form.cleaned_data)
    except NotBought:  # the money went back between two clicks
        return show_form(request, berry, None, known, status=HTTPStatus.FORBIDDEN)
    except TooOften:
        form.add_error(None, _("You have written a lot just now. Wait an hour and send it again."))
        return show_form(request, berry, form, known, status=HTTPStatus.TOO_MANY_REQUESTS)
    messages.success(request, _("Thank you. Your review appears as soon as we have read it."))
    return redirect(find_berry_page(berry))


@require_POST
@shoppers_only
def take_back(request: HttpRequest, berry_id: int) -> HttpResponse:
    """Remove the visitor's own review; one that is gone already is no error."""
    berry = get_object_or_404(Berry, pk=berry_id)
    if remove_review(user=get_user(request), berry_id=berry.pk):
        messages.success(request, _("Your review is gone."))
    return redirect(find_berry_page(berry))


def find_berry_page(berry: Berry) -> str:
    """Where the berry's reviews are read; the orders where it has no page."""
    url = get_titles([berry.pk], get_active_language())[berry.pk].url
    return f"{url}{ANCHOR}" if url else reverse("shop:order-list")


def show_form(
    request: HttpRequest,
    berry: Berry,
    form: ReviewForm | None,
    review: Review | None,
    *,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    """The form on a page of its own."""
    title = get_titles([berry.pk], get_active_language())[berry.pk]
    context = {
        "berry_title": title,
        "heading": _("Review: %(title)s") % {"title": title.title},
        "form": form,
        "review": review,
        "remove_url": reverse("shop:review-remove", args=[berry.pk]) if review else "",
    }
    return TemplateResponse(request, "shop/reviews/form.html", context, status=status)
