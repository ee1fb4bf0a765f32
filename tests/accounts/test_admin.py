"""Staff and the users' part of the Wagtail admin."""

import pytest
from django.contrib.auth.models import Group, Permission

from accounts.models import User
from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.catalog import get_catalog_page

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def site():
    get_catalog_page("en")


@pytest.fixture
def owner(client):
    user = UserFactory(is_superuser=True, is_staff=True)
    client.force_login(user)
    return user


@pytest.fixture
def manager(client):
    user = UserFactory()
    group = Group.objects.create(name="People")
    names = ["access_admin", "add_user", "change_user", "delete_user"]
    group.permissions.set(Permission.objects.filter(codename__in=names))
    user.groups.add(group)
    client.force_login(user)
    return user


def fill(**values):
    data = {
        "email": "New@Example.com",
        "name": "Новая Сотрудница",
        "phone": "",
        "language": "ru",
        "password1": PASSWORD,
        "password2": PASSWORD,
    }
    return data | values


def test_owners_make_users(client, owner):
    assert client.get("/admin/users/new/").status_code == 200

    response = client.post("/admin/users/new/", fill(is_superuser="on"))

    assert response.status_code == 302
    user = User.objects.get(email="new@example.com")
    assert (user.name, user.is_superuser, user.check_password(PASSWORD)) == ("Новая Сотрудница", True, True)


def test_owners_change_users(client, owner):
    user = UserFactory(email="old@example.com")
    path = f"/admin/users/edit/{user.pk}/"
    assert "old@example.com" in client.get(path).content.decode()

    response = client.post(path, fill(password1="", password2="", is_active="on"))

    user.refresh_from_db()
    assert response.status_code == 302
    assert (user.email, user.name, user.is_active, user.check_password(PASSWORD)) == (
        "new@example.com",
        "Новая Сотрудница",
        True,
        True,
    )


def test_owners_edit_themselves(client, owner):
    path = f"/admin/users/edit/{owner.pk}/"
    assert client.get(path).status_code == 200

    response = client.post(path, fill(email=owner.email, password1="", password2=""))

    owner.refresh_from_db()
    assert response.status_code == 302
    assert (owner.name, owner.is_superuser, owner.is_active) == ("Новая Сотрудница", True, True)


@pytest.mark.parametrize(
    "email", ["TAKEN@example.com", "taken@example.com", "", "nonsense", "a\0@example.com"]
)
def test_addresses_taken_or_senseless_are_refused(client, owner, email):
    UserFactory(email="taken@example.com")
    before = User.objects.count()

    response = client.post("/admin/users/new/", fill(email=email))

    assert response.status_code == 200
    assert User.objects.count() == before


def test_the_list_finds_users(client, owner):
    UserFactory(email="anna@example.com")

    for query in ("", "?q=anna", "?ordering=email", "?ordering=-last_login", "?is_superuser=true"):
        response = client.get(f"/admin/users/{query}")
        assert response.status_code == 200, query
    assert "anna@example.com" in client.get("/admin/users/?q=anna").content.decode()


def test_managers_make_no_owners(client, manager):
    client.post("/admin/users/new/", fill(is_superuser="on"))

    assert User.objects.get(email="new@example.com").is_superuser is False


def test_managers_do_not_touch_owners(client, manager):
    owner = UserFactory(is_superuser=True)
    path = f"/admin/users/edit/{owner.pk}/"

    for response in (client.get(path), client.post(path, fill(email=owner.email))):
        assert response.status_code in {302, 403}
    owner.refresh_from_db()
    assert owner.name == "Анна Ягодкина"


def test_shoppers_have_no_admin(client):
    client.force_login(UserFactory())

    response = client.get("/admin/")

    assert response.status_code in {302, 403}
    assert client.get("/admin/users/").status_code in {302, 403}


@pytest.mark.parametrize("path", ["/admin/", "/admin/login/"])
def test_staff_sign_in_where_everybody_does(client, path):
    response = client.get(path, follow=True)

    assert response.redirect_chain[-1][0].startswith("/account/login/")


def test_staff_come_to_the_admin_after_signing_in(client):
    owner = UserFactory(is_superuser=True, is_staff=True)

    response = client.post("/account/login/", {"login": owner.email, "password": PASSWORD, "next": "/admin/"})

    assert response["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_the_account_page_of_the_admin_works(client, owner):
    assert client.get("/admin/account/").status_code == 200
