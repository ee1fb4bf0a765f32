"""What a courier presses and writes at a stop."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.photos import shrink_photo
from shop.orders.courier.stops import MOVES
from shop.orders.moves import Move

LONGEST_NOTE = 500


class MoveForm(forms.Form):
    """One move of a stop: which, from where it was seen to stand, and what is to be said about it."""

    move = forms.TypedChoiceField(choices=[(move.value, move.label) for move in sorted(MOVES)], coerce=Move)
    seen = forms.CharField(max_length=12)
    note = forms.CharField(label=_("Note"), max_length=LONGEST_NOTE, required=False)
    photo = forms.FileField(label=_("Photo"), required=False, max_length=500)

    def clean(self) -> dict[str, Any]:
        """Who could not deliver says why; a photo becomes small."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("move") == Move.FAIL and not data.get("note", "").strip() and "note" not in self.errors:
            self.add_error("note", _("Say why it could not be delivered: the shopper reads it."))
        if data.get("photo"):
            try:
                data["photo"] = shrink_photo(data["photo"])
            except ValidationError as error:
                self.add_error("photo", error)
        return data
