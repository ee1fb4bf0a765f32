"""Authors and topics in the Wagtail admin."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSetGroup

from core.records import RecordViewSet
from home.journal.models import Author, Topic


class AuthorViewSet(RecordViewSet):
    """Who writes."""

    model = Author
    icon = "user"
    list_display = ["name_ru", "name_en", "about_ru"]
    search_fields = ["name_ru", "name_en"]
    panels = [
        FieldRowPanel([FieldPanel("name_ru"), FieldPanel("name_en")]),
        FieldRowPanel([FieldPanel("about_ru"), FieldPanel("about_en")]),
        FieldPanel("picture"),
    ]


class TopicViewSet(RecordViewSet):
    """What articles are about."""

    model = Topic
    icon = "tag"
    list_display = ["name_ru", "name_en", "code"]
    search_fields = ["name_ru", "name_en", "code"]
    panels = [FieldRowPanel([FieldPanel("name_ru"), FieldPanel("name_en")]), FieldPanel("code")]


class JournalGroup(SnippetViewSetGroup):
    """One place in the menu for what articles refer to."""

    menu_label = _("Journal")
    menu_icon = "doc-full"
    menu_order = 300
    items = (AuthorViewSet, TopicViewSet)


register_snippet(JournalGroup)
