"""What the journal keeps of a reader: a copy for them, and what is forgotten when they leave."""

from typing import Any

from accounts.models import User
from home.journal.comments.models import Comment


def copy_comments(user: User) -> list[dict[str, Any]]:
    """What they said under articles."""
    names = ("page__title", "text", "status", "answer", "created_at")
    return list(Comment.objects.filter(user=user).values(*names))


def forget_comments(user: User) -> None:
    """Remove what they said."""
    Comment.objects.filter(user=user).delete()
