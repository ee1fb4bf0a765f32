"""Writing, changing and taking back comments."""

from django.utils import timezone

from accounts.models import User
from core.limits import is_too_often
from home.journal.comments.models import Comment
from home.journal.models import ArticlePage

MOST_COMMENTS = 5
WINDOW_SECONDS = 600


class TooOften(Exception):
    """Somebody writes faster than people do; nothing was stored."""


def write_comment(*, user: User, page: ArticlePage, text: str, language: str) -> Comment:
    """Store a comment for a moderator to read. Raises TooOften."""
    check_rate(user)
    return Comment.objects.create(user=user, page=page, text=text, language=language)


def change_comment(*, comment: Comment, text: str) -> None:
    """Store other words, which have to be read again. Raises TooOften. The same words change nothing."""
    if text == comment.text:
        return
    check_rate(comment.user)
    comment.text = text
    comment.status = Comment.Status.WAITING
    comment.changed_at = timezone.now()
    comment.save(update_fields=["text", "status", "changed_at"])


def check_rate(user: User) -> None:
    """Count one more and raise TooOften where that is too many."""
    if is_too_often("comment", user.pk, most=MOST_COMMENTS, seconds=WINDOW_SECONDS):
        raise TooOften
