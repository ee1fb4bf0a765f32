"""What forms that anybody may send have in common."""

from django import forms
from django.utils.translation import gettext_lazy as _


class RobotTrap(forms.Form):
    """A form with a field that nobody sees, so nobody fills it in, but robots."""

    website = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )

    @property
    def is_robot(self) -> bool:
        """Whether the field that people don't see was filled in."""
        return bool(self.cleaned_data.get("website"))
