"""How Celery starts here: no worker and no beat begins with settings that could not take money."""

from typing import ClassVar

from celery.loaders.app import AppLoader

from anyberry.starting import refuse_bad_payments


class CarefulLoader(AppLoader):
    """Celery's own loader, with our results, and a look at the settings before the first task."""

    override_backends: ClassVar[dict[str, str]] = {
        "redis": "core.results:QuietRedisBackend",
        "rediss": "core.results:QuietRedisBackend",
    }

    def on_worker_init(self) -> None:
        """Refuse bad settings; a receiver of Celery's signals could not: what it raises is only logged."""
        refuse_bad_payments()
