"""The dashboard in the Wagtail admin, and how what we add to the admin looks."""

from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from laces.components import Component
from wagtail import hooks

from home.dashboard.panels import PANELS


@hooks.register("construct_homepage_panels")
def add_panels(request: HttpRequest, panels: list[Component]) -> None:
    """The shop's day stands above Wagtail's own panels."""
    panels.extend(make() for make in PANELS)


@hooks.register("insert_global_admin_css")
def link_stylesheet() -> SafeString:
    """One small file for all of ours."""
    return format_html('<link rel="stylesheet" href="{}">', static("css/admin/anyberry.css"))
