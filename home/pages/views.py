"""Pages of plain words."""

from django.http import HttpRequest
from django.template.response import TemplateResponse

from home.pages.models import StandardPage
from home.pages.trail import build_trail


def show_standard_page(request: HttpRequest, page: StandardPage) -> TemplateResponse:
    """Words, and the way back."""
    context = {"page": page, "trail": build_trail(page, request)}
    return TemplateResponse(request, "home/standard_page.html", context)
