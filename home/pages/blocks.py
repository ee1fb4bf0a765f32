"""Blocks of the front page."""

from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, StructBlock, TextBlock


class StepBlock(StructBlock):
    """One step of how buying works."""

    title = CharBlock(label=_("Title"), max_length=80)
    text = TextBlock(label=_("Text"))

    class Meta:
        icon = "order"
        label = _("Step")


class QuestionBlock(StructBlock):
    """A question that people ask, and its answer."""

    question = CharBlock(label=_("Question"), max_length=200)
    answer = TextBlock(label=_("Answer"))

    class Meta:
        icon = "help"
        label = _("Question")
