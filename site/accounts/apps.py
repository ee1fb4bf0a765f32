from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from wagtail.users.apps import WagtailUsersAppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("accounts")
    default = True

    def ready(self) -> None:
        from accounts import copies, receivers  # noqa: F401, PLC0415 -- registered once apps are loaded


class AdminUsersConfig(WagtailUsersAppConfig):
    """Wagtail's own part for users, with forms that know our user."""

    user_viewset = "accounts.admin_views.UserViewSet"
