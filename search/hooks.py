"""What editors teach the search, in the Wagtail admin. Rights are Django's permissions on the models."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSetGroup

from core.records import RecordViewSet
from search.models import Promotion, Synonym
from search.report import PrefilledSynonymView


class SynonymViewSet(RecordViewSet):
    """Other words for what the shop sells."""

    model = Synonym
    add_view_class = PrefilledSynonymView
    icon = "list-ul"
    list_display = ["typed", "means", "language"]
    list_filter = ["language"]
    search_fields = ["typed", "means"]
    list_per_page = 50
    panels = [FieldPanel("language"), FieldRowPanel([FieldPanel("typed"), FieldPanel("means")])]


class PromotionViewSet(RecordViewSet):
    """Pages that come first."""

    model = Promotion
    icon = "pick"
    list_display = ["typed", "page", "language", "position"]
    list_filter = ["language"]
    search_fields = ["typed", "page__title"]
    list_per_page = 50
    panels = [
        FieldRowPanel([FieldPanel("language"), FieldPanel("typed")]),
        FieldPanel("page"),
        FieldPanel("position"),
    ]


class SearchViewSetGroup(SnippetViewSetGroup):
    """The search's part of the menu."""

    items = (SynonymViewSet, PromotionViewSet)
    menu_label = _("Shop search")
    menu_name = "search"
    menu_icon = "search"
    menu_order = 160


register_snippet(SearchViewSetGroup)
