"""Where Django looks for an engine's connections."""

import sys
import time
from typing import Any, Self

import psycopg
from django.db.backends.postgresql import base, operations
from django.db.backends.utils import CursorWrapper

FRESH_SECONDS = 1.0
NEVER_BY_ITSELF = sys.maxsize  # executions before psycopg has PostgreSQL keep a statement unasked


class PlannedCursor(psycopg.Cursor[Any]):
    """A cursor whose statements PostgreSQL plans once for each connection."""

    def execute(self, query: Any, params: Any = None, **_options: Any) -> Self:
        """Run the statement as it was planned before; the first time, plan it."""
        return super().execute(query, params, prepare=True)


class DatabaseOperations(operations.DatabaseOperations):
    """What Django asks of PostgreSQL's ways."""

    def last_executed_query(self, cursor: Any, sql: str, params: Any) -> str:
        """The statement with its values, for who reads what was asked."""
        if isinstance(cursor, PlannedCursor):
            return str(self.compose_sql(sql, params))
        told: str = super().last_executed_query(cursor, sql, params)
        return told


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that was found alive is taken for alive for a second.

    Django asks at the beginning of each request, which is a journey to PostgreSQL and back for every page.
    One that breaks within that second costs its next request an error, as one that breaks in the midst of a
    request does; it is replaced after it.
    """

    ops_class = DatabaseOperations
    health_check_done: bool
    found_alive_at = 0.0

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Connect; statements are kept by PostgreSQL where `planned_cursor` is asked for that."""
        connection = super().get_new_connection(conn_params)
        connection.prepare_threshold = NEVER_BY_ITSELF
        return connection

    def planned_cursor(self) -> CursorWrapper:
        """A cursor for statements that run again and again with other values."""
        self.close_if_health_check_failed()
        self.ensure_connection()
        with self.wrap_database_errors:
            return self._prepare_cursor(PlannedCursor(self.connection))  # type: ignore[attr-defined]  # of all of Django's engines

    def close_if_health_check_failed(self) -> None:
        """Ask, unless that was done a moment ago: once for all of a request, in any case."""
        if self.health_check_done:
            return
        if time.monotonic() - self.found_alive_at < FRESH_SECONDS:
            self.health_check_done = True
            return
        super().close_if_health_check_failed()
        self.found_alive_at = time.monotonic()
