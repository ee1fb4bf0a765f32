"""Letters about accounts: posted by the request, sent by a worker; a code is kept no longer than needed."""

from datetime import timedelta

import pytest
from allauth.account import app_settings
from django.core import mail
from django.utils import timezone

from core import delivering, jobs
from core.handing import MailServerAway
from core.models import Mail
from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.catalog import get_catalog_page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("held_mail")]


@pytest.fixture(autouse=True)
def _site():
    get_catalog_page("en")


def register(client) -> Mail:
    response = client.post("/account/signup/", {"email": "anna@example.com", "password1": PASSWORD})
    assert response.status_code == 302
    return Mail.objects.get()


def test_a_mail_server_that_is_away_keeps_nobody_waiting_and_loses_nothing(client, settings):
    backend = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "core.smtp.CarefulBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1

    letter = register(client)
    with pytest.raises(MailServerAway):
        delivering.send_mail(mail_id=letter.pk)

    settings.EMAIL_BACKEND = backend
    assert delivering.send_mail(mail_id=letter.pk)
    assert mail.outbox[0].to == ["anna@example.com"]


def test_the_code_is_forgotten_once_it_is_sent(client):
    letter = register(client)
    code = letter.context["letter"]["code"]

    delivering.send_mail(mail_id=letter.pk)

    assert code in mail.outbox[0].body
    letter.refresh_from_db()
    assert code not in str(vars(letter))


@pytest.mark.parametrize(
    ("path", "seconds"),
    [
        ("/account/login/code/", "LOGIN_BY_CODE_TIMEOUT"),
        ("/account/password/reset/", "PASSWORD_RESET_BY_CODE_TIMEOUT"),
    ],
)
def test_a_code_that_is_no_good_any_more_is_not_sent(client, path, seconds):
    client.post(path, {"email": UserFactory().email})
    letter = Mail.objects.get()
    lifetime = timedelta(seconds=getattr(app_settings, seconds))
    assert abs(letter.expires_at - timezone.now() - lifetime) < timedelta(seconds=30)

    Mail.objects.update(expires_at=timezone.now())

    assert not delivering.send_mail(mail_id=letter.pk)
    assert (mail.outbox, Mail.objects.get().context) == ([], {})


def test_a_notice_is_sent_however_late(client):
    user = UserFactory()
    client.post("/account/signup/", {"email": user.email, "password1": PASSWORD})
    long_ago = timezone.now() - timedelta(days=1)
    Mail.objects.update(created_at=long_ago, due_at=long_ago)

    assert delivering.send_mail(mail_id=Mail.objects.get().pk)


def test_a_letter_whose_task_got_lost_is_sent_by_the_job(client, eager_tasks):
    letter = register(client)
    past = timezone.now() - timedelta(minutes=2)
    Mail.objects.update(created_at=past, due_at=past)

    assert jobs.send_pending_mails() == 1

    letter.refresh_from_db()
    assert (letter.status, len(mail.outbox)) == ("sent", 1)
