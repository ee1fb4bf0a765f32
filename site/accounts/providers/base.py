"""What all providers share: little is taken from them, and nothing they answer can break us."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, ClassVar, TypeVar

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialLogin, SocialToken
from allauth.socialaccount.providers.base import ProviderAccount, ProviderException
from allauth.socialaccount.providers.oauth2.client import OAuth2Client
from allauth.socialaccount.providers.oauth2.provider import OAuth2Provider
from allauth.socialaccount.providers.oauth2.views import OAuth2Adapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise

UID_LENGTH = 191
NAME_LENGTH = 150
EMAIL_LENGTH = 254
# What a body of an unknown shape raises when it is read.
ODD_SHAPE = (AttributeError, LookupError, OverflowError, RecursionError, TypeError, ValueError)

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Profile:
    """All that we take from a provider.

    `is_confirmed`: the provider hands out this very address, so who signed in there owns it. An address that
    was only confirmed to the provider once may have got another owner since; that one we confirm ourselves.
    """

    uid: str
    email: str = ""
    is_confirmed: bool = False
    name: str = ""


def make_profile(*, uid: Any, email: Any = "", is_confirmed: bool = False, name: Any = "") -> Profile:
    """A profile that the database can hold. Raises ProviderException where there is no usable id."""
    uid = clean_text(str(uid) if type(uid) is int else uid)
    if not uid or len(uid) > UID_LENGTH:
        raise ProviderException("No usable id")
    address = clean_email(email)
    return Profile(uid, address, is_confirmed and bool(address), clean_text(name)[:NAME_LENGTH])


def clean_text(value: Any) -> str:
    """The text without what cannot be printed (NUL bytes, halves of characters); "" for what is no text."""
    return "".join(filter(str.isprintable, value)).strip() if isinstance(value, str) else ""


def clean_email(value: Any) -> str:
    """The address in lower case; "" for what is none."""
    address = clean_text(value).lower()
    try:
        validate_email(address)
    except ValidationError:
        return ""
    return address if len(address) <= EMAIL_LENGTH else ""


def get_domain(email: Any) -> str:
    """What stands behind the @."""
    return clean_text(email).lower().rpartition("@")[2]


def join_names(*names: Any) -> str:
    """First and last name as one; parts that are missing are left out."""
    return " ".join(filter(None, map(clean_text, names)))


def read_answer(read: Callable[..., Answer], *args: Any, **kwargs: Any) -> Answer:
    """What `read` makes of a provider's answer; one of an odd shape is the provider's failure, not ours."""
    try:
        return read(*args, **kwargs)
    except ODD_SHAPE as error:
        raise ProviderException(f"An answer of an odd shape: {type(error).__name__}") from error


class CarefulAccount(ProviderAccount):
    """An account elsewhere, as its owner sees it here."""

    def to_str(self) -> str:
        """The address or the name it has there; else what the provider is called."""
        data = self.account.extra_data
        return data.get("email") or data.get("name") or str(self.get_brand()["name"])


class CarefulAdapter(OAuth2Adapter):
    """Talks to a provider."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        # Addresses of a test stand, where settings name one.
        for name, address in self.get_provider().get_settings().get("ADDRESSES", {}).items():
            setattr(self, name, address)

    def get_callback_url(self, request: HttpRequest, app: Any) -> str:
        """Where the provider sends people back to. Never from the request: its host may be forged."""
        return settings.SITE_URL + reverse("sign-in-back", args=[self.provider_id])

    def get_access_token_data(
        self,
        request: HttpRequest,
        app: Any,
        client: OAuth2Client,
        pkce_code_verifier: str | None = None,
    ) -> dict[str, Any]:
        """What the provider gives for the code. Raises ProviderException, OAuth2Error, RequestException."""
        return read_answer(super().get_access_token_data, request, app, client, pkce_code_verifier)

    def parse_token(self, data: dict[str, Any]) -> SocialToken:
        """The token, for this one request: we keep none."""
        return SocialToken(token=str(data["access_token"]))

    def complete_login(
        self, request: HttpRequest, app: Any, token: SocialToken, **kwargs: Any
    ) -> SocialLogin:
        """Who has signed in there. Raises ProviderException, OAuth2Error, RequestException."""
        return read_answer(super().complete_login, request, app, token, **kwargs)


class CarefulProvider(OAuth2Provider):
    """A way to sign in: what it is called, and what is read from its profiles."""

    name: str | Promise
    mark: ClassVar[str]  # one or two letters, for its button
    account_class = CarefulAccount
    pkce_enabled_default = True

    def __str__(self) -> str:
        return str(self.name)

    @property
    def is_on(self) -> bool:
        """Whether it has keys; one that was switched off keeps its name only."""
        return bool(self.app.client_id)

    def read_profile(self, data: Any) -> Profile:
        """What the provider tells of a person. May raise whatever an odd shape raises."""
        raise NotImplementedError

    def get_login_url(self, request: HttpRequest, **kwargs: Any) -> str:
        """Our page that leads there."""
        return reverse("account:sign-in-through", args=[self.id])

    def get_callback_url(self) -> str:
        """Our page that people come back to."""
        return reverse("sign-in-back", args=[self.id])

    def redirect(self, request: HttpRequest, process: str, *args: Any, **kwargs: Any) -> HttpResponse:
        """Send somebody there. Raises Http404 while it is switched off."""
        if not self.is_on:
            raise Http404("Switched off")
        return super().redirect(request, process, *args, **kwargs)

    def sociallogin_from_response(self, request: HttpRequest, response: Any) -> SocialLogin:
        """Who has signed in, of the profile alone: the rest of the answer is forgotten."""
        profile = read_answer(self.read_profile, response)
        return super().sociallogin_from_response(request, asdict(profile))

    def extract_uid(self, data: dict[str, Any]) -> str:
        """The id that the provider knows the person by."""
        return str(data["uid"])

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        """What is kept: enough for its owner to know it again."""
        return {"email": data["email"], "name": data["name"]}

    def extract_common_fields(self, data: dict[str, Any]) -> dict[str, Any]:
        """What a new account begins with."""
        return {"email": data["email"], "name": data["name"]}

    def extract_email_addresses(self, data: dict[str, Any]) -> list[EmailAddress]:
        """The address, confirmed only where the provider hands it out itself."""
        if not data["email"]:
            return []
        return [EmailAddress(email=data["email"], verified=data["is_confirmed"], primary=True)]
