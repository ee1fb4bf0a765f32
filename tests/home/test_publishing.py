import pytest
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file

from shop.catalog.tasks import warm_renditions
from tests.factories.catalog import HERO, get_front_page
from tests.factories.pages import ArticlePageFactory

pytestmark = pytest.mark.django_db


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
