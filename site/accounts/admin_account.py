"""The page of the admin where staff look after themselves: Wagtail's, with what belongs to us told by us.

A password and an e-mail address are changed in the account that staff have as everybody does: those pages ask
who is there, confirm the new and tell the old.
"""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from wagtail.admin.auth import require_admin_access
from wagtail.admin.views.account import AccountView, BaseSettingsPanel, NameEmailSettingsPanel

from accounts.models import User


class NameForm(forms.ModelForm[User]):
    """What somebody is called."""

    class Meta:
        model = User
        fields = ["name"]


class NamePanel(BaseSettingsPanel):
    """The name, and the way to all that is changed elsewhere."""

    name = "name"
    title = _("Name and sign-in")
    order = NameEmailSettingsPanel.order
    template_name = "accounts/admin/name.html"
    form_class = NameForm


class StaffAccountView(AccountView):
    """Wagtail's page with our panel in the place of its own."""

    def get_panels(self) -> list[Any]:
        """All panels that have something to show."""
        kept = [panel for panel in super().get_panels() if not isinstance(panel, NameEmailSettingsPanel)]
        return [NamePanel(self.request, self.request.user, None), *kept]


show_account = never_cache(require_admin_access(StaffAccountView.as_view()))
