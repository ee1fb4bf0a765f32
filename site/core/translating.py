"""Translating in the admin: a page is read in another language once somebody publishes it there.

wagtail-localize has doors by which words that nobody has translated go live without the right to publish.
Those of its views are shut here, that of the setting in the settings, that of the parents in `BasePage`.
"""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from wagtail.models import Page
from wagtail_localize.views.convert import convert_to_alias
from wagtail_localize.views.update_translations import UpdateTranslationsForm, UpdateTranslationsView


class UpdateView(UpdateTranslationsView):
    """Brings new words of a page to its translations; “Publish immediately” is for those who may publish."""

    def get_form(self) -> UpdateTranslationsForm:
        """The form, as far as the user may use it."""
        form: UpdateTranslationsForm = super().get_form()
        versions = Page.objects.filter(translation_key=self.object.object_id)
        if not all(may_publish(page, self.request.user) for page in versions):
            field = form.fields["publish_translations"]
            field.disabled, field.widget = True, forms.HiddenInput()
        return form


def turn_into_alias(request: HttpRequest, page_id: int) -> HttpResponse:
    """Give a translation up: its page shows the words of the other language from now on, at once."""
    if not may_publish(get_object_or_404(Page, pk=page_id), request.user):
        raise PermissionDenied
    response: HttpResponse = convert_to_alias(request, page_id)
    return response


def may_publish(page: Page, user: Any) -> bool:
    """Whether the user may have visitors read a page."""
    return bool(page.permissions_for_user(user).can_publish())
