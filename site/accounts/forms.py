"""What people may change about themselves."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.phones import format_phone, normalize_phone


class ProfileForm(forms.ModelForm[User]):
    """Name, phone and the language of letters. The address is changed where it can be confirmed."""

    # Longer than what is stored: people type brackets and spaces.
    phone = forms.CharField(
        label=_("Phone"),
        max_length=40,
        required=False,
        help_text=_("The courier calls it when they arrive."),
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
    )

    class Meta:
        model = User
        fields = ["name", "phone", "language"]
        labels = {"name": _("Name"), "language": _("Language of letters")}
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "name"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["phone"] = format_phone(self.initial.get("phone", ""))

    def clean_phone(self) -> str:
        """The number as E.164, or nothing."""
        phone: str = self.cleaned_data["phone"]
        return normalize_phone(phone) if phone else ""
