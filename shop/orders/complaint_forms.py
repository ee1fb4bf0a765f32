"""What a shopper fills in about bad berries, and what staff answer."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from core.money import format_money
from core.photos import shrink_photo
from shop.orders.complaints import BadLine
from shop.orders.models import OrderLine
from shop.orders.models.complaints import LONGEST_TEXT
from shop.orders.money_forms import REFERENCE_HELP

ACCEPTED_PHOTOS = "image/jpeg,image/png,image/webp"


class ComplaintForm(forms.Form):
    """What is wrong; for each line how many packs are bad, and a photo of them."""

    text = forms.CharField(
        label=_("What is wrong"), max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 5})
    )

    def __init__(self, *args: Any, lines: Sequence[OrderLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = lines
        for line in lines:
            numbers = [
                (number, str(number) if number else _("none")) for number in range(line.quantity_left + 1)
            ]
            self.fields[f"quantity_{line.pk}"] = forms.TypedChoiceField(
                label=_("Bad packs"), choices=numbers, coerce=int, empty_value=None, required=False, initial=0
            )
            self.fields[f"photo_{line.pk}"] = forms.FileField(
                label=_("Photo"),
                required=False,
                max_length=500,
                widget=forms.FileInput(attrs={"accept": ACCEPTED_PHOTOS}),
            )

    def list_rows(self) -> list[tuple[OrderLine, BoundField, BoundField]]:
        """Each line with its two fields, for the template."""
        return [(line, self[f"quantity_{line.pk}"], self[f"photo_{line.pk}"]) for line in self.lines]

    def clean(self) -> dict[str, Any]:
        """At least one line is bad; each photo is one, and becomes small."""
        data: dict[str, Any] = super().clean() or {}
        data["bad"] = [bad for line in self.lines if (bad := self._read(line, data))]
        if not data["bad"] and not self.errors:
            raise ValidationError(_("Choose at least one berry and say how many of its packs are bad."))
        return data

    def _read(self, line: OrderLine, data: dict[str, Any]) -> BadLine | None:
        quantity, upload = data.get(f"quantity_{line.pk}"), data.get(f"photo_{line.pk}")
        if not quantity:
            return None
        try:
            return BadLine(line.pk, quantity, shrink_photo(upload) if upload else None)
        except ValidationError as error:
            self.add_error(f"photo_{line.pk}", error)
        return None


class AnswerForm(forms.Form):
    """What the shop answers: some money back, or words why not."""

    ACCEPT, DECLINE = "accept", "decline"

    verdict = forms.ChoiceField(
        label=_("The answer"),
        choices=[(ACCEPT, _("Give money back")), (DECLINE, _("Decline"))],
        widget=forms.RadioSelect,
    )
    amount = forms.DecimalField(
        label=_("How much to give back, ₽"),
        max_digits=12,
        decimal_places=2,
        min_value=Decimal("0.01"),
        required=False,
    )
    words = forms.CharField(
        label=_("Words for the shopper"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Go into the letter. Who declines has to say why."),
    )
    reference = forms.CharField(
        label=_("Number of the transfer"), max_length=200, required=False, help_text=REFERENCE_HELP
    )

    def __init__(self, *args: Any, suggested: Decimal, left: Decimal, by_hand: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("amount", suggested or None)
        self.fields["amount"].help_text = _("At most %(sum)s.") % {"sum": format_money(left)}
        if not by_hand:
            del self.fields["reference"]

    def clean(self) -> dict[str, Any]:
        """A sum for who gives back, words for who declines."""
        data: dict[str, Any] = super().clean() or {}
        is_accepted = data.get("verdict") == self.ACCEPT
        if is_accepted and not data.get("amount") and "amount" not in self.errors:
            self.add_error("amount", _("Say how much goes back."))
        if is_accepted and "reference" in self.fields and not data.get("reference", "").strip():
            self.add_error("reference", _("The provider can't give this back: name the transfer you made."))
        if data.get("verdict") == self.DECLINE and not data.get("words", "").strip():
            self.add_error("words", _("Say why nothing goes back."))
        return data
