"""What a reader may send under an article."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import RobotTrap
from core.opinions import LONGEST_TEXT


class CommentForm(RobotTrap):
    """A comment: plain words."""

    text = forms.CharField(
        label=_("Your comment"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("It appears when we have read it. We show your first name and nothing else."),
    )
