"""Comments in the Wagtail admin, for moderators."""

from typing import Any

from wagtail.admin.ui.tables import Column
from wagtail.snippets.models import register_snippet

from core.moderation import OpinionViewSet, register_judging
from home.journal.comments.models import Comment


class CommentViewSet(OpinionViewSet):
    """What readers say under articles."""

    model = Comment
    shown = ("page",)
    add_to_admin_menu = True
    menu_order = 320
    list_display: list[Any] = [
        *OpinionViewSet.list_display[:1],
        Column("page", label=Comment._meta.get_field("page").verbose_name),
        *OpinionViewSet.list_display[1:],
    ]


register_judging(Comment)  # before the snippet: Wagtail keeps the first policy it is asked for
register_snippet(CommentViewSet)
