"""`./manage.py update_index`: Wagtail's own, in steps that do not grow with the table."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Model, QuerySet
from modelsearch.management.commands.rebuild_modelsearch_index import DEFAULT_CHUNK_SIZE
from modelsearch.management.commands.rebuild_modelsearch_index import Command as RebuildCommand

from search.vocabularies import forget_vocabularies


class Command(RebuildCommand):
    help = "Write the search index anew, entry by entry: searches go on finding all the while."

    def handle(self, **options: Any) -> None:
        """Rebuild, then have the vocabulary read anew."""
        super().handle(**options)
        forget_vocabularies()

    def queryset_chunks(
        self, qs: QuerySet[Model], chunk_size: int = DEFAULT_CHUNK_SIZE
    ) -> Iterator[list[Model]]:
        """The objects in the order of their keys, each chunk read from where the last one ended."""
        chunk = list(qs[:chunk_size])
        while chunk:
            yield chunk
            chunk = list(qs.filter(pk__gt=chunk[-1].pk)[:chunk_size])
