"""What allauth asks us about signing in through other sites."""

import logging
from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, get_adapter
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin
from allauth.socialaccount.providers import registry
from django.conf import settings
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.adapter import get_current_language
from accounts.models import User
from accounts.providers.base import CarefulProvider

logger = logging.getLogger(__name__)


class SocialAdapter(DefaultSocialAccountAdapter):
    """Providers come from settings alone; a new account keeps little of what they tell."""

    error_messages = DefaultSocialAccountAdapter.error_messages | {
        "no_password": gettext_lazy("Please choose a password first: this is your only way to sign in."),
        "no_verified_email": gettext_lazy(
            "Please confirm your e-mail address first: this is your only way to sign in."
        ),
        "connected_other": gettext_lazy("This account is connected to another customer of ours."),
    }

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """The keys that settings hold; the database is not asked."""
        return [
            SocialApp(provider=name, **keys)
            for name, ways in settings.SOCIALACCOUNT_PROVIDERS.items()
            for keys in ways["APPS"]
            if provider in {None, name} and client_id in {None, keys["client_id"]}
        ]

    def get_provider(
        self, request: HttpRequest, provider: str, client_id: str | None = None
    ) -> CarefulProvider:
        """The provider; one that was switched off still has its name, for those who came by it once.

        Raises SocialApp.DoesNotExist for one we have never had.
        """
        try:
            found: CarefulProvider = super().get_provider(request, provider, client_id=client_id)
        except SocialApp.DoesNotExist:
            known = registry.get_class(provider)
            if known is None or client_id is not None:
                raise
            found = known(request, app=SocialApp(provider=provider))
        return found

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> User:
        """A new user begins with the provider's name and address, and the language of the page."""
        user: User = sociallogin.user
        user.email, user.name = data.get("email") or "", data.get("name") or ""
        user.language = get_current_language()
        return user

    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: Any = None) -> User:
        """Store a new user, or nothing: of two that come at once with the same account, one gets it."""
        try:
            with transaction.atomic():
                user: User = super().save_user(request, sociallogin, form)
        except IntegrityError as error:
            messages.error(request, _("You were just registered in another window. Please sign in again."))
            raise ImmediateHttpResponse(redirect("account_login")) from error
        return user

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        """Note what kept somebody out: its kind, never its words, which may hold codes and tokens."""
        kind = type(exception).__name__ if exception else error
        logger.warning("Sign-in through %s failed: %s", getattr(provider, "id", "?"), kind)


def list_ways_in(request: HttpRequest) -> list[CarefulProvider]:
    """The providers that are switched on, in the order of their buttons."""
    providers: list[CarefulProvider] = get_adapter(request).list_providers(request)
    return providers


def list_connected(user: User) -> set[str]:
    """The ids of the providers that the user signs in through."""
    return set(SocialAccount.objects.filter(user=user).values_list("provider", flat=True))


def find_way_in(request: HttpRequest, provider_id: str) -> CarefulProvider:
    """The provider with this id. Raises Http404 where there is none or it is switched off."""
    try:
        provider: CarefulProvider = get_adapter(request).get_provider(request, provider_id)
    except SocialApp.DoesNotExist as error:
        raise Http404("No such provider") from error
    if not provider.is_on:
        raise Http404("Switched off")
    return provider


def copy_connections(user: User) -> list[dict[str, Any]]:
    """For the file with somebody's data: through what they sign in, and what we know from there."""
    return [
        {"provider": account.provider, "since": account.date_joined.isoformat(), **account.extra_data}
        for account in SocialAccount.objects.filter(user=user).order_by("pk")
    ]


def forget_connections(user: User) -> None:
    """Nobody comes back through another site to an account that is closed."""
    SocialAccount.objects.filter(user=user).delete()
