"""Where Django looks for an engine's connections."""

import time

from django.db.backends.postgresql import base

FRESH_SECONDS = 1.0


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that was found alive is taken for alive for a second.

    Django asks at the beginning of each request, which is a journey to PostgreSQL and back for every page.
    One that breaks within that second costs its next request an error, as one that breaks in the midst of a
    request does; it is replaced after it.
    """

    health_check_done: bool
    found_alive_at = 0.0

    def close_if_health_check_failed(self) -> None:
        """Ask, unless that was done a moment ago: once for all of a request, in any case."""
        if self.health_check_done:
            return
        if time.monotonic() - self.found_alive_at < FRESH_SECONDS:
            self.health_check_done = True
            return
        super().close_if_health_check_failed()
        self.found_alive_at = time.monotonic()
