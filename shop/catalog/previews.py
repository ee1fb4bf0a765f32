"""What an editor may look at before publishing: today's page, and the days it may see."""

from enum import StrEnum
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from core.models import BasePage


class PreviewMode(StrEnum):
    """The days of a berry. Prices are true in each of them."""

    AS_IS = ""
    SOLD_OUT = "sold_out"
    OUT_OF_SEASON = "out_of_season"
    OTHER_LANGUAGE = "other_language"


TODAY = (PreviewMode.AS_IS.value, _("As it is today"))
OTHER_LANGUAGE = (PreviewMode.OTHER_LANGUAGE.value, _("In the other language"))
BERRY_MODES = [
    TODAY,
    (PreviewMode.SOLD_OUT.value, _("Sold out")),
    (PreviewMode.OUT_OF_SEASON.value, _("Out of season")),
    OTHER_LANGUAGE,
]
LIST_MODES = [TODAY, OTHER_LANGUAGE]


class PreviewedPage(BasePage):
    """A page that its editor may look at in other ways than today's visitors do."""

    modes: ClassVar[list[tuple[str, Any]]] = LIST_MODES

    class Meta:
        abstract = True

    @property
    def preview_modes(self) -> list[tuple[str, Any]]:
        """What an editor may look at."""
        return [*self.modes]

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """The page as visitors would see it, on such a day or in the other language."""
        if mode_name == PreviewMode.OTHER_LANGUAGE:
            return serve_translation(request, self)
        return super().serve_preview(request, mode_name)


def get_preview_mode(request: HttpRequest) -> PreviewMode:
    """The mode an editor asked for; visitors have none."""
    return PreviewMode(getattr(request, "preview_mode", ""))


def serve_translation(request: HttpRequest, page: BasePage) -> HttpResponse:
    """The newest draft of the page's translation in its own language, or a word that there is none."""
    twin = page.get_translations().first() if page.pk else None
    if twin is None:
        return TemplateResponse(request, "shop/catalog/admin/no_translation.html", {"page": page})
    request.preview_mode = PreviewMode.AS_IS  # type: ignore[attr-defined]  # the other page is shown as it is
    with translation.override(twin.locale.language_code):
        response = twin.get_latest_revision_as_object().serve(request)
        return response.render() if hasattr(response, "render") else response
