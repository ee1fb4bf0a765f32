"""Translating in the admin: a draft until somebody publishes it; nothing untranslated goes live by itself."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from wagtail.models import Locale, Page
from wagtail_localize.models import Translation, TranslationSource

from accounts.roles import EDITORS, MANAGERS, MODERATORS
from tests.factories.accounts import UserFactory
from tests.factories.pages import ArticlePageFactory, get_journal_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def english():
    return Locale.objects.get_or_create(language_code="en")[0]


@pytest.fixture
def article(english):
    get_journal_page("en")
    return ArticlePageFactory()


@pytest.fixture
def sign_in(client):
    def enter(group: str):
        user = UserFactory(is_staff=True)
        user.groups.add(Group.objects.get(name=group))
        client.force_login(user)

    return enter


@pytest.fixture
def submit(client, english, django_capture_on_commit_callbacks):
    def post(page: Page):
        address = reverse("wagtail_localize:submit_page_translation", args=[page.pk])
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(address, {"locales": [english.pk], "include_subtree": "on"})

    return post


@pytest.fixture
def update(client, django_capture_on_commit_callbacks):
    def post(page: Page, **form: str):
        source = TranslationSource.objects.get(object_id=page.translation_key)
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(reverse("wagtail_localize:update_translations", args=[source.pk]), form)

    return post


def list_live(english: Locale) -> set[str]:
    return set(Page.objects.live().filter(locale=english).values_list("slug", flat=True))


@pytest.mark.parametrize("group", [EDITORS, MODERATORS])
def test_a_translation_of_a_live_page_is_a_draft(sign_in, submit, english, article, group):
    sign_in(group)
    before = list_live(english)

    assert submit(article).status_code == 302

    assert not article.get_translation(english).live
    assert list_live(english) == before


def test_who_may_not_translate_makes_no_page(sign_in, submit, english, article):
    sign_in(MANAGERS)

    assert submit(article).status_code == 302

    assert not article.has_translation(english)
    assert not Translation.objects.exists()


def test_new_words_are_published_by_nobody_who_may_not(sign_in, submit, update, english, article, client):
    sign_in(EDITORS)
    submit(article)
    before = list_live(english)

    assert update(article, publish_translations="on").status_code == 302

    assert list_live(english) == before
    source = TranslationSource.objects.get(object_id=article.translation_key)
    page = client.get(reverse("wagtail_localize:update_translations", args=[source.pk])).content.decode()
    assert 'type="checkbox"' not in page


def test_new_words_are_published_by_a_moderator_who_asks_for_it(sign_in, submit, update, english, article):
    sign_in(MODERATORS)
    submit(article)
    update(article)
    assert not article.get_translation(english).live

    update(article, publish_translations="on")

    assert article.get_translation(english).live


def test_pages_above_a_translated_one_are_drafts_to_translate(sign_in, submit, english):
    article = ArticlePageFactory()
    sign_in(EDITORS)

    assert submit(article).status_code == 302

    above = list(article.get_translation(english).get_ancestors().filter(depth__gt=1))
    assert [(page.live, page.alias_of) for page in above] == [(False, None)] * 2
    assert Translation.objects.filter(target_locale=english).count() == 3
    assert Page.find_problems() == ([], [], [], [], [])
    assert list_live(english) == set()


def test_a_live_translation_is_not_given_up_by_an_editor(sign_in, submit, update, english, article, client):
    sign_in(MODERATORS)
    submit(article)
    update(article, publish_translations="on")
    translated = article.get_translation(english)
    address = reverse("wagtail_localize:convert_to_alias", args=[translated.pk])
    sign_in(EDITORS)

    assert client.post(address).status_code in {302, 403}
    assert Page.objects.get(pk=translated.pk).alias_of is None

    sign_in(MODERATORS)
    client.post(address)
    assert Page.objects.get(pk=translated.pk).alias_of_id == article.pk
