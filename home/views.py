"""The front page: the first page of the site, told to search engines as such."""

from django.http import HttpRequest
from django.template.response import TemplateResponse
from wagtail.images.models import AbstractImage

from home.pages.models import FrontPage
from home.pages.structured import describe_shop
from shop.catalog.renditions import load_pictures


def show_front_page(request: HttpRequest, page: FrontPage) -> TemplateResponse:
    """The blocks that editors put there. The number of queries does not grow with the rows."""
    heroes = [block.value for block in page.body if block.block_type == "hero"]
    image: AbstractImage | None = heroes[0]["image"] if heroes else None
    context = {
        "page": page,
        "has_hero": bool(heroes),
        "hero": load_pictures([image]).get(image.pk) if image else None,
        "structured_data": describe_shop(request),
    }
    return TemplateResponse(request, "home/front_page.html", context)
