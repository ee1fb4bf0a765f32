"""The menus, for every template; asked for, they cost one query a request."""

from collections.abc import Callable

from django.http import HttpRequest

from home.pages.menus import Link, get_menu


def menus(request: HttpRequest) -> dict[str, Callable[[], list[Link]]]:
    """`menu_links` for the header, `footer_links` for the footer."""
    return {
        "menu_links": lambda: get_menu(request).header,
        "footer_links": lambda: get_menu(request).footer,
    }
