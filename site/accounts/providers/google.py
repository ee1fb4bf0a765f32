"""Google. Off unless it is given keys: why, docs/sign-in.md says."""

from typing import Any

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.base import ProviderException
from allauth.socialaccount.providers.google.provider import GoogleProvider as AllauthGoogleProvider
from allauth.socialaccount.providers.google.views import GoogleOAuth2Adapter
from django.http import HttpRequest

from accounts.providers.base import (
    ODD_SHAPE,
    CarefulAdapter,
    CarefulProvider,
    Profile,
    get_domain,
    make_profile,
)

MAIL_DOMAINS = frozenset(["gmail.com", "googlemail.com"])


class GoogleAdapter(CarefulAdapter, GoogleOAuth2Adapter):
    pass


class GoogleProvider(CarefulProvider, AllauthGoogleProvider):
    id = "google"
    name = "Google"
    mark = "G"
    oauth2_adapter_class = GoogleAdapter

    def get_default_scope(self) -> list[str]:
        """Name and address."""
        return ["openid", "profile", "email"]

    def read_profile(self, data: Any) -> Profile:
        """Google speaks for its own mailboxes, and for the domain (`hd`) whose mail it runs."""
        email = data.get("email")
        is_googles = get_domain(email) in MAIL_DOMAINS | {data.get("hd")}
        return make_profile(
            uid=data["sub"] if "sub" in data else data["id"],
            email=email,
            is_confirmed=is_googles and (data.get("email_verified") or data.get("verified_email")) is True,
            name=data.get("name"),
        )

    def verify_token(self, request: HttpRequest, token: dict[str, Any]) -> SocialLogin:
        """Who a program's id_token speaks of. Raises ValidationError for one that is none."""
        try:
            return super().verify_token(request, token)
        except (ProviderException, *ODD_SHAPE) as error:
            raise get_adapter().validation_error("invalid_token") from error
