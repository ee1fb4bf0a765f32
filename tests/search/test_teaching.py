"""What editors teach the search, in the admin: who may, and what is refused."""

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from search.models import Promotion, Synonym
from tests.factories.accounts import UserFactory
from tests.factories.catalog import BerryFactory, BerryPageFactory

pytestmark = pytest.mark.django_db
ADMIN = "/admin/snippets/search"


def sign_in(client, *permissions):
    user = UserFactory(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=[*permissions, "access_admin"]))
    client.force_login(user)


def test_an_editor_teaches_a_synonym(client):
    sign_in(client, "add_synonym", "change_synonym")

    response = client.post(
        f"{ADMIN}/synonym/add/", {"language": "ru", "typed": "  ВИКТОРИЯ ", "means": "Клубника"}
    )

    assert response.status_code == 302
    assert list(Synonym.objects.values_list("typed", "means")) == [("виктория", "клубника")]
    assert "виктория" in client.get(f"{ADMIN}/synonym/").content.decode()


@pytest.mark.parametrize("model", ["synonym", "promotion"])
def test_who_has_no_right_changes_nothing(client, model):
    sign_in(client)

    for path in (f"{ADMIN}/{model}/", f"{ADMIN}/{model}/add/"):
        assert client.get(path).status_code == 302
    client.post(f"{ADMIN}/synonym/add/", {"language": "ru", "typed": "виктория", "means": "клубника"})

    assert not Synonym.objects.exists()


def test_a_guest_is_sent_to_sign_in(client):
    assert "login" in client.get(f"{ADMIN}/synonym/").url


@pytest.mark.parametrize(
    ("typed", "means"), [("!!!", "клубника"), ("виктория", "«»"), ("Клубника", "клубника")]
)
def test_a_synonym_has_different_words_on_both_sides(client, typed, means):
    sign_in(client, "add_synonym")

    response = client.post(f"{ADMIN}/synonym/add/", {"language": "ru", "typed": typed, "means": means})

    assert response.status_code == 200
    assert not Synonym.objects.exists()


def test_a_synonym_is_taught_once():
    Synonym.objects.create(language="ru", typed="виктория", means="клубника")

    with pytest.raises(IntegrityError), transaction.atomic():
        Synonym.objects.create(language="ru", typed="Виктория", means="Клубника")
    Synonym.objects.create(language="en", typed="виктория", means="клубника")


def test_a_promoted_page_speaks_the_language_of_the_query():
    page = BerryPageFactory(berry=BerryFactory(), language="en")

    with pytest.raises(ValidationError):
        Promotion(language="ru", typed="клубника", page=page).full_clean()
    Promotion(language="en", typed="strawberry", page=page).full_clean()


def test_a_promotion_goes_with_its_page():
    page = BerryPageFactory()
    Promotion.objects.create(language="ru", typed="клубника", page=page)
    page.delete()

    assert not Promotion.objects.exists()
