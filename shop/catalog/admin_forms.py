"""The forms of the shop's manager."""

from typing import Any

from django import forms
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from shop.catalog.tags import Tag


class BerryForm(WagtailAdminModelForm):
    """A berry; its season and its tags are ticked one by one."""

    season_months = forms.TypedMultipleChoiceField(
        label=_("season"),
        choices=list(MONTHS.items()),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("The months in which it ripens."),
    )
    tags = forms.MultipleChoiceField(
        label=_("taste and use"),
        choices=Tag.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("People find the berry by these: “sour”, “for jam”."),
    )


class LotForm(WagtailAdminModelForm):
    """A harvest that has come in."""

    def clean(self) -> dict[str, Any]:
        """Refuse a lot that ended before it was picked."""
        cleaned: dict[str, Any] = super().clean()
        harvested_on, best_before = cleaned.get("harvested_on"), cleaned.get("best_before")
        if harvested_on and best_before and best_before < harvested_on:
            self.add_error("best_before", _("It cannot end before it was harvested."))
        return cleaned


class WriteOffForm(forms.Form):
    """How many packs are spoilt, and why."""

    quantity = forms.IntegerField(label=_("Packs"), min_value=1)
    reason = forms.CharField(label=_("Reason"), max_length=100)

    def __init__(self, *args: Any, left: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["quantity"].widget.attrs["max"] = left

    def refuse_quantity(self, left: int) -> None:
        """Say how many are left at most."""
        self.add_error("quantity", _("Only %(left)s are left.") % {"left": left})
