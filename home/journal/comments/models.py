"""What readers say about articles."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.opinions import Opinion
from home.journal.models import ArticlePage


class Comment(Opinion):
    """A reader's words under an article in one language."""

    page = models.ForeignKey(
        ArticlePage, on_delete=models.CASCADE, related_name="comments", verbose_name=_("article")
    )

    class Meta(Opinion.Meta):
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        indexes = [
            models.Index(
                fields=["page", "-created_at"],
                condition=models.Q(status="published"),
                name="comment_published",
            )
        ]
