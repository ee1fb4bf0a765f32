"""What a buyer may send about a berry."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.opinions import LONGEST_TEXT
from shop.reviews.models import BEST

MARKS = {5: _("Excellent"), 4: _("Good"), 3: _("So-so"), 2: _("Poor"), 1: _("Bad")}


class ReviewForm(forms.Form):
    """A mark from 1 to 5, and words."""

    rating = forms.TypedChoiceField(
        label=_("Your mark"),
        coerce=int,
        choices=[(mark, MARKS[mark]) for mark in range(BEST, 0, -1)],
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=_("What was it like"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Taste, ripeness, how it arrived. We show your first name and nothing else."),
    )
