"""What a heart may send."""

from django import forms

MAX_KEY = 2**63 - 1  # the largest key PostgreSQL holds


class BerryForm(forms.Form):
    """Which berry."""

    berry = forms.IntegerField(min_value=1, max_value=MAX_KEY)
