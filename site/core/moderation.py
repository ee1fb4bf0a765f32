"""Reviews and comments in the Wagtail admin: read, published or rejected, answered; never written there.

Rights are Django's permissions on the models: `view_…` reads, `change_…` judges and answers, `delete_…`
removes.
"""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail import hooks
from wagtail.admin.panels import FieldPanel
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy
from wagtail.snippets.bulk_actions.snippet_bulk_action import SnippetBulkAction
from wagtail.snippets.views.snippets import EditView

from core.opinions import Opinion
from core.page_cache import forget_pages
from core.records import RecordViewSet

EXCERPT = 120


class OpinionPolicy(ModelPermissionPolicy):
    """Django's permissions, but nobody writes opinions in other people's names."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Whether the user may; nobody may add."""
        return action != "add" and super().user_has_permission(user, action)


class JudgeView(EditView):
    """Judging and answering one opinion."""

    def save_instance(self) -> Opinion:
        """Note who read it, and when."""
        opinion: Opinion = self.form.instance
        opinion.judged_by, opinion.judged_at = self.request.user, timezone.now()
        saved: Opinion = super().save_instance()
        return saved


class OpinionViewSet(RecordViewSet):
    """What people wrote, what nobody has read yet first."""

    icon = "comment"
    edit_view_class = JudgeView
    list_filter = ["status", "language", "created_at"]
    search_fields = ["text", "user__name", "user__email"]
    list_per_page = 50
    shown: Sequence[str] = ()  # what the opinion is about

    list_display = [
        Column("text", label=_("text"), accessor=lambda opinion: opinion.text[:EXCERPT]),
        Column("author", label=_("author"), accessor=lambda opinion: opinion.user.get_full_name()),
        Column("status", label=_("status"), accessor="get_status_display", sort_key="status"),
        DateColumn("created_at", label=_("written"), sort_key="created_at"),
    ]

    @property
    def panels(self) -> list[FieldPanel]:
        """Their words to read; the verdict and our answer to fill in."""
        read = [FieldPanel(name, read_only=True) for name in (*self.shown, "user", "created_at", "text")]
        return [*read, FieldPanel("status"), FieldPanel("answer")]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Opinion]:
        """Opinions with what the list shows of them; `waiting` is the last of the states by its letters."""
        rows: QuerySet[Opinion] = self.model.objects.select_related("user", *self.shown)
        return rows.order_by("-status", "-created_at", "-pk")


class JudgeAction(SnippetBulkAction):
    """Publishing or rejecting several at once, for those who may change them."""

    template_name = "core/admin/judge.html"
    status: Opinion.Status

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show and do nothing for people without the right."""
        if not self.permission_policy.user_has_permission(request.user, "change"):
            raise PermissionDenied
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        return response

    def check_perm(self, opinion: Opinion) -> bool:
        """Whether this one may be judged."""
        may: bool = self.permission_policy.user_has_permission_for_instance(
            self.request.user, "change", opinion
        )
        return may

    @classmethod
    def execute_action(cls, objects: Sequence[Opinion], **kwargs: Any) -> tuple[int, int]:
        """Judge them; how many."""
        action = kwargs["self"]
        rows = action.model.objects.filter(pk__in=[opinion.pk for opinion in objects])
        values = {"status": cls.status, "judged_by": action.request.user, "judged_at": timezone.now()}
        forget_pages()
        return rows.update(**values), 0

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str:
        """How many were judged, and how."""
        words = ngettext("%(number)s: %(status)s", "%(number)s: %(status)s", num_parent_objects)
        return words % {"number": num_parent_objects, "status": self.status.label}


def register_judging(model: type[Opinion]) -> None:
    """Offer both verdicts in the list of the model, and let nobody add rows to it."""
    register_permission_policy(model, OpinionPolicy(model))
    verdicts = (
        ("publish_opinions", _("Publish"), Opinion.Status.PUBLISHED, 10),
        ("reject_opinions", _("Reject"), Opinion.Status.REJECTED, 20),
    )
    for action_type, name, status, priority in verdicts:
        attributes = {
            "models": [model],
            "action_type": action_type,
            "display_name": name,
            "aria_label": name,
            "action_priority": priority,
            "status": status,
        }
        hooks.register("register_bulk_action", type("Judge", (JudgeAction,), attributes))
