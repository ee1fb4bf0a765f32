"""Whom a session belongs to, asked for on every page of theirs."""

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import get_user

from accounts.backends import ShopBackend
from accounts.services import has_verified_email
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


def load(user):
    return ShopBackend().get_user(user.pk)


def test_user_and_confirmation_come_in_one_query(django_assert_num_queries):
    user = UserFactory()

    with django_assert_num_queries(1):
        assert has_verified_email(load(user))


@pytest.mark.parametrize("change", [{"verified": False}, {"email": "another@example.com"}])
def test_only_the_confirmed_address_they_sign_in_with_counts(change):
    user = UserFactory()
    EmailAddress.objects.filter(user=user).update(**change)

    assert not has_verified_email(load(user))


def test_anothers_confirmed_address_does_not_count():
    UserFactory()

    assert not has_verified_email(load(UserFactory(verified=False)))


def test_who_confirms_in_this_very_request_is_believed():
    loaded = load(UserFactory(verified=False))
    EmailAddress.objects.filter(user=loaded).update(verified=True)

    assert has_verified_email(loaded)


def test_nobody_who_is_gone_or_shut_out_has_a_session(client, rf):
    user = UserFactory()
    client.force_login(user)
    request = rf.get("/")
    request.session = client.session
    assert get_user(request) == user

    user.is_active = False
    user.save()
    assert get_user(request).is_anonymous

    user.delete()
    assert get_user(request).is_anonymous
