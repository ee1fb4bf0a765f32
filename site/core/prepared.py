"""Queries that are put together once: what every request asks is not built anew for each.

Django writes the SQL of a query each time it runs, and for a wide one that takes longer than PostgreSQL takes
to answer it. What is asked most is kept as it was written; only the values that are looked for differ.
"""

from collections.abc import Callable
from copy import copy
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.db import connections
from django.db.models import QuerySet
from django.db.models.sql.compiler import SQLCompiler

Value = int | str
Row = TypeVar("Row")


class Prepared(Generic[Row]):
    """A query with blanks, which `write` makes of as many values.

    `blanks` are in it while it is written: values of the right kind, each at one place alone. Nothing in the
    query may depend on when, or in which language, it runs.
    """

    def __init__(self, write: Callable[..., QuerySet[Any, Row]], *blanks: Value) -> None:
        self.write, self.blanks = write, blanks

    def fetch(self, *values: Value) -> list[Row]:
        """All rows for these values, one for each blank, in one query."""
        queryset = self._queryset.all()
        # The one door through which a queryset gets at its SQL.
        queryset.query.get_compiler = lambda using: self._make_compiler(using, values)  # type: ignore[method-assign,misc,assignment]
        return list(queryset)

    def fetch_first(self, *values: Value) -> Row | None:
        """The first row for these values; None where there is none."""
        return next(iter(self.fetch(*values)), None)

    @cached_property
    def _queryset(self) -> QuerySet[Any, Row]:
        return self.write(*self.blanks)

    @cached_property
    def _written(self) -> tuple[SQLCompiler, str, tuple[Any, ...]]:
        """The compiler that knows what the columns are, its SQL, and the values in it, blanks and all."""
        compiler = self._queryset.query.get_compiler(self._queryset.db)
        sql, values = compiler.as_sql()
        found = [value for value in values if value in self.blanks]
        if len(found) != len(self.blanks) or set(found) != set(self.blanks):
            message = f"not each of {self.blanks} is at one place of {values}"
            raise ValueError(message)
        return compiler, sql, tuple(values)

    def _make_compiler(self, using: str, values: tuple[Value, ...]) -> SQLCompiler:
        """What runs the query over this thread's connection, with the blanks filled."""
        written, sql, places = self._written
        given = dict(zip(self.blanks, values, strict=True))
        filled = tuple(given.get(place, place) for place in places)
        compiler = copy(written)
        compiler.connection = connections[using]
        compiler.as_sql = lambda: (sql, filled)  # type: ignore[method-assign,misc,assignment]
        return compiler
