import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects
from wagtail.models import Site

from core.publicity import PublicitySettings
from home.journal.comments.models import Comment
from home.journal.comments.services import MOST_COMMENTS
from tests.factories.accounts import UserFactory
from tests.factories.pages import ArticlePageFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def article():
    return ArticlePageFactory()


def write(client, article, text="Спасибо, помогло!", **more):
    return client.post(f"/journal/comments/{article.pk}/add/", {"text": text, **more})


def publish(article, text="Отлично.", **values):
    values = {"user": UserFactory(), "language": "ru", "status": Comment.Status.PUBLISHED} | values
    return Comment.objects.create(page=article, text=text, **values)


def test_a_comment_is_seen_by_its_author_alone_until_it_is_read(client, article):
    user = UserFactory()
    client.force_login(user)

    assertRedirects(write(client, article), f"{article.url}#comments")

    comment = Comment.objects.get()
    assert (comment.status, comment.user, comment.language) == (Comment.Status.WAITING, user, "ru")
    assertContains(client.get(article.url), "Спасибо, помогло!")
    client.logout()
    assertNotContains(client.get(article.url), "Спасибо, помогло!")
    Comment.objects.update(status=Comment.Status.PUBLISHED)
    assertContains(client.get(article.url), "Спасибо, помогло!")


def test_guests_and_the_unconfirmed_may_not_write(client, article):
    assert "/account/login/" in write(client, article).url
    client.force_login(UserFactory(verified=False))
    assert "/account/confirm/" in write(client, article).url

    assert not Comment.objects.exists()


@pytest.mark.parametrize("text", ["", "   ", "x" * 2001, "a\0b"])
def test_what_is_no_comment_is_refused(client, article, text):
    client.force_login(UserFactory())

    assert write(client, article, text).status_code == 422
    assert not Comment.objects.exists()


def test_a_robot_is_thanked_and_ignored(client, article):
    client.force_login(UserFactory())

    assert write(client, article, website="https://spam.example").status_code == 302
    assert not Comment.objects.exists()


def test_nobody_writes_without_end(client, article):
    client.force_login(UserFactory())
    for number in range(MOST_COMMENTS):
        write(client, article, f"Раз {number}")

    assert write(client, article, "Ещё").status_code == 429
    assert Comment.objects.count() == MOST_COMMENTS


def test_its_author_changes_it_and_it_is_read_again(client, article):
    comment = publish(article, user=UserFactory())
    client.force_login(comment.user)

    assertContains(client.get(f"/journal/comments/{comment.pk}/edit/"), "Отлично.")
    client.post(f"/journal/comments/{comment.pk}/edit/", {"text": "Передумал."})

    comment.refresh_from_db()
    assert (comment.text, comment.status) == ("Передумал.", Comment.Status.WAITING)
    client.post(f"/journal/comments/{comment.pk}/remove/")
    assert not Comment.objects.exists()


@pytest.mark.parametrize("action", ["edit", "remove"])
def test_somebody_elses_is_not_found(client, article, action):
    comment = publish(article)
    client.force_login(UserFactory())

    response = client.post(f"/journal/comments/{comment.pk}/{action}/", {"text": "Моё"})

    assert response.status_code == 404
    assert Comment.objects.get().text == "Отлично."


def test_an_article_that_is_gone_takes_no_comment(client):
    client.force_login(UserFactory())

    assert write(client, ArticlePageFactory(live=False)).status_code == 404
    assert client.post(f"/journal/comments/{2**31}/add/", {"text": "x"}).status_code == 404
    assert client.get(f"/journal/comments/{'9' * 30}/edit/").status_code == 404


def test_queries_do_not_grow_with_the_comments(client, article):
    def count():
        client.get(article.url)
        with CaptureQueriesContext(connection) as queries:
            client.get(article.url)
        return len(queries)

    publish(article)
    once = count()
    for _ in range(3):
        publish(article)

    assert count() == once


def test_a_moderator_publishes_in_the_admin(client, article):
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    comment = publish(article, status=Comment.Status.WAITING)

    assertContains(client.get("/admin/snippets/home/comment/"), "Отлично.")
    client.post(f"/admin/bulk/home/comment/publish_opinions/?next=/admin/&id={comment.pk}")

    comment.refresh_from_db()
    assert comment.status == Comment.Status.PUBLISHED


def test_disqus_takes_the_place_of_ours_where_a_shop_wants_it(client, article):
    publish(article)
    PublicitySettings.objects.create(
        site=Site.objects.get(is_default_site=True), disqus_shortname="anyberry-test"
    )

    response = client.get(article.url)

    assertContains(response, 'data-shortname="anyberry-test"')
    assertNotContains(response, "Отлично.")
    assert "https://anyberry-test.disqus.com" in response["Content-Security-Policy"]
    assertNotContains(response, "disqus.com/embed.js")
