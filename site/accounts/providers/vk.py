"""VK ID."""

from typing import Any

from allauth.socialaccount.providers.vk.views import VKOAuth2Adapter
from django.utils.translation import gettext_lazy as _

from accounts.providers.base import CarefulAdapter, CarefulProvider, Profile, join_names, make_profile


class VKAdapter(CarefulAdapter, VKOAuth2Adapter):
    pass


class VKProvider(CarefulProvider):
    id = "vk"
    name = _("VK ID")
    mark = "VK"
    oauth2_adapter_class = VKAdapter

    def get_default_scope(self) -> list[str]:
        """Name and address."""
        return ["vkid.personal_info", "email"]

    def read_profile(self, data: Any) -> Profile:
        """VK does not say whether it has ever confirmed the address, so we do."""
        return make_profile(
            uid=data["user_id"],
            email=data.get("email"),
            name=join_names(data.get("first_name"), data.get("last_name")),
        )
