"""What shoppers choose in lists."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shop.catalog.choices import Sort
from shop.catalog.models import Category


class FilterForm(forms.Form):
    """The choices above a list of berries.

    What makes no sense is left out of `cleaned_data` and said beside its field.
    """

    in_season = forms.BooleanField(label=_("In season now"), required=False)
    in_stock = forms.BooleanField(label=_("In stock"), required=False)
    price_min = forms.DecimalField(
        label=_("from, ₽"), required=False, min_value=0, max_digits=10, decimal_places=2, localize=True
    )
    price_max = forms.DecimalField(
        label=_("to, ₽"), required=False, min_value=0, max_digits=10, decimal_places=2, localize=True
    )
    sort = forms.ChoiceField(label=_("Sorting"), required=False, choices=Sort.choices)

    def __init__(self, data: Any, *, categories: Sequence[Category]) -> None:
        super().__init__(data, auto_id="filter-%s")
        names = [(category.code, category.name) for category in categories]
        self.fields["category"] = forms.ChoiceField(
            label=_("Category"), required=False, choices=[("", _("All berries")), *names]
        )
        self.order_fields(["category"])
        for name in ("price_min", "price_max"):
            self.fields[name].widget.attrs |= {"inputmode": "decimal", "autocomplete": "off", "size": 6}

    def clean(self) -> dict[str, Any]:
        """Refuse a range that ends before it begins: neither of its ends is used then."""
        cleaned = self.cleaned_data
        least: Decimal | None = cleaned.get("price_min")
        most: Decimal | None = cleaned.get("price_max")
        if least is not None and most is not None and least > most:
            self.add_error("price_min", _("The lowest price is above the highest one."))
            cleaned.pop("price_max", None)
        return cleaned

    def get_values(self) -> dict[str, Any]:
        """What was chosen and makes sense, by the names of `listing.Filters`; nothing that was left empty."""
        values = {name: value for name, value in self.cleaned_data.items() if value not in {"", None, False}}
        if "sort" in values:
            values["sort"] = Sort(values["sort"])
        return values
