from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HomeConfig(AppConfig):
    name = "home"
    verbose_name = _("pages")

    def ready(self) -> None:
        from home import receivers  # noqa: F401, PLC0415 -- registered once apps are loaded
        from home.journal.comments import receivers as comment_receivers  # noqa: F401, PLC0415
        from home.newsletter import receivers as newsletter_receivers  # noqa: F401, PLC0415
