from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "core"

    def ready(self) -> None:
        from core import checks, receivers  # noqa: F401, PLC0415 -- registered once apps are loaded
