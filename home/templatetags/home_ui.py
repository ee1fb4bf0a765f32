"""Tags of the editors' pages."""

from django import template
from django.template.context import Context

from home.pages.menus import Menu, get_menu

register = template.Library()


@register.simple_tag(takes_context=True)
def site_menu(context: Context) -> Menu:
    """The menus of this request: `.header` and `.footer`, lists of links."""
    return get_menu(context["request"])
