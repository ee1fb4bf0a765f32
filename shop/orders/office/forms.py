"""What staff enter about an order."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import AddressFields
from accounts.phones import format_phone, normalize_phone
from core.money import format_money
from core.templatetags.money import weight
from shop.delivery.models import Delivery
from shop.orders.models import Order, OrderLine
from shop.orders.money_forms import REFERENCE_HELP
from shop.orders.moves import Move

ADDRESS_FIELDS = [field.name for field in AddressFields._meta.local_fields]


class SeenForm(forms.Form):
    """Says what the person had before their eyes when they pressed the button."""

    seen = forms.CharField(max_length=40, widget=forms.HiddenInput)


class MoveForm(SeenForm):
    """One step of the delivery, and what belongs to it: why it failed, when it is tried again."""

    move = forms.ChoiceField(choices=Move.choices, widget=forms.HiddenInput)
    note = forms.CharField(max_length=500, required=False)
    slot = forms.IntegerField(min_value=1, max_value=2**31, required=False)


class StaffNoteForm(forms.Form):
    """A word to colleagues."""

    text = forms.CharField(label=_("New note"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class CallOffForm(SeenForm):
    """Why the order is not brought: the shopper reads it."""

    reason = forms.CharField(
        label=_("Why"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Goes to the shopper in the letter, word for word."),
    )


class PacksForm(SeenForm):
    """How many packs of each line are taken off: a field for each line that has any left."""

    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, order: Order, by_hand: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("key", uuid4())
        self.lines: list[OrderLine] = [line for line in order.lines.all() if line.quantity_left]
        for line in self.lines:
            self.fields[f"line-{line.pk}"] = forms.IntegerField(
                label=f"{line.title}, {weight(line.weight_g)}",
                min_value=0,
                max_value=line.quantity_left,
                initial=0,
                required=False,
                help_text=_("%(count)d in the order, %(price)s each")
                % {"count": line.quantity_left, "price": format_money(line.price)},
            )
        if by_hand:
            self.fields["reference"] = forms.CharField(
                label=_("Number of the transfer"), max_length=200, required=False, help_text=REFERENCE_HELP
            )

    def get_packs(self) -> dict[int, int]:
        """The lines of which packs are taken off, and how many."""
        packs = {line.pk: self.cleaned_data.get(f"line-{line.pk}") or 0 for line in self.lines}
        return {pk: quantity for pk, quantity in packs.items() if quantity}


class DoorForm(forms.ModelForm[Delivery]):
    """Where the order is brought, and to whom; the zone and its price stay."""

    phone = forms.CharField(label=_("Phone"), max_length=40)
    seen = forms.CharField(max_length=40, widget=forms.HiddenInput)

    class Meta:
        model = Delivery
        fields = ["recipient", "phone", *ADDRESS_FIELDS, "comment"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["phone"] = format_phone(self.instance.phone)

    def clean_phone(self) -> str:
        """The number as machines write it."""
        return normalize_phone(self.cleaned_data["phone"])

    def get_values(self) -> dict[str, str]:
        """The fields of the delivery as they should be."""
        return {name: self.cleaned_data[name] for name in self._meta.fields or []}


class SlotForm(SeenForm):
    """When the order is brought."""

    slot = forms.TypedChoiceField(label=_("Delivery time"), coerce=int)

    def __init__(self, *args: Any, choices: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["slot"]
        assert isinstance(field, forms.TypedChoiceField)  # noqa: S101 -- for the type checker: made above
        field.choices = choices
