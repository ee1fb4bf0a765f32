"""House rules as Django system checks."""

from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, register
from django.db import models
from django.utils.module_loading import import_string
from wagtail.models import Page

from core.models import BasePage


@register()
def check_pages_hold_no_facts(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Prices and stock never sit on a page: publishing an old draft would bring them back."""
    return [
        Error(
            f"{page.__name__}.{field.name} is a fact and belongs on a record, not on a page", id="core.E001"
        )
        for page in apps.get_models()
        if issubclass(page, Page)
        for field in page._meta.local_fields
        if isinstance(field, models.DecimalField) or field.name in {"price", "stock", "quantity"}
    ]


@register()
def check_page_views_exist(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Every page names a view that can be imported."""
    errors: list[CheckMessage] = []
    for page in apps.get_models():
        if not issubclass(page, BasePage):
            continue
        try:
            import_string(page.view)
        except (AttributeError, ImportError) as error:
            errors.append(Error(f"{page.__name__} has no view: {error}", id="core.E002"))
    return errors
