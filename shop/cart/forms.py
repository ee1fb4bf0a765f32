"""What the cart's forms may send."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shop.cart.models import MAX_QUANTITY

MAX_KEY = 2**63 - 1  # the largest key PostgreSQL holds
QUANTITY_MESSAGE = _("Enter a whole number from %(min)s to %(max)s.")


class PackForm(forms.Form):
    """Which pack."""

    pack = forms.IntegerField(min_value=1, max_value=MAX_KEY)


class AddForm(PackForm):
    """So many packs more; one where nothing is said."""

    quantity = forms.IntegerField(required=False, min_value=1, max_value=MAX_QUANTITY)

    def clean_quantity(self) -> int:
        """One pack, if the form has no such field."""
        quantity: int | None = self.cleaned_data["quantity"]
        return 1 if quantity is None else quantity


class SetForm(PackForm):
    """Exactly so many packs; the buttons of the stepper send one more or one less. Zero removes."""

    quantity = forms.IntegerField(min_value=0, max_value=MAX_QUANTITY)
    step = forms.TypedChoiceField(required=False, coerce=int, empty_value=None, choices=[(-1, "−"), (1, "+")])
    price = forms.DecimalField(required=False, max_digits=10, decimal_places=2)

    def clean(self) -> dict[str, Any]:
        """Add the step to the number."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if "quantity" in data and data.get("step"):
            data["quantity"] = max(0, min(MAX_QUANTITY, data["quantity"] + data["step"]))
        return data


class VoucherForm(forms.Form):
    """A promo code; empty to take it off."""

    voucher = forms.CharField(required=False, max_length=100)


class PriceForm(PackForm):
    """The price that was shown."""

    price = forms.DecimalField(max_digits=10, decimal_places=2)


def describe_quantities() -> str:
    """Advice for a number that no cart can hold."""
    return str(QUANTITY_MESSAGE) % {"min": 1, "max": MAX_QUANTITY}
