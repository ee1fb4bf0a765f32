"""The second step: an app's codes, codes on paper, passkeys, and staff who must have one."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.contrib.auth.models import Group
from django.core import mail
from django.core.files.base import ContentFile

from accounts.roles import COURIERS
from accounts.second_step import SecondStepAdapter
from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.catalog import get_catalog_page
from tests.factories.orders import make_order

pytestmark = pytest.mark.django_db
ROOT = "/account/second-step"
SECRET = re.compile(r'second-step__secret">(\w+)<')


@pytest.fixture(autouse=True)
def _site(settings):
    settings.ACCOUNT_RATE_LIMITS = {}
    get_catalog_page("en")


@pytest.fixture
def user():
    return UserFactory()


@pytest.fixture
def shopper(client, user):
    """Signed in, and just now asked for the password once more."""
    sign_in(client, user)
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    return client


def sign_in(client, user):
    return client.post("/account/login/", {"login": user.email, "password": PASSWORD})


def make_code(secret, *, off=0):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + off))


def switch_on(client):
    """Set up the app; its secret."""
    secret = SECRET.search(client.get(f"{ROOT}/totp/activate/").content.decode())[1]
    response = client.post(f"{ROOT}/totp/activate/", {"code": make_code(secret)})
    assert response["Location"] == f"{ROOT}/recovery-codes/"
    client.post("/account/logout/")
    return secret


def is_signed_in(client):
    return "_auth_user_id" in client.session


def test_setting_it_up_asks_for_the_password_first(client, user):
    sign_in(client, user)

    response = client.get(f"{ROOT}/totp/activate/")

    assert response["Location"].startswith("/account/reauthenticate/")
    assert not Authenticator.objects.exists()


def test_the_picture_can_be_shown_under_our_policy(shopper):
    response = shopper.get(f"{ROOT}/totp/activate/")

    assert 'src="data:image/svg+xml;base64,' in response.content.decode()
    assert "img-src 'self' data:" in response["Content-Security-Policy"]


def test_after_the_password_a_code_is_asked_for(shopper, user):
    secret = switch_on(shopper)

    response = sign_in(shopper, user)
    assert response["Location"] == f"{ROOT}/authenticate/"
    assert not is_signed_in(shopper)

    shopper.post(f"{ROOT}/authenticate/", {"code": make_code(secret, off=1)})
    assert is_signed_in(shopper)


def test_the_owner_is_told_by_mail(shopper, user, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        switch_on(shopper)

    assert [message.to for message in mail.outbox] == [[user.email]]
    assert "/account/second-step/" in mail.outbox[0].body


def test_a_wrong_code_lets_nobody_in(shopper, user):
    switch_on(shopper)
    sign_in(shopper, user)

    for code in ("000000", "", "\0", "9" * 500):
        assert shopper.post(f"{ROOT}/authenticate/", {"code": code}).status_code == 200
    assert not is_signed_in(shopper)


def test_codes_can_not_be_tried_out(shopper, user):
    switch_on(shopper)
    sign_in(shopper, user)

    answers = [shopper.post(f"{ROOT}/authenticate/", {"code": "000000"}) for _ in range(6)]

    assert answers[-1].status_code == 429
    assert int(answers[-1]["Retry-After"]) > 0
    assert not is_signed_in(shopper)


def test_a_code_by_mail_does_not_go_round_it(shopper, user):
    switch_on(shopper)
    shopper.post("/account/login/code/", {"email": user.email})
    code = re.search(r"^([A-Z0-9-]{6,})$", mail.outbox[-1].body, re.MULTILINE)[1]

    response = shopper.post("/account/login/code/confirm/", {"code": code})

    assert response["Location"] == f"{ROOT}/authenticate/"
    assert not is_signed_in(shopper)


def test_a_recovery_code_works_once(shopper, user):
    switch_on(shopper)
    codes = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()

    for expected in (True, False):
        sign_in(shopper, user)
        shopper.post(f"{ROOT}/authenticate/", {"code": codes[0]})
        assert is_signed_in(shopper) is expected
        shopper.post("/account/logout/")


def test_recovery_codes_are_shown_and_come_as_a_file(shopper):
    secret = SECRET.search(shopper.get(f"{ROOT}/totp/activate/").content.decode())[1]
    shopper.post(f"{ROOT}/totp/activate/", {"code": make_code(secret)})

    html = shopper.get(f"{ROOT}/recovery-codes/").content.decode()
    file = shopper.get(f"{ROOT}/recovery-codes/download/")

    codes = file.content.decode().split()
    assert len(codes) == 10
    assert all(code in html for code in codes)
    assert "attachment" in file["Content-Disposition"]


def test_the_database_keeps_no_secret_that_can_be_read(shopper):
    secret = switch_on(shopper)

    assert all(secret not in str(row.data) for row in Authenticator.objects.all())


def test_secrets_are_read_with_a_key_of_before(settings):
    kept = SecondStepAdapter().encrypt("berry")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a newer one", [settings.SECRET_KEY]

    assert kept != "berry"
    assert SecondStepAdapter().decrypt(kept) == "berry"


def test_where_the_key_is_lost_no_code_is_right_and_nothing_breaks(shopper, user):
    secret = switch_on(shopper)
    kept = Authenticator.objects.get(type="totp").data["secret"]
    sign_in(shopper, user)
    rows = Authenticator.objects.filter(type="totp")
    rows.update(data={"secret": kept[:-8] + "AAAAAAA="})

    assert shopper.post(f"{ROOT}/authenticate/", {"code": make_code(secret, off=1)}).status_code == 200
    assert not is_signed_in(shopper)
    assert SecondStepAdapter().decrypt("lost") != SecondStepAdapter().decrypt("lost")


def test_switching_it_off_is_told_and_takes_the_codes_along(
    shopper, user, django_capture_on_commit_callbacks
):
    secret = switch_on(shopper)
    sign_in(shopper, user)
    shopper.post(f"{ROOT}/authenticate/", {"code": make_code(secret, off=1)})
    shopper.post("/account/reauthenticate/", {"password": PASSWORD})

    with django_capture_on_commit_callbacks(execute=True):
        shopper.post(f"{ROOT}/totp/deactivate/")

    assert not Authenticator.objects.exists()
    assert [message.to for message in mail.outbox] == [[user.email]]


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("path", ["/", "/totp/activate/", "/webauthn/", "/webauthn/add/"])
def test_every_page_is_there(shopper, prefix, path):
    assert shopper.get(f"{prefix}{ROOT}{path}").status_code == 200


ANSWER = '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {"clientDataJSON": "e30", %s}}'
SENSELESS = [
    *(
        "",
        "{}",
        "[]",
        "nonsense",
        '{"id": 1}',
        '{"id": "x", "rawId": "x", "response": []}',
        '"x"',
        "null",
        "\0",
    ),
    ANSWER % '"attestationObject": "AA"',
    ANSWER % '"authenticatorData": "AA", "signature": "AA", "userHandle": "OTk5OTk5OTk5OTk5OTk5OTk5OTk5"',
]


@pytest.mark.parametrize("credential", SENSELESS)
def test_keys_that_are_none_are_refused(shopper, credential):
    shopper.get(f"{ROOT}/webauthn/add/")

    response = shopper.post(f"{ROOT}/webauthn/add/", {"name": "x", "credential": credential})

    assert response.status_code == 200
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize("credential", SENSELESS)
def test_nobody_signs_in_with_a_key_that_is_none(client, credential):
    client.get(f"{ROOT}/webauthn/login/", headers={"x-requested-with": "XMLHttpRequest"})

    response = client.post(f"{ROOT}/webauthn/login/", {"credential": credential})

    assert response.status_code == 302
    assert not is_signed_in(client)


@pytest.mark.parametrize("credential", [{"id": 1}, {"id": "x", "rawId": "x"}, [], "x", None])
def test_programs_with_a_key_that_is_none_are_refused(client, credential):
    path = "/api/auth/app/v1/auth/webauthn/login"
    client.get(path)

    response = client.post(path, {"credential": credential}, content_type="application/json")

    assert response.status_code == 400


class TestStaff:
    @pytest.fixture
    def owner(self, client):
        user = UserFactory(is_staff=True, is_superuser=True)
        client.force_login(user)
        return user

    def test_need_no_second_step_where_nobody_asks_for_it(self, client, owner):
        assert client.get("/admin/").status_code == 200

    @pytest.mark.parametrize("path", ["/admin/", "/admin/pages/", "/documents/1/x/"])
    def test_are_led_to_set_one_up_where_it_is_required(self, client, owner, settings, path):
        settings.STAFF_MFA_REQUIRED = True

        assert client.get(path)["Location"] == f"{ROOT}/"
        assert client.post(path)["Location"] == f"{ROOT}/"
        assert "alert--warning" in client.get(f"{ROOT}/").content.decode()

    def test_get_in_once_they_have_one(self, client, owner, settings):
        settings.STAFF_MFA_REQUIRED = True
        Authenticator.objects.create(user=owner, type="totp", data={"secret": "x"})

        assert client.get("/admin/").status_code == 200

    def test_who_carries_orders_sees_none_without_one(self, client, settings):
        courier = UserFactory()
        courier.groups.add(Group.objects.get(name=COURIERS))
        client.force_login(courier)
        settings.STAFF_MFA_REQUIRED = True

        assert client.get("/courier/")["Location"] == f"{ROOT}/"

        Authenticator.objects.create(user=courier, type="totp", data={"secret": "x"})
        assert client.get("/courier/")["Location"].startswith("/courier/")

    def test_see_photos_of_doors_with_one_but_their_own_as_any_shopper(self, client, owner, settings):
        photo = ContentFile(b"x", "a.jpg")
        paths = []
        for order in (make_order(), make_order(owner)):
            event = order.delivery.events.create(status="delivered", photo=photo)
            paths.append(f"/orders/{order.number}/delivery-photos/{event.pk}/")
        settings.STAFF_MFA_REQUIRED = True

        assert [client.get(path).status_code for path in paths] == [404, 200]

        Authenticator.objects.create(user=owner, type="totp", data={"secret": "x"})
        assert [client.get(path).status_code for path in paths] == [200, 200]

    def test_go_on_shopping_without_one(self, client, owner, settings):
        settings.STAFF_MFA_REQUIRED = True

        assert client.get("/account/").status_code == 200
