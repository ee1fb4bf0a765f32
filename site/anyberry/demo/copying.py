"""Writing many rows at once with PostgreSQL's COPY: tables with parents too, which `bulk_create` refuses."""

from collections.abc import Iterable, Sequence

from django.db import connection, models
from django.db.models import Model


def reserve_ids(model: type[Model], count: int) -> list[int]:
    """So many fresh primary keys of the model's table."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [model._meta.db_table, model._meta.pk.column, count],
        )
        return [row[0] for row in cursor.fetchall()]


def copy_rows(model: type[Model], objects: Iterable[Model]) -> None:
    """Write one row of the model's own table for each object. Keys must be set; no signal is sent."""
    fields: Sequence[models.Field[object, object]] = model._meta.local_concrete_fields
    names = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
        for obj in objects:
            copy.write_row(
                [field.get_db_prep_save(field.pre_save(obj, True), connection) for field in fields]
            )


def copy_pairs(model: type[Model], columns: Sequence[str], pairs: Iterable[tuple[int, int]]) -> None:
    """Write the rows of a many-to-many table."""
    names = ", ".join(connection.ops.quote_name(column) for column in columns)
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
        for pair in pairs:
            copy.write_row(pair)
