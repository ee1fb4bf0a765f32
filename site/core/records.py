"""Records in the Wagtail admin: snippets whose choosers ask for rights, too."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from wagtail.permissions import policy_registry
from wagtail.snippets.views.chooser import SnippetChooserViewSet
from wagtail.snippets.views.snippets import SnippetViewSet

ANY_RIGHT = ("view", "add", "change", "delete")


class RecordChooserViewSet(SnippetChooserViewSet):
    """Chooses among the rows of a model. Wagtail's own shows them to everybody who may enter the admin."""

    def construct_view(self, view_class: Any, **kwargs: Any) -> Callable[..., HttpResponse]:
        """The view, for those who have any right on the model."""
        view = super().construct_view(view_class, **kwargs)

        @wraps(view)
        def guard(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            policy = policy_registry.get_by_type(self.model)
            if not policy.user_has_any_permission(request.user, ANY_RIGHT):
                raise PermissionDenied
            response: HttpResponse = view(request, *args, **kwargs)
            return response

        return guard


class RecordViewSet(SnippetViewSet):
    """What every record of ours in the admin starts from."""

    chooser_viewset_class = RecordChooserViewSet
    copy_view_enabled = False
