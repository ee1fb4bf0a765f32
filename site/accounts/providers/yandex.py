"""Yandex ID."""

from typing import Any

from allauth.socialaccount.providers.yandex.views import YandexOAuth2Adapter
from django.utils.translation import gettext_lazy as _

from accounts.providers.base import (
    CarefulAdapter,
    CarefulProvider,
    Profile,
    get_domain,
    join_names,
    make_profile,
)

# Mailboxes of these are Yandex's own; any other address is a mailbox elsewhere that somebody once added.
MAIL_DOMAINS = frozenset(
    ["ya.ru", "yandex.ru", "yandex.com", "yandex.by", "yandex.kz", "yandex.ua", "yandex.uz", "narod.ru"]
)


class YandexAdapter(CarefulAdapter, YandexOAuth2Adapter):
    authorize_url = "https://oauth.yandex.ru/authorize"


class YandexProvider(CarefulProvider):
    id = "yandex"
    name = _("Yandex ID")
    mark = "Я"
    oauth2_adapter_class = YandexAdapter

    def get_default_scope(self) -> list[str]:
        """Name and address."""
        return ["login:info", "login:email"]

    def read_profile(self, data: Any) -> Profile:
        """An account may have no mailbox; its addresses come as one and as a list."""
        emails = data.get("emails") or [""]
        email = data.get("default_email") or emails[0]
        return make_profile(
            uid=data["id"],
            email=email,
            is_confirmed=get_domain(email) in MAIL_DOMAINS,
            name=data.get("real_name") or join_names(data.get("first_name"), data.get("last_name")),
        )
