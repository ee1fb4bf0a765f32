"""The buttons that lead to other sites."""

from typing import Any

from django import template

from accounts.social import list_connected, list_ways_in

register = template.Library()


@register.inclusion_tag("socialaccount/snippets/ways_in.html", takes_context=True)
def ways_in(
    context: template.RequestContext, process: str = "login", *, divided: bool = True
) -> dict[str, Any]:
    """A button for each provider that is switched on, below the word "or"; nothing where there is none.

    To connect, only those that are not connected yet.
    """
    request = context["request"]
    taken = list_connected(request.user) if process == "connect" else set()
    return {
        "providers": [provider for provider in list_ways_in(request) if provider.id not in taken],
        "process": process,
        "divided": divided,
        "next": request.GET.get("next", ""),
        "csrf_token": context.get("csrf_token"),
    }


@register.simple_tag(takes_context=True)
def has_ways_in(context: template.RequestContext) -> bool:
    """Whether any provider is switched on."""
    return bool(list_ways_in(context["request"]))
