"""Queries that are put together once: what every request asks is not built anew for each.

Django writes the SQL of a query each time it runs, PostgreSQL plans it each time, and for a wide one either
takes longer than to answer it. What is asked most is kept as it was written and planned; only the values that
are looked for differ.
"""

from collections.abc import Callable, Iterable
from copy import copy
from functools import cached_property, partial
from typing import Any, Generic, TypeVar, cast

from django.contrib.postgres.fields import ArrayField
from django.db import connections
from django.db.models import BigIntegerField, BooleanField, F, Func, QuerySet, Value
from django.db.models.sql.compiler import SQLCompiler

from core.postgres.base import DatabaseWrapper

Row = TypeVar("Row")


class Prepared(Generic[Row]):
    """A query with blanks, which `write` makes of as many values.

    `blanks` are in it while it is written: values of the right kind, unlike each other and anything else in
    the query. Lists of keys are looked for with `is_any_of`. Nothing in the query may depend on when, or in
    which language, it runs.
    """

    def __init__(self, write: Callable[..., QuerySet[Any, Row]], *blanks: Any) -> None:
        self.write, self.blanks = write, blanks

    def fetch(self, *values: Any) -> list[Row]:
        """All rows for these values, one for each blank, in one query."""
        queryset = self._queryset.all()
        # The one door through which a queryset gets at its SQL.
        queryset.query.get_compiler = partial(self._make_compiler, values)  # type: ignore[method-assign]  # this copy's own
        return list(queryset)

    def fetch_first(self, *values: Any) -> Row | None:
        """The first row for these values; None where there is none."""
        return next(iter(self.fetch(*values)), None)

    @cached_property
    def _queryset(self) -> QuerySet[Any, Row]:
        return self.write(*self.blanks)

    @cached_property
    def _written(self) -> tuple[SQLCompiler, str, list[Any], list[list[int]]]:
        """The compiler that knows the columns, its SQL, the values in it, and the places of each blank."""
        compiler = self._queryset.query.get_compiler(self._queryset.db)
        sql, known = compiler.as_sql()
        places = [[place for place, value in enumerate(known) if value == blank] for blank in self.blanks]
        filled = [place for some in places for place in some]
        if not all(places) or len(set(filled)) < len(filled):
            message = f"not each of {self.blanks} has places of its own among {known}"
            raise ValueError(message)
        return compiler, sql, list(known), places

    def _make_compiler(self, values: tuple[Any, ...], using: str) -> SQLCompiler:
        """What runs the query over this thread's connection, with the blanks filled."""
        written, sql, known, places = self._written
        filled = known.copy()
        for some, value in zip(places, values, strict=True):
            for place in some:
                filled[place] = value
        compiler = copy(written)
        compiler.connection = connections[using]
        compiler.execute_sql = lambda *_how, **_more: [fetch_rows(using, sql, filled)]  # type: ignore[method-assign,assignment]  # this copy's own
        return compiler


def fetch_rows(using: str, sql: str, values: list[Any]) -> list[tuple[Any, ...]]:
    """All rows, by a statement that PostgreSQL plans once for each connection."""
    with cast(DatabaseWrapper, connections[using]).planned_cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


class IsAnyOf(Func):
    """Whether a value is in an array, which is one parameter, however long it is."""

    arg_joiner = " = ANY("
    template = "(%(expressions)s))"
    output_field = BooleanField()


def is_any_of(name: str, keys: Iterable[int]) -> IsAnyOf:
    """The condition that the column has one of the keys."""
    return IsAnyOf(F(name), Value(list(keys), ArrayField(BigIntegerField())))
