"""What the whole site changes in the Wagtail admin, for Wagtail to find."""

from django.urls import URLPattern, path
from wagtail import hooks

from core.translating import UpdateView, turn_into_alias


@hooks.register("register_admin_urls", order=-1)
def guard_translating() -> list[URLPattern]:
    """Two addresses of wagtail-localize that ask for the right to publish: found before its own."""
    return [
        path(
            "localize/update/<int:translation_source_id>/", UpdateView.as_view(), name="translations_update"
        ),
        path("localize/page/<int:page_id>/convert_to_alias/", turn_into_alias, name="translation_into_alias"),
    ]
