"""What a shopper enters to order, on the page and in the API alike."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import Address
from accounts.phones import normalize_phone
from accounts.services import ADDRESS_FIELDS
from shop.checkout.services import Seen, Wanted
from shop.delivery.models import DeliveryZone
from shop.delivery.services import SlotDay

CHOOSE_ZONE = _("Choose where we should deliver.")
CHOOSE_SLOT = _("Choose when we should deliver.")
SLOT_GONE = _("There is no place left in this delivery window. Please choose another one.")


def make_text_field(label: Any, length: int, token: str, *, missing: Any = "") -> forms.CharField:
    """A line of text. `token`: what a browser may fill in; `missing`: the advice, where it is required."""
    widget = forms.TextInput(attrs={"autocomplete": token})
    messages = {"required": missing} if missing else {}
    return forms.CharField(
        label=label, max_length=length, required=bool(missing), widget=widget, error_messages=messages
    )


class ContactForm(forms.Form):
    """Who orders and where it goes: a name, a phone, an address in the order Russians write it."""

    name = make_text_field(_("Your name"), 150, "name", missing=_("Enter your name."))
    phone = forms.CharField(
        label=_("Phone"),
        max_length=40,
        help_text=_("The courier calls an hour before arriving."),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
        error_messages={"required": _("Enter your phone number.")},
    )
    city = make_text_field(_("City or town"), 100, "address-level2", missing=_("Enter the city or town."))
    street = make_text_field(_("Street"), 150, "address-line1", missing=_("Enter the street."))
    house = make_text_field(_("House, building"), 30, "address-line2", missing=_("Enter the house number."))
    postcode = forms.CharField(
        label=_("Postcode"),
        max_length=6,
        required=False,
        validators=Address._meta.get_field("postcode").validators,
        widget=forms.TextInput(attrs={"autocomplete": "postal-code", "inputmode": "numeric"}),
    )
    flat = make_text_field(_("Flat"), 20, "address-line3")
    entrance = make_text_field(_("Entrance"), 10, "off")
    floor = make_text_field(_("Floor"), 10, "off")
    intercom = make_text_field(_("Intercom"), 20, "off")
    comment = forms.CharField(
        label=_("Comment for the courier"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, needs_address: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.needs_address = needs_address

    def clean_phone(self) -> str:
        """The number as machines write it."""
        return normalize_phone(self.cleaned_data["phone"])

    def clean(self) -> dict[str, Any]:
        """Where somebody picks the order up themselves, nothing is asked about their address."""
        data: dict[str, Any] = super().clean() or {}
        if not self.needs_address:
            for name in ADDRESS_FIELDS:
                self.errors.pop(name, None)
                data[name] = ""
        return data

    def get_address(self) -> dict[str, str]:
        """The fields of the address."""
        return {name: self.cleaned_data[name] for name in ADDRESS_FIELDS}


class CheckoutForm(ContactForm):
    """The whole checkout for the chosen `zone`, whose `days` are offered.

    The consents are asked for only where the documents in force were not agreed to.
    """

    zone = forms.TypedChoiceField(
        label=_("Delivery area"),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": CHOOSE_ZONE, "invalid_choice": CHOOSE_ZONE},
    )
    slot = forms.TypedChoiceField(
        label=_("Delivery time"),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": CHOOSE_SLOT, "invalid_choice": SLOT_GONE},
    )
    offer = forms.BooleanField(
        label=_("I accept the terms of the public offer"),
        error_messages={"required": _("To place an order, please accept the offer.")},
    )
    personal_data = forms.BooleanField(
        label=_("I agree to the processing of my personal data"),
        error_messages={
            "required": _("To place an order, please agree to the processing of your personal data.")
        },
    )
    # What the page showed when it was sent; no shopper types these.
    expected_total = forms.DecimalField(max_digits=12, decimal_places=2, widget=forms.HiddenInput)
    basket = forms.CharField(max_length=32, widget=forms.HiddenInput)
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        zones: Iterable[DeliveryZone],
        zone: DeliveryZone | None,
        days: Iterable[SlotDay],
        has_agreed: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, needs_address=zone is None or not zone.is_pickup, **kwargs)
        self._offer_choices("zone", [(zone.pk, zone.name) for zone in zones])
        slots = [slot for day in days for slot in day.slots]
        self._offer_choices("slot", [(slot.pk, slot.label) for slot in slots])
        self.free_slots = {slot.pk for slot in slots if not slot.is_full}
        if has_agreed:
            del self.fields["offer"], self.fields["personal_data"]

    def _offer_choices(self, name: str, choices: list[tuple[int, str]]) -> None:
        cast(forms.ChoiceField, self.fields[name]).choices = choices

    def clean_slot(self) -> int:
        """The slot, if it still takes an order."""
        slot_id: int = self.cleaned_data["slot"]
        if slot_id not in self.free_slots:
            raise ValidationError(SLOT_GONE, code="slot_taken")
        return slot_id

    def get_wanted(self) -> Wanted:
        """What was entered."""
        data = self.cleaned_data
        return Wanted(
            name=data["name"],
            phone=data["phone"],
            address=self.get_address(),
            zone_id=data["zone"],
            slot_id=data["slot"],
            comment=data["comment"],
        )

    def get_seen(self) -> Seen:
        """What the page showed, and whether the boxes on it were ticked."""
        data = self.cleaned_data
        has_ticked = bool(data.get("offer") and data.get("personal_data"))
        return Seen(total=data["expected_total"], basket=data["basket"], agreed=has_ticked)
