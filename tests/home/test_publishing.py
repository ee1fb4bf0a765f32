import pytest
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from home.journal.models import ArticlePage
from shop.catalog.tasks import warm_renditions
from tests.factories.accounts import UserFactory
from tests.factories.catalog import HERO, get_front_page
from tests.factories.pages import ArticlePageFactory, get_journal_page

pytestmark = [
    pytest.mark.django_db,
    # Wagtail's thumbnails leave their temporary files to the garbage collector.
    pytest.mark.filterwarnings("ignore:Exception ignored in. <function SpooledTemporaryFile"),
]


@pytest.fixture
def image():
    return get_image_model().objects.create(title="Клубника", file=get_test_image_file())


@pytest.fixture
def asked(monkeypatch):
    """The images whose sizes were asked for."""
    ids = []
    monkeypatch.setattr(
        warm_renditions, "apply_async", lambda kwargs, **options: ids.append(kwargs["image_id"])
    )
    return ids


def test_publishing_an_article_has_its_pictures_made(image, asked, django_capture_on_commit_callbacks):
    article = ArticlePageFactory(picture=image)
    with django_capture_on_commit_callbacks(execute=True):
        article.save_revision().publish()

    assert asked == [image.pk]


def test_publishing_the_front_page_has_its_picture_made(image, asked, django_capture_on_commit_callbacks):
    front = get_front_page()
    front.body = [("hero", HERO | {"image": image, "alt": "Клубника"})]
    front.save()
    with django_capture_on_commit_callbacks(execute=True):
        front.save_revision().publish()

    assert asked == [image.pk]


@pytest.mark.parametrize("kind", ["articlepage", "recipepage"])
def test_a_picture_nothing_is_said_about_is_not_published_but_drafted(client, image, kind):
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    address = f"/admin/pages/add/home/{kind}/{get_journal_page().pk}/"
    words = nested_form_data(
        {
            "title": "Морс",
            "slug": "mors",
            "lead": "Кисло.",
            "published_on": "2026-07-01",
            "picture": image.pk,
            "servings": 4,
            "prep_minutes": 1,
            "cook_minutes": 1,
            "body": streamfield([]),
            "ingredients": streamfield([("other", {"name": "Вода", "amount": "", "unit": ""})]),
            "steps": streamfield([("step", {"text": "Варить."})]),
            "article_topics": inline_formset([]),
            "comments": inline_formset([]),
        }
    )

    response = client.post(address, words | {"action-publish": "1"})
    assert response.context["form"].errors == {"picture_alt": ["Скажите, что на картинке."]}
    assert not ArticlePage.objects.exists()

    client.post(address, words)
    assert not ArticlePage.objects.get().live

    client.post(address, words | {"slug": "mors-2", "picture_alt": "Стакан", "action-publish": "1"})
    assert ArticlePage.objects.get(slug="mors-2").live
