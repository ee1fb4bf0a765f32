"""What shoppers choose among the results of a search."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from shop.catalog.choices import Sort
from shop.catalog.forms import FilterForm
from shop.catalog.models import Category


class SearchFilterForm(FilterForm):
    """The catalog's choices; left alone, the best match comes first."""

    def __init__(self, data: Any, *, categories: Sequence[Category]) -> None:
        super().__init__(data, categories=categories)
        self.fields["sort"].choices = [("", _("Best match first")), *Sort.choices]  # type: ignore[attr-defined]  # a ChoiceField
