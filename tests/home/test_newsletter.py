import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django.asserts import assertContains, assertRedirects

from tests.factories.catalog import get_front_page

pytestmark = pytest.mark.django_db


def test_says_that_it_starts_soon(client):
    assertContains(client.get("/newsletter/"), "скоро")
    assertContains(client.get("/en/newsletter/"), "soon")


def test_answers_honestly_and_stores_no_address(client):
    get_front_page()
    with CaptureQueriesContext(connection) as queries:
        response = client.post("/newsletter/subscribe/", {"email": "anna@example.com"})

    assertRedirects(response, "/newsletter/?thanks")
    assertContains(client.get("/newsletter/?thanks"), "не сохранили")
    assert not [query for query in queries if not query["sql"].startswith("SELECT")]
    assert mail.outbox == []


@pytest.mark.parametrize("email", ["", "no address", "a@b", "x" * 300 + "@example.com", "a\0@example.com"])
def test_refuses_what_is_no_address(client, email):
    response = client.post("/newsletter/subscribe/", {"email": email})

    assert response.status_code == 422
    assert response.context["newsletter_form"].errors["email"]


def test_subscribing_is_a_post(client):
    assert client.get("/newsletter/subscribe/").status_code == 405
