"""What a reader may send under an article."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.opinions import LONGEST_TEXT


class CommentForm(forms.Form):
    """A comment: plain words. `website` is a trap for robots."""

    text = forms.CharField(
        label=_("Your comment"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("It appears when we have read it. We show your first name and nothing else."),
    )
    website = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )

    @property
    def is_robot(self) -> bool:
        """Whether a field was filled that no person sees."""
        return bool(self.cleaned_data.get("website"))
