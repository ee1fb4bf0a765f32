"""The talk under an article: ours, or the thread that the shop keeps at Disqus."""

from typing import Any

from django import template
from django.template.context import Context

from core.publicity import get_publicity
from home.journal.comments.forms import CommentForm
from home.journal.comments.listing import load_thread
from home.journal.models import ArticlePage

register = template.Library()


@register.inclusion_tag("home/comments.html", takes_context=True)
def comments(context: Context, page: ArticlePage) -> dict[str, Any]:
    """The comments of the page and the form for one more."""
    request = context["request"]
    shortname = get_publicity().disqus_shortname
    shared = {"request": request, "page": page, "shortname": shortname}
    if shortname:
        return shared
    return shared | {
        "thread": load_thread(request, page),
        "form": CommentForm(),
        "csrf_token": context.get("csrf_token"),
    }
