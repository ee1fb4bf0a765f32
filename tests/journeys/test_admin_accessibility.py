"""axe finds nothing on our own screens of the admin that it doesn't find on Wagtail's."""

import json
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page

from tests.journeys.axe import Violation, find_violations
from tests.journeys.stack import Shop
from tests.journeys.staff import find_page_id, run_in_shop, sign_in

pytestmark = pytest.mark.journey
# Wagtail's own: lists, a report, a form with all of its widgets, a form of a record as it makes one.
WAGTAILS = (
    "images/",
    "reports/site-history/",
    "redirects/",
    "pages/{front}/edit/",
    "snippets/home/author/edit/{author}/",
)
OURS = (
    "",
    "newsletter/",
    "reports/searches/",
    "snippets/shop/mismatch/",
    "pages/{catalog}/",
    "pages/add/shop/berrypage/{catalog}/",
    "snippets/shop/berry/",
    "pages/{berry}/edit/",
    "pages/{category}/edit/",
    "newsletter/issue/{issue}/",
    "newsletter/mailing/{mailing}/",
    "snippets/home/subscriber/",
    "snippets/home/subscriber/inspect/{subscriber}/",
    "snippets/home/comment/",
    "snippets/home/comment/edit/{comment}/",
    "snippets/shop/review/",
    "snippets/shop/review/edit/{review}/",
    "snippets/home/author/",
    "settings/core/sellersettings/{site}/",
    "settings/core/publicitysettings/{site}/",
)
# A row for each screen that shows one, made where the demo has none.
PLACES = """
import json
from accounts.models import User
from home.journal.comments.models import Comment
from home.journal.models import ArticlePage, Author
from home.newsletter.models import Mailing, NewsletterPage, Subscriber
from shop.catalog.pages import BerryPage, CategoryPage
from shop.reviews.models import Review
from wagtail.models import Site
user, berry = User.objects.get(email="shopper@anyberry.example"), BerryPage.objects.live().first()
words = {"text": "Вкусно", "language": "ru"}
review, _is_new = Review.objects.get_or_create(user=user, berry=berry.berry, defaults=words | {"rating": 5})
comment, _is_new = Comment.objects.get_or_create(user=user, page=ArticlePage.objects.first(), defaults=words)
print(json.dumps({
    "author": Author.objects.first().pk,
    "berry": berry.pk, "category": CategoryPage.objects.live().first().pk, "review": review.pk,
    "comment": comment.pk, "issue": NewsletterPage.objects.first().pk, "mailing": Mailing.objects.first().pk,
    "subscriber": Subscriber.objects.first().pk, "site": Site.objects.get(is_default_site=True).pk,
}))
"""
DROP = """
from home.journal.comments.models import Comment
from shop.reviews.models import Review
for model in (Comment, Review):
    model.objects.filter(user__email="shopper@anyberry.example", text="Вкусно").delete()
"""


@pytest.fixture
def places() -> Iterator[dict[str, int]]:
    """The rows that the screens show."""
    yield json.loads(run_in_shop(PLACES))
    run_in_shop(DROP)


def look(page: Page, shop: Shop, path: str, places: dict[str, int]) -> list[Violation]:
    page.goto(f"{shop.url}/admin/{path.format(**places)}")
    page.wait_for_load_state("networkidle")
    page.set_viewport_size({"width": 1280, "height": 900})
    return find_violations(page)


def test_our_screens_add_no_violation_to_wagtails(
    shop: Shop, desk: Callable[[], Page], places: dict[str, int]
) -> None:
    page = desk()
    sign_in(page, shop, "owner")
    catalog = find_page_id(page, shop, "catalog")
    places |= {"catalog": catalog, "front": find_page_id(page, shop, "anyberry-ru")}
    known = {found[:2] for path in WAGTAILS for found in look(page, shop, path, places)}  # themes and rules

    added = [found for path in OURS for found in look(page, shop, path, places) if found[:2] not in known]

    assert not added, "\n".join(map(str, added))
