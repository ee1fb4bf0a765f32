"""The forms in which editors write pages."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm


class PicturedPageForm(WagtailAdminPageForm):
    """A page with a picture, which needs words for those who cannot see it; a draft may lack them."""

    def clean(self) -> dict[str, Any]:
        """Refuse to publish a picture that nothing is said about."""
        cleaned: dict[str, Any] = super().clean()
        has_words = (cleaned.get("picture_alt") or "").strip()
        if cleaned.get("picture") and not has_words and not self.is_deferred_validation:
            self.add_error("picture_alt", _("Say what the picture shows."))
        return cleaned
