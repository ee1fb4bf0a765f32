"""What a heart may send, and what somebody enters who wants to be told that a berry is back."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import RobotTrap
from shop.favorites.models import Waiting

MAX_KEY = 2**63 - 1  # the largest key PostgreSQL holds


class BerryForm(forms.Form):
    """Which berry."""

    berry = forms.IntegerField(min_value=1, max_value=MAX_KEY)


class WaitingForm(RobotTrap):
    """When to write, and where to; shoppers who are signed in are not asked where."""

    moment = forms.ChoiceField(
        label=_("Write to me"), choices=Waiting.Moment.choices, widget=forms.RadioSelect, initial="stock"
    )
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )
    consent = forms.BooleanField(
        label=_("I agree that you keep my address for this letter"),
        error_messages={"required": _("To write to you, we need your consent.")},
    )

    def __init__(self, *args: Any, is_shopper: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_shopper:
            for name in ("email", "consent", "website"):
                del self.fields[name]
