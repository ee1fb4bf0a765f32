"""The comments that a visitor sees under an article."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest

from accounts.access import get_shopper
from accounts.models import User
from home.journal.comments.models import Comment
from home.journal.models import ArticlePage

MOST = 200  # one page shows the newest so many


@dataclass(frozen=True, slots=True)
class Thread:
    """What is said under one article: oldest first; `own` are the ids of the visitor's own words."""

    comments: Sequence[Comment]
    own: frozenset[int]
    may_write: bool

    @property
    def number(self) -> int:
        """How many everybody can read."""
        return sum(not comment.is_waiting for comment in self.comments)


def load_thread(request: HttpRequest, page: ArticlePage) -> Thread:
    """Published comments, and the visitor's own that wait: one query; one more for those signed in."""
    visitor = find_visitor(request)
    shown = Q(status=Comment.Status.PUBLISHED)
    if visitor:
        shown |= Q(status=Comment.Status.WAITING, user=visitor)
    comments = list(Comment.objects.filter(shown, page=page).select_related("user")[:MOST])
    own = frozenset(comment.pk for comment in comments if visitor and comment.user_id == visitor.pk)
    return Thread(comments[::-1], own, may_write=visitor is not None)


def find_visitor(request: HttpRequest) -> User | None:
    """The confirmed shopper who reads; without a session nobody is asked who they are."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or not hasattr(request, "user"):
        return None
    return get_shopper(request)
