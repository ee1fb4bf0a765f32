"""Staff and the users' part of the Wagtail admin."""

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group, Permission
from django.core import mail

from accounts.models import User
from core.models import Mail
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


# What the forms of the admin's own account page send.
SETTINGS = {
    "name-name": "Мария Смородина",
    "theme-theme": "dark",
    "theme-contrast": "system",
    "theme-density": "default",
}


def read_mailboxes(user):
    return list(EmailAddress.objects.filter(user=user).values_list("email", "verified", "primary"))


def signs_in(client, email):
    """The answer to the right password, where it led on."""
    response = client.post("/account/login/", {"login": email, "password": PASSWORD})
    return response if response.status_code == 302 else None


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


class TestOwnAccount:
    """The admin's page where staff look after themselves."""

    PATH = "/admin/account/"

    def test_the_name_is_changed_and_nothing_else_of_ours(self, client, owner):
        page = client.get(self.PATH).text
        assert 'value="Анна Ягодкина"' in page
        assert 'href="/account/"' in page

        response = client.post(self.PATH, SETTINGS)

        owner.refresh_from_db()
        assert response.status_code == 302
        assert owner.name == "Мария Смородина"

    @pytest.mark.parametrize(
        "sly",
        [
            {"name_email-email": "mine@example.com", "name-email": "mine@example.com"},
            {
                "password-old_password": PASSWORD,
                "password-new_password1": "x" * 20,
                "password-new_password2": "x" * 20,
            },
        ],
    )
    def test_address_and_password_stay(self, client, owner, sly):
        email = owner.email

        client.post(self.PATH, SETTINGS | sly)

        owner.refresh_from_db()
        assert owner.email == email
        assert owner.check_password(PASSWORD)

    def test_shoppers_and_guests_have_none(self, client):
        assert client.get(self.PATH)["Location"].startswith("/account/login/")

        client.force_login(UserFactory())
        assert client.get(self.PATH).status_code == 302


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("path", ["", "done/", "confirm/MQ/set-password/", "complete/"])
def test_passwords_are_reset_on_our_own_pages_alone(client, path, method):
    owner = UserFactory(is_superuser=True)

    response = getattr(client, method)(f"/admin/password_reset/{path}", {"email": owner.email})

    assert response.status_code == 404
    assert not mail.outbox
    assert not Mail.objects.exists()


class TestMailbox:
    """What the owner does to somebody's address."""

    @pytest.fixture
    def user(self, owner):
        return UserFactory(email="old@example.com", language="en")

    def change(self, client, user, **values):
        data = fill(password1="", password2="", is_active="on", language="en") | values
        return client.post(f"/admin/users/edit/{user.pk}/", data)

    def test_another_one_has_to_be_confirmed_and_the_old_one_opens_nothing(self, client, user):
        self.change(client, user)

        assert read_mailboxes(user) == [("new@example.com", False, True)]
        client.post("/account/logout/")
        assert not signs_in(client, "old@example.com")
        assert signs_in(client, "new@example.com")["Location"] == "/account/confirm-email/"

    def test_the_old_one_is_told(self, client, user, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            self.change(client, user)

        assert [message.to for message in mail.outbox] == [["old@example.com"]]
        assert "new@example.com" in mail.outbox[0].body

    def test_one_that_was_to_be_confirmed_anyway_takes_its_place(self, client, user):
        EmailAddress.objects.create(user=user, email="new@example.com")

        self.change(client, user)

        assert read_mailboxes(user) == [("new@example.com", False, True)]

    def test_the_same_one_stays_confirmed(self, client, user):
        self.change(client, user, email="OLD@example.com")

        assert read_mailboxes(user) == [("old@example.com", True, True)]
        assert not Mail.objects.exists()

    def test_who_is_made_here_confirms_theirs_at_the_first_sign_in(self, client, owner):
        client.post("/admin/users/new/", fill())

        user = User.objects.get(email="new@example.com")
        assert read_mailboxes(user) == [("new@example.com", False, True)]
