"""Reviews in the Wagtail admin, for moderators."""

from typing import Any

from wagtail.admin.ui.tables import Column
from wagtail.snippets.models import register_snippet

from core.moderation import OpinionViewSet, register_judging
from shop.reviews.models import Review


class ReviewViewSet(OpinionViewSet):
    """What buyers say about berries."""

    model = Review
    icon = "pick"
    shown = ("berry",)
    add_to_admin_menu = True
    menu_order = 310
    list_filter = ["status", "rating", "language", "created_at"]
    list_display: list[Any] = [
        *OpinionViewSet.list_display[:1],
        Column("berry", label=Review._meta.get_field("berry").verbose_name),
        Column("rating", label=Review._meta.get_field("rating").verbose_name, sort_key="rating"),
        *OpinionViewSet.list_display[1:],
    ]


register_judging(Review)  # before the snippet: Wagtail keeps the first policy it is asked for
register_snippet(ReviewViewSet)
