"""Where looks at pages are counted: Wagtail serves no preview by this way."""

from typing import Any

from django.http import HttpRequest
from wagtail import hooks
from wagtail.models import Page

from home.readers.counting import count_view


@hooks.register("before_serve_page")
def count_reader(page: Page, request: HttpRequest, serve_args: Any, serve_kwargs: Any) -> None:
    """A visitor asks for the page."""
    count_view(request, page.pk)
