from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, ListBlock, StructBlock, TextBlock

from home.pages.blocks.section import SectionBlock


class QuestionBlock(StructBlock):
    """A question that people ask, and its answer."""

    question = CharBlock(label=_("Question"), max_length=200)
    answer = TextBlock(label=_("Answer"))

    class Meta:
        icon = "help"
        label = _("Question")


class QuestionsBlock(SectionBlock):
    """Questions that unfold their answers."""

    questions = ListBlock(QuestionBlock(), label=_("Questions"), min_num=1, max_num=30)

    class Meta:
        icon = "help"
        label = _("Questions and answers")
        template = "blocks/questions.html"
        description = _("Questions that people ask; a click unfolds the answer")
        preview_value = {
            "title": "Частые вопросы",
            "questions": [{"question": "Нужно ли мыть ягоды сразу?", "answer": "Лучше нет."}],
        }
