"""Sber ID: OpenID Connect behind a client certificate, with a number (`rquid`) on every call.

What Sber asks for is told at developers.sber.ru/docs/ru/sberid: `openid` stands first in the scope, a nonce
goes out and comes back in the id_token, and each sign-in that came off is reported.
"""

import base64
import hashlib
import hmac
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from secrets import token_hex
from typing import Any

import jwt
import requests
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialLogin, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Client, OAuth2Error
from django.conf import settings
from django.http import HttpRequest
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from accounts.providers.base import (
    CarefulAdapter,
    CarefulProvider,
    Profile,
    join_names,
    make_profile,
    read_answer,
)

logger = logging.getLogger(__name__)
REPORT_SECONDS = 3


def make_number() -> str:
    """The number of a call: 32 hexadecimal digits, by which Sber finds it in its logs."""
    return token_hex(16)


def make_nonce(code_verifier: str) -> str:
    """The nonce that belongs to the secret of this sign-in, so that one secret guards both."""
    digest = hashlib.sha256(b"nonce:" + code_verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


class SberClient(OAuth2Client):
    """The first two steps: the address of Sber's page, and the code for tokens."""

    def get_redirect_url(self, authorization_url: str, scope: list[str], extra_params: dict[str, str]) -> str:
        """The address of Sber's page; the scope keeps its order."""
        params = {
            "response_type": "code",
            "client_type": "PRIVATE",
            "client_id": self.consumer_key,
            "redirect_uri": self.callback_url,
            "scope": " ".join(scope),
            "state": self.state,
            **extra_params,
        }
        return f"{authorization_url}?{urlencode(params)}"


class SberAdapter(CarefulAdapter):
    provider_id = "sber"
    client_class = SberClient
    authorize_url = "https://id.sber.ru/CSAFront/oidc/authorize.do"
    access_token_url = "https://oauth.sber.ru/ru/prod/tokens/v2/oidc"  # noqa: S105 -- an address
    profile_url = "https://oauth.sber.ru/ru/prod/sberbankid/v2.1/userinfo"
    report_url = "https://oauth.sber.ru/api/v2/auth/completed"

    def get_access_token_data(
        self, request: HttpRequest, app: Any, client: OAuth2Client, pkce_code_verifier: str | None = None
    ) -> dict[str, Any]:
        """The tokens for the code. Raises OAuth2Error, RequestException."""
        verifier = pkce_code_verifier or ""
        body = {
            "grant_type": "authorization_code",
            "code": request.GET.get("code", ""),
            "client_id": app.client_id,
            "client_secret": app.secret,
            "redirect_uri": client.callback_url,
            "code_verifier": verifier,
        }
        with open_session(app) as session:
            response = session.post(self.access_token_url, data=body, headers={"rquid": make_number()})
        tokens = read_json(response)
        check_identity(tokens, client_id=app.client_id, nonce=make_nonce(verifier))
        return tokens

    def complete_login(
        self, request: HttpRequest, app: Any, token: SocialToken, **kwargs: Any
    ) -> SocialLogin:
        """Who has signed in; Sber is told that it came off."""
        headers = {"Authorization": f"Bearer {token.token}"}
        with open_session(app) as session:
            number = {"x-introspect-rquid": make_number()}
            response = session.get(self.profile_url, headers=headers | number)
            profile = read_json(response)
            if profile.get("sub") != read_claims(kwargs["response"])["sub"]:
                raise OAuth2Error("The profile is somebody else's")
            login: SocialLogin = self.get_provider().sociallogin_from_response(request, profile)
            report_sign_in(session, self.report_url, headers | {"rquid": make_number()})
        return login


class SberProvider(CarefulProvider):
    id = "sber"
    name = _("Sber ID")
    mark = "С"
    oauth2_adapter_class = SberAdapter

    def get_default_scope(self) -> list[str]:
        """Name and address; `openid` has to come first."""
        return ["openid", "name", "email"]

    def get_pkce_params(self) -> dict[str, str]:
        """The secret of this sign-in, and its nonce."""
        params: dict[str, str] = super().get_pkce_params()
        return params | {"nonce": make_nonce(params["code_verifier"])}

    def read_profile(self, data: Any) -> Profile:
        """Sber does not say whether it has ever confirmed the address, so we do."""
        return make_profile(
            uid=data["sub"],
            email=data.get("email"),
            name=join_names(data.get("given_name"), data.get("family_name")),
        )


@contextmanager
def open_session(app: Any) -> Iterator[requests.Session]:
    """Calls with our certificate, to a server that somebody we believe has vouched for.

    Raises OAuth2Error where our certificate is not to be found, RequestException for what fails on the way.
    """
    with get_adapter().get_requests_session() as session:
        session.cert = (app.settings["certificate"], app.settings["key"])
        session.verify = settings.SBER_AUTHORITY or True
        # Proxies and bundles of the machine would take the place of what is set here.
        session.trust_env = False
        try:
            yield session
        except requests.RequestException:
            raise
        except OSError as error:
            raise OAuth2Error("The certificate for Sber is not to be found") from error


def read_json(response: requests.Response) -> dict[str, Any]:
    """The object in an answer. Raises OAuth2Error or ProviderException for anything else."""
    body = read_answer(response.json) if response.ok else None
    if not isinstance(body, dict):
        raise OAuth2Error(f"Sber answered {response.status_code}")
    return body


def read_claims(tokens: dict[str, Any]) -> dict[str, Any]:
    """What the id_token says. It came from Sber itself, through a channel in which both proved who they are,
    so its signature (GOST, which no library of ours knows) adds nothing. Raises OAuth2Error.
    """
    try:
        claims: dict[str, Any] = jwt.decode(str(tokens.get("id_token")), options={"verify_signature": False})
    except jwt.PyJWTError as error:
        raise OAuth2Error("Sber's id_token cannot be read") from error
    return claims


def check_identity(tokens: dict[str, Any], *, client_id: str, nonce: str) -> None:
    """Raises OAuth2Error where the tokens are not for us, not for this sign-in, or for nobody."""
    claims = read_claims(tokens)
    audience = claims.get("aud")
    is_ours = client_id in (audience if isinstance(audience, list) else [audience])
    is_fresh = hmac.compare_digest(str(claims.get("nonce")).encode(), nonce.encode())
    if not (is_ours and is_fresh and claims.get("sub") and tokens.get("access_token")):
        raise OAuth2Error("The id_token belongs to another sign-in")


def report_sign_in(session: requests.Session, address: str, headers: dict[str, str]) -> None:
    """Tell Sber that a sign-in came off. That this fails is no reason to keep anybody out."""
    try:
        session.get(address, headers=headers, timeout=REPORT_SECONDS).raise_for_status()
    except requests.RequestException as error:
        logger.warning("Sber was not told of a sign-in: %s", type(error).__name__)
