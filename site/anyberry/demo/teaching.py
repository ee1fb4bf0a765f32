"""What the demo's editors taught the search: synonyms and promoted pages."""

from wagtail.models import Page

from anyberry.demo.source import Record
from anyberry.demo.tree import make_key
from search.models import Promotion, Synonym


def teach_search(content: Record) -> None:
    """Make the synonyms and promotions that are missing."""
    for synonym in content["synonym"]:
        for means in synonym["means"]:
            Synonym.objects.get_or_create(language=synonym["language"], typed=synonym["typed"], means=means)
    for promotion in content["promotion"]:
        key = make_key(f"article/{promotion['article']}")
        page = Page.objects.get(translation_key=key, locale__language_code=promotion["language"])
        Promotion.objects.get_or_create(language=promotion["language"], typed=promotion["typed"], page=page)
