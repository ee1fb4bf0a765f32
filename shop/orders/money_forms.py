"""What staff enter about money."""

from decimal import Decimal
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from core.money import format_money

REFERENCE_HELP = _("The number of the bank transfer: somebody will look for it one day.")


class ReferenceForm(forms.Form):
    """Settling by hand: which transfer it was."""

    reference = forms.CharField(label=_("Number of the transfer"), max_length=200, help_text=REFERENCE_HELP)


class ReturnForm(forms.Form):
    """How a payment went back that no bill of ours stands for."""

    reference = forms.CharField(
        label=_("How the money was given back"),
        max_length=200,
        help_text=_(
            "The number of the bank transfer, or of the refund at the provider. The shopper reads it too."
        ),
    )


class NoteForm(forms.Form):
    """Settling because a person says so."""

    note = forms.CharField(
        label=_("How it was settled"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Stays in the story of the order, with your name."),
    )


class ConfirmForm(forms.Form):
    """Nothing to enter: the button is the answer."""


class RefundForm(forms.Form):
    """Giving money of a paid order back: all that is left, or a part of it."""

    amount = forms.DecimalField(
        label=_("How much to give back, ₽"), max_digits=12, decimal_places=2, min_value=Decimal("0.01")
    )
    reason = forms.CharField(label=_("Why"), max_length=150, help_text=_("The shopper does not see it."))
    reference = forms.CharField(
        label=_("Number of the transfer"), max_length=200, required=False, help_text=REFERENCE_HELP
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, left: Decimal, by_hand: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.update(amount=left, key=uuid4())
        self.fields["amount"].help_text = _("At most %(sum)s.") % {"sum": format_money(left)}
        if by_hand:
            self.fields["reference"].required = True
        else:
            del self.fields["reference"]
