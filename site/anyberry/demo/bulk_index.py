"""The search index of the big catalog, written by the database itself.

The search library's own way takes some milliseconds of Python for each page; this gives the same rows.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from modelsearch.backends.database.postgres.weights import get_weight
from wagtail.search.backends import get_search_backend
from wagtail.search.models import IndexEntry

from shop.catalog.pages import BerryPage

# The library divides the average length of titles, in words, by the title's own.
USUAL_TITLE_LENGTH = 4.5
TITLE_BOOST = 2  # as Wagtail's pages have it


@dataclass(frozen=True, slots=True)
class Entry:
    """What the search knows of one page."""

    page_id: int
    title: str
    body: str


def index_entries(entries: Iterable[Entry]) -> None:
    """Let the search find the pages. Runs in the caller's transaction."""
    backend = get_search_backend()
    table = connection.ops.quote_name(IndexEntry._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE new_entry (page_id bigint, title text, body text)")
        with cursor.copy("COPY new_entry (page_id, title, body) FROM STDIN") as copy:
            for entry in entries:
                copy.write_row((entry.page_id, entry.title, entry.body))
        cursor.execute(
            f"""
            INSERT INTO {table}
                (content_type_id, object_id, title, autocomplete, body, title_norm, title_text, body_text)
            SELECT %(content_type)s, page_id::text,
                setweight(to_tsvector(%(config)s::regconfig, title), %(title_weight)s),
                setweight(to_tsvector(%(autocomplete)s::regconfig, title), 'D'),
                setweight(to_tsvector(%(config)s::regconfig, body), %(body_weight)s),
                %(usual)s / greatest(length(to_tsvector(%(config)s::regconfig, title)), 1),
                title, body
            FROM new_entry
            ON CONFLICT DO NOTHING
            """,  # noqa: S608  the only part that is put together is the table's name
            {
                "content_type": ContentType.objects.get_for_model(BerryPage).pk,
                "config": backend.config,
                "autocomplete": backend.autocomplete_config,
                "title_weight": get_weight(TITLE_BOOST),
                "body_weight": get_weight(None),
                "usual": USUAL_TITLE_LENGTH,
            },
        )
        cursor.execute("DROP TABLE new_entry")
