"""What people may change about themselves."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Address, User
from accounts.phones import format_phone, normalize_phone
from accounts.services import ADDRESS_FIELDS

# What a browser may fill in by itself.
ADDRESS_TOKENS = {
    "city": "address-level2",
    "street": "address-line1",
    "house": "address-line2",
    "flat": "address-line3",
    "postcode": "postal-code",
}


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


class AddressForm(forms.ModelForm[Address]):
    """An address of the book, in the order Russians write it."""

    class Meta:
        model = Address
        fields = ADDRESS_FIELDS
        labels = {
            "city": _("City or town"),
            "street": _("Street"),
            "house": _("House, building"),
            "flat": _("Flat"),
            "entrance": _("Entrance"),
            "floor": _("Floor"),
            "intercom": _("Intercom"),
        }
        error_messages = {
            "city": {"required": _("Enter the city or town.")},
            "street": {"required": _("Enter the street.")},
            "house": {"required": _("Enter the house number.")},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs["autocomplete"] = ADDRESS_TOKENS.get(name, "off")


class ClosingForm(forms.Form):
    """That somebody means it."""

    agreed = forms.BooleanField(
        label=_("I understand that this can't be undone"),
        error_messages={"required": _("Tick the box if you want to close the account.")},
    )
