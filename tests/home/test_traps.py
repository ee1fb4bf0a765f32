"""Traps of these versions of Wagtail and wagtail-localize, each found once and guarded since."""

import pytest
from pytest_django.asserts import assertRedirects
from wagtail.models import Locale, Page
from wagtail_localize.models import Translation
from wagtail_localize.operations import translate_object, translate_page_subtree

from core.middleware import STOREFRONT_POLICY
from tests.factories.accounts import UserFactory
from tests.factories.catalog import get_front_page
from tests.factories.pages import ArticlePageFactory, StandardPageFactory, get_journal_page

pytestmark = pytest.mark.django_db
SOUND = ([], [], [], [], [])


def test_translating_a_subtree_makes_drafts_and_leaves_the_tree_sound(django_capture_on_commit_callbacks):
    journal = get_journal_page()
    ArticlePageFactory()
    ArticlePageFactory()
    english = Locale.objects.get_or_create(language_code="en")[0]
    user = UserFactory()

    for page in (get_front_page(), journal):
        with django_capture_on_commit_callbacks(execute=True):
            translate_object(page, [english], user=user)
    with django_capture_on_commit_callbacks(execute=True):
        translate_page_subtree(get_front_page().pk, [english], None, user)

    assert Page.find_problems() == SOUND
    drafts = Page.objects.filter(locale=english)
    assert (drafts.count(), drafts.live().count()) == (4, 0)
    for translation in Translation.objects.order_by("pk"):
        with django_capture_on_commit_callbacks(execute=True):
            translation.save_target(user=user, publish=True)
    assert Page.find_problems() == SOUND
    assert drafts.live().count() == 4


def test_translating_one_page_after_another_leaves_the_tree_sound(django_capture_on_commit_callbacks):
    english = Locale.objects.get_or_create(language_code="en")[0]
    user = UserFactory()
    for page in (get_front_page(), StandardPageFactory(), StandardPageFactory()):
        with django_capture_on_commit_callbacks(execute=True):
            translate_object(page, [english], user=user)

    assert Page.find_problems() == SOUND


def test_the_admin_has_no_door_of_its_own(client):
    response = client.get("/admin/login/?next=/admin/pages/")

    assertRedirects(response, "/account/login/?next=/admin/pages/", fetch_redirect_response=False)


def test_the_storefront_runs_under_the_strict_policy(client):
    StandardPageFactory(slug="about")

    for path in ("/", "/about/", "/newsletter/", "/search/", "/nothing/"):
        assert client.get(path).headers["Content-Security-Policy"] == STOREFRONT_POLICY
    assert "unsafe-inline" not in STOREFRONT_POLICY
    assert "form-action 'self'" in STOREFRONT_POLICY


def test_a_deep_address_is_found_in_as_many_queries_as_a_short_one(client, django_assert_num_queries):
    article = ArticlePageFactory()
    get_journal_page()

    assert client.get(f"/journal/{article.slug}/").status_code == 200
    assert client.get(f"/{article.slug}/").status_code == 404
    assert client.get(f"/journal//{article.slug}/").status_code in (200, 404)


def test_a_draft_is_not_found(client):
    article = ArticlePageFactory()
    article.unpublish()

    assert client.get(f"/journal/{article.slug}/").status_code == 404
