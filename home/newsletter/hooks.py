"""The newsletter in the Wagtail admin: sending issues, and the subscribers to look at.

Subscribers come by the form and go by their own link; staff may only look, and delete one who asks for it.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, include, path, reverse
from django.utils.html import format_html_join
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.widgets import HeaderButton
from wagtail.log_actions import LogFormatter
from wagtail.models import Page
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import InspectView

from core.records import RecordViewSet
from home.newsletter import admin_views
from home.newsletter.models import Mailing, NewsletterPage, Subscriber
from shop.catalog.hooks import LimitedPolicy

register_permission_policy(Subscriber, LimitedPolicy(Subscriber, {"add", "change"}))


# --- Sending ----------------------------------------------------------------------------


@hooks.register("register_admin_urls")
def register_urls() -> list[URLPattern | URLResolver]:
    """Addresses of the newsletter below /admin/newsletter/."""
    urls = [
        path("", admin_views.list_mailings, name="list"),
        path("issue/<int:page_id>/", admin_views.show_desk, name="desk"),
        path("issue/<int:page_id>/test/", admin_views.send_test, name="test"),
        path("mailing/<int:pk>/", admin_views.show_mailing, name="mailing"),
        path("mailing/<int:pk>/progress/", admin_views.show_progress, name="progress"),
        path("mailing/<int:pk>/send/", admin_views.send_mailing, name="send"),
        path("mailing/<int:pk>/settle/<int:delivery_id>/", admin_views.settle_letter, name="settle"),
        path("mailing/<int:pk>/<slug:move>/", admin_views.move_mailing, name="move"),
    ]
    return [path("newsletter/", include((urls, "newsletter")))]


class NewsletterMenuItem(MenuItem):
    """Seen by those who may send."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether the user may."""
        return request.user.has_perm(admin_views.MAY_SEND)


@hooks.register("register_admin_menu_item")
def add_menu_item() -> MenuItem:
    """Mailings, in the menu."""
    return NewsletterMenuItem(
        gettext_lazy("Mailings"), reverse("newsletter:list"), name="newsletter", icon_name="mail", order=330
    )


@hooks.register("register_page_header_buttons")
def offer_sending(
    page: Page, user: Any, view_name: str, next_url: str | None = None
) -> Iterator[HeaderButton]:
    """A way from the editor of an issue to its desk."""
    if isinstance(page, NewsletterPage) and page.pk:
        yield HeaderButton(
            _("Send the issue"), reverse("newsletter:desk", args=[page.pk]), icon_name="mail", priority=5
        )


@hooks.register("register_permissions")
def list_permissions() -> QuerySet[Permission]:
    """Sending can be given to a group."""
    return Permission.objects.filter(
        content_type__app_label="home",
        codename__in=["send_newsletter", "view_subscriber", "delete_subscriber"],
    )


@hooks.register("register_log_actions")
def register_moves(actions: Any) -> None:
    """The moves of mailings, in the history of the site."""

    @actions.register_action("newsletter.move")
    class MoveFormatter(LogFormatter):
        label = gettext_lazy("Move a mailing")

        def format_message(self, log_entry: Any) -> str:
            """Where to."""
            names = dict(Mailing.Status.choices)
            status = names.get(log_entry.data.get("status"), "")
            return _("Mailing: %(status)s") % {"status": status}


# --- Deleting ---------------------------------------------------------------------------


@hooks.register("before_delete_page")
def keep_issue(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Refuse to delete an issue that is planned or being sent, and whatever it lies below."""
    if request.method != "POST":
        return None
    return refuse_deletion(request, [page])


@hooks.register("before_bulk_action")
def keep_issues(
    request: HttpRequest, action_type: str, objects: Sequence[Any], action: Any
) -> HttpResponse | None:
    """The same for several pages at once."""
    pages = [page for page in objects if isinstance(page, Page)]
    return refuse_deletion(request, pages) if action_type == "delete" and pages else None


def refuse_deletion(request: HttpRequest, pages: Iterable[Page]) -> HttpResponse | None:
    """The way back with a message; None where nothing is in the way."""
    for page in pages:
        issues = NewsletterPage.objects.descendant_of(page, inclusive=True)
        keys = issues.values("translation_key")
        mailing = Mailing.objects.under_way().filter(issue__in=keys).first()
        if mailing is not None:
            text = _("“%(title)s” is planned or being sent. Cancel its mailing first, then delete the page.")
            messages.error(request, text % {"title": mailing.title})
            return redirect("wagtailadmin_explore", page.get_parent().pk)
    return None


# --- Subscribers ------------------------------------------------------------------------


class SubscriberInspectView(InspectView):
    """One subscriber, with the proof of their consent and the letters they got."""

    def get_fields_context(self) -> list[dict[str, Any]]:
        """The fields of the row, then what hangs on it."""
        consents = format_html_join(
            "",
            "<p>{}: {}, {}; {}, {}; {}</p>",
            (
                (
                    consent.version,
                    write_time(consent.given_at),
                    consent.ip_address or "—",
                    write_time(consent.confirmed_at),
                    consent.confirmed_ip or "—",
                    write_time(consent.withdrawn_at),
                )
                for consent in self.object.consents.all()
            ),
        )
        letters = format_html_join(
            "",
            "<p>{}: {}</p>",
            (
                (delivery.mailing, delivery.get_status_display())
                for delivery in self.object.deliveries.select_related("mailing")[:50]
            ),
        )
        extra = [
            (_("Consents: version; given, from; confirmed, from; withdrawn"), consents),
            (_("Letters"), letters),
        ]
        fields: list[dict[str, Any]] = super().get_fields_context()
        return [*fields, *({"label": label, "value": value, "component": None} for label, value in extra)]


class SubscriberViewSet(RecordViewSet):
    """Who reads the newsletter."""

    model = Subscriber
    icon = "user"
    menu_label = gettext_lazy("Subscribers")
    menu_order = 331
    add_to_admin_menu = True
    list_display = [
        "email",
        "language",
        Column("status", label=gettext_lazy("status"), accessor="get_status_display", sort_key="status"),
        DateColumn("confirmed_at", label=gettext_lazy("confirmed"), sort_key="confirmed_at"),
        DateColumn("left_at", label=gettext_lazy("unsubscribed"), sort_key="left_at"),
    ]
    list_filter = ["status", "language", "suppressed_for"]
    search_fields = ["email"]
    list_per_page = 50
    inspect_view_enabled = True
    inspect_view_class = SubscriberInspectView
    inspect_view_fields_exclude = ["key", "due_answer"]
    ordering = ["-asked_at"]


def write_time(moment: Any) -> str:
    return f"{localtime(moment):%d.%m.%Y %H:%M}" if moment else "—"


register_snippet(SubscriberViewSet)
