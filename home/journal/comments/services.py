"""Writing, changing and taking back comments."""

from django.utils import timezone

from accounts.models import User
from core.limits import check_rate
from home.journal.comments.models import Comment
from home.journal.models import ArticlePage

MOST_COMMENTS = 5
WINDOW_SECONDS = 600


def write_comment(*, user: User, page: ArticlePage, text: str, language: str) -> Comment:
    """Store a comment for a moderator to read. Raises TooOften."""
    _count(user)
    return Comment.objects.create(user=user, page=page, text=text, language=language)


def change_comment(*, comment: Comment, text: str) -> None:
    """Store other words, which have to be read again. Raises TooOften. The same words change nothing."""
    if text == comment.text:
        return
    _count(comment.user)
    comment.text = text
    comment.status = Comment.Status.WAITING
    comment.changed_at = timezone.now()
    comment.save(update_fields=["text", "status", "changed_at"])


def _count(user: User) -> None:
    check_rate("comment", user.pk, most=MOST_COMMENTS, seconds=WINDOW_SECONDS)
