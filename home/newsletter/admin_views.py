"""Sending the newsletter in the Wagtail admin. Each view asks for rights itself.

Who may edit an issue may send a test of it to their own address. All else needs `home.send_newsletter`.
"""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.access import get_user
from core.limits import is_too_often
from core.tasks import enqueue_after_commit
from home.newsletter import mailings, tasks
from home.newsletter.audience import count_readers, find_audience
from home.newsletter.checking import find_shortcomings
from home.newsletter.forms import AudienceForm, ScheduleForm, TestForm
from home.newsletter.models import Delivery, Mailing, NewsletterPage

MAY_SEND = "home.send_newsletter"
MAILINGS_A_PAGE = 20
LISTED = 50  # letters in doubt or refused that a page names
MOST_TESTS, WINDOW_SECONDS = 20, 600
MOVES = {
    "unschedule": mailings.unschedule_mailing,
    "pause": mailings.pause_mailing,
    "resume": mailings.resume_mailing,
    "cancel": mailings.cancel_mailing,
}


# --- An issue ---------------------------------------------------------------------------


def show_desk(request: HttpRequest, page_id: int) -> HttpResponse:
    """Where an issue is tested and its mailings are made."""
    page = find_issue(request, page_id)
    may_send = request.user.has_perm(MAY_SEND)
    languages = list_published_languages(page)
    form = AudienceForm(request.POST or None, languages=languages) if may_send else None
    if request.method == "POST":
        if form is None:
            raise PermissionDenied
        if form.is_valid():
            return make_mailing(request, page, form)
    context = {
        "page": page,
        "may_send": may_send,
        "form": form,
        "languages": languages,
        "readers": count_readers(),
        "shortcomings": find_shortcomings(page),
        "test_form": TestForm(initial={"to": get_user(request).email}),
        "mailings": Mailing.objects.filter(issue=page.translation_key),
    }
    return TemplateResponse(request, "home/newsletter/admin/desk.html", context)


@require_POST
def send_test(request: HttpRequest, page_id: int) -> HttpResponse:
    """Send the newest draft to one address: one's own, or any for those who may send."""
    page, user = find_issue(request, page_id), get_user(request)
    form = TestForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("This is no e-mail address."))
        return redirect("newsletter:desk", page.pk)
    to = form.cleaned_data["to"]
    if to.lower() != user.email.lower() and not user.has_perm(MAY_SEND):
        messages.error(request, _("You may send a test to your own address only."))
    elif is_too_often("newsletter-test", user.pk, most=MOST_TESTS, seconds=WINDOW_SECONDS):
        messages.error(request, _("These were many tests. Please wait some minutes."))
    else:
        enqueue_after_commit(tasks.send_test_letter, page_id=page.pk, to=to)
        messages.success(request, _("The test is on its way to %(address)s.") % {"address": to})
    return redirect("newsletter:desk", page.pk)


def make_mailing(request: HttpRequest, page: NewsletterPage, form: AudienceForm) -> HttpResponse:
    """A draft of a mailing, to be looked at before it is sent."""
    data = form.cleaned_data
    mailing = mailings.draft_mailing(
        page=page,
        languages=data["languages"],
        favorite_id=data["favorite"].pk if data["favorite"] else None,
        bought=data["bought"],
        by=get_user(request),
    )
    return redirect("newsletter:mailing", mailing.pk)


def find_issue(request: HttpRequest, page_id: int) -> NewsletterPage:
    """The issue, for those who may edit it or send it. Raises PermissionDenied."""
    page: NewsletterPage = get_object_or_404(NewsletterPage.objects.select_related("locale"), pk=page_id)
    user = get_user(request)
    if not user.has_perm(MAY_SEND) and not page.permissions_for_user(user).can_edit():
        raise PermissionDenied
    return page


def list_published_languages(page: NewsletterPage) -> list[str]:
    """The languages in which the issue is published."""
    versions = NewsletterPage.objects.published().filter(translation_key=page.translation_key)
    return list(versions.order_by("locale").values_list("locale__language_code", flat=True))


# --- Mailings ---------------------------------------------------------------------------


@require_safe
@permission_required(MAY_SEND, raise_exception=True)
def list_mailings(request: HttpRequest) -> HttpResponse:
    """All mailings, newest first, with what became of their letters."""
    page_obj = Paginator(Mailing.objects.with_counts(), MAILINGS_A_PAGE).get_page(request.GET.get("p"))
    issues = NewsletterPage.objects.filter(alias_of=None).defer_streamfields().select_related("locale")
    context = {"page_obj": page_obj, "issues": issues.order_by("-latest_revision_created_at", "-pk")[:10]}
    return TemplateResponse(request, "home/newsletter/admin/list.html", context)


@require_safe
@never_cache
@permission_required(MAY_SEND, raise_exception=True)
def show_mailing(request: HttpRequest, pk: int) -> HttpResponse:
    """One mailing: what will be sent to whom, how far it is, and what became of it."""
    mailing = get_object_or_404(Mailing.objects.select_related("favorite", "page", "created_by"), pk=pk)
    context = describe_mailing(mailing) | {"schedule_form": ScheduleForm()}
    return TemplateResponse(request, "home/newsletter/admin/mailing.html", context)


@require_safe
@never_cache
@permission_required(MAY_SEND, raise_exception=True)
def show_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of the mailing's page that changes while it is sent."""
    context = describe_mailing(get_object_or_404(Mailing, pk=pk))
    return TemplateResponse(request, "home/newsletter/admin/progress.html", context)


@require_POST
@permission_required(MAY_SEND, raise_exception=True)
def send_mailing(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a draft now, or at the time that was entered."""
    mailing = get_object_or_404(Mailing, pk=pk)
    moment = None
    if request.POST.get("when") != "now":
        form = ScheduleForm(request.POST)
        if not form.is_valid():
            context = describe_mailing(mailing) | {"schedule_form": form}
            return TemplateResponse(request, "home/newsletter/admin/mailing.html", context, status=422)
        moment = form.cleaned_data["at"]
    try:
        mailings.schedule_mailing(mailing_id=pk, at=moment, by=get_user(request))
    except mailings.MoveRefused:
        tell_refusal(request)
    else:
        done = _("The mailing is planned.") if moment else _("The mailing begins.")
        messages.success(request, done)
    return redirect("newsletter:mailing", pk)


@require_POST
@permission_required(MAY_SEND, raise_exception=True)
def move_mailing(request: HttpRequest, pk: int, move: str) -> HttpResponse:
    """Pause, resume, cancel or take back a mailing."""
    get_object_or_404(Mailing, pk=pk)
    if move not in MOVES:
        raise PermissionDenied
    try:
        MOVES[move](mailing_id=pk, by=get_user(request))
    except mailings.MoveRefused:
        tell_refusal(request)
    return redirect("newsletter:mailing", pk)


@require_POST
@permission_required(MAY_SEND, raise_exception=True)
def settle_letter(request: HttpRequest, pk: int, delivery_id: int) -> HttpResponse:
    """Write down whether a letter in doubt was sent, as a person found out."""
    get_object_or_404(Mailing, pk=pk)
    status = mailings.settle_stuck(
        mailing_id=pk,
        delivery_id=delivery_id,
        was_sent=request.POST.get("was_sent") == "yes",
        by=get_user(request),
    )
    if status == Delivery.Status.PENDING:
        messages.success(request, _("The letter is sent with those that wait."))
    elif status == Delivery.Status.FAILED:
        messages.warning(request, _("This mailing is over: the letter is not sent any more."))
    return redirect("newsletter:mailing", pk)


def describe_mailing(mailing: Mailing) -> dict[str, Any]:
    """What the admin shows of a mailing: its figures, and letters that need a person."""
    deliveries = mailing.deliveries.select_related("subscriber")
    counts = Delivery.objects.filter(mailing=mailing).count_states()
    total = sum(counts[status] for status in Delivery.Status.values)
    is_waiting = mailing.status in {Mailing.Status.DRAFT, Mailing.Status.SCHEDULED}
    return {
        "mailing": mailing,
        "audience": find_audience(mailing).count() if is_waiting else total,
        "counts": counts,
        "total": total,
        "done": total - counts[Delivery.Status.PENDING],
        "in_doubt": Delivery.objects.stuck(timezone.now())
        .filter(mailing=mailing)
        .select_related("subscriber")[:LISTED],
        "refused": deliveries.filter(status=Delivery.Status.FAILED)[:LISTED],
    }


def tell_refusal(request: HttpRequest) -> None:
    messages.error(request, _("Somebody was quicker: the mailing stands elsewhere now. Look at it again."))
