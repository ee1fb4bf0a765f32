"""Wagtail's search on PostgreSQL, one backend for each language's configuration, fit for big catalogs.

Against modelsearch's own: ё is е; a page is indexed in its own language; a field's rank is one of five
(title, names, groups, lead, body); one statement writes a thousand pages; a rebuild replaces row by row, so
that nobody ever meets an empty index; and `rank_pages` answers from the index alone. Any other backend of
Wagtail may stand in its place: `search.engine` asks those through Wagtail's interface.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass, fields
from typing import Any, NamedTuple

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import CharField, Exists, F, Model, OuterRef
from django.db.models.functions import Cast
from modelsearch.backends.database.postgres.postgres import (
    ObjectIndexer,
    PostgresAutocompleteQueryCompiler,
    PostgresIndex,
    PostgresSearchBackend,
    PostgresSearchQueryCompiler,
    PostgresSearchRebuilder,
)
from modelsearch.index import AutocompleteField, SearchField
from modelsearch.query import And, Not, Or, SearchQuery
from modelsearch.utils import get_content_type_pk, get_descendants_content_types_pks
from wagtail.models import Page
from wagtail.search.models import IndexEntry

from search.cleaning import fold_yo

TABLE = "wagtailsearch_indexentry"
FRONT_DEPTH = 2  # front pages and what is above them are no results
NAMES, GROUPS, LEAD = 1.5, 1.0, 0.5  # least boosts below the title's; a field without a boost is body
WEIGHTS = [0.05, 0.2, 0.6, 1.0]  # of lead, groups, names and title: PostgreSQL's order, D to A


@dataclass(frozen=True, slots=True)
class Entry:
    """The words of one object by their rank, and where it is shown: "ru", "en" or "" for nowhere."""

    object_id: str
    title: str
    names: str = ""
    groups: str = ""
    lead: str = ""
    body: str = ""
    beginnings: str = ""  # what can be completed
    shelf: str = ""
    berry_id: int = 0


class Ranked(NamedTuple):
    """How many pages match, how well the best of them does, and the ids of the best, that one first."""

    total: int = 0
    score: float = 0.0
    page_ids: Sequence[int] = ()


class WordCollector(ObjectIndexer):
    """Reads an object's search fields as an `Entry`."""

    def collect(self) -> Entry:
        """The words of the object, each field's in its place."""
        places: dict[str, list[str]] = {
            name: [] for name in ("title", "names", "groups", "lead", "body", "beginnings")
        }
        for field in self.search_fields:
            for found, _weight, text in self.prepare_field(self.obj, field):
                if text.strip():
                    places[choose_place(found)].append(fold_yo(text))
        words = {name: "\n".join(texts) for name, texts in places.items()}
        return Entry(self.id, **words, shelf=choose_shelf(self.obj), berry_id=get_berry_id(self.obj))


def choose_place(field: SearchField | AutocompleteField) -> str:
    """The attribute of `Entry` that holds the field's words."""
    if isinstance(field, AutocompleteField):
        return "beginnings"
    if field.field_name == "title":
        return "title"
    steps = ((NAMES, "names"), (GROUPS, "groups"), (LEAD, "lead"))
    return next((place for boost, place in steps if (field.boost or 0) >= boost), "body")


def choose_shelf(obj: Model) -> str:
    """The language in which visitors may find the object; "" for drafts, what is not sold, and no pages."""
    if not isinstance(obj, Page) or not obj.live or obj.depth <= FRONT_DEPTH:
        return ""
    berry = getattr(obj, "berry", None)
    code: str = obj.locale.language_code
    return code if berry is None or berry.is_active else ""


def get_berry_id(obj: Model) -> int:
    """The key of the berry that the object is a page about, or 0."""
    return getattr(obj, "berry_id", None) or 0 if isinstance(obj, Page) else 0


class Index(PostgresIndex):
    """Wagtail's table of index entries, written a thousand rows at a time."""

    def add_items(self, model: type[Model], objs: Iterable[Model]) -> None:
        """Write the entries of those objects that are in the backend's language."""
        ours = [obj for obj in objs if self.backend.speaks(obj)]
        entries = [WordCollector(obj, self.backend).collect() for obj in ours]
        if entries:
            self.write_entries(get_content_type_pk(model), entries)

    def write_entries(self, content_type_id: int, entries: Sequence[Entry]) -> None:
        """Add or replace the entries of objects of one type, in one statement."""
        columns = [list(column) for column in zip(*map(astuple, entries), strict=True)]
        config = self.backend.config
        with self.write_connection.cursor() as cursor:
            cursor.execute(
                f"""
                INSERT INTO {TABLE} (
                    content_type_id, object_id, title, autocomplete, body,
                    title_norm, title_text, body_text, shelf, berry_id
                )
                SELECT %s, object_id,
                    setweight(to_tsvector(%s::regconfig, title), 'A')
                        || setweight(to_tsvector(%s::regconfig, names), 'B')
                        || setweight(to_tsvector(%s::regconfig, groups), 'C')
                        || setweight(to_tsvector(%s::regconfig, lead), 'D'),
                    to_tsvector(%s::regconfig, beginnings), to_tsvector(%s::regconfig, body),
                    1, title, '', shelf, berry_id
                FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[],
                    %s::text[], %s::text[], %s::bigint[]) AS entry ({NAMES_OF_COLUMNS})
                ON CONFLICT (content_type_id, object_id) DO UPDATE SET
                    title = EXCLUDED.title, autocomplete = EXCLUDED.autocomplete, body = EXCLUDED.body,
                    title_norm = 1, title_text = EXCLUDED.title_text, body_text = '',
                    shelf = EXCLUDED.shelf, berry_id = EXCLUDED.berry_id
                """,  # noqa: S608 -- put together of names of our own
                [content_type_id, *[config] * 4, self.backend.autocomplete_config, config, *columns],
            )

    def delete_stale_model_entries(self, model: type[Model]) -> None:
        """Delete the entries of objects that are gone, whatever their number."""
        alive = model._default_manager.annotate(key=Cast("pk", CharField())).filter(key=OuterRef("object_id"))
        kinds = get_descendants_content_types_pks(model)
        stale = self.entries.filter(~Exists(alive.order_by()), content_type_id__in=kinds)
        stale._raw_delete(using=self.write_connection.alias)  # noqa: SLF001 -- as the library does, without signals

    def _refresh_title_norms(self, full: bool = False) -> None:  # noqa: FBT001, FBT002 -- the library's shape
        """Nothing: our ranking has no such factor, and to compute it is to read the whole table."""


NAMES_OF_COLUMNS = ", ".join(field.name for field in fields(Entry))


class QueryCompiler(PostgresSearchQueryCompiler):
    """Searches both vectors, without the library's factor for short titles."""

    def get_index_vectors(self, search_query: Any) -> list[tuple[Any, float]]:
        """The vectors and what each counts for."""
        return [(F("index_entries__title"), 1.0), (F("index_entries__body"), 0.1)]


class WholeTitleQueryCompiler(PostgresAutocompleteQueryCompiler):
    """Looks for whole words where beginnings are looked for otherwise."""

    LAST_TERM_IS_PREFIX = False


class SearchBackend(PostgresSearchBackend):
    """The backend of one language (`LANGUAGE`), or of all that no other backend speaks."""

    index_class = Index
    query_compiler_class = QueryCompiler
    rebuilder_class = PostgresSearchRebuilder

    def __init__(self, params: dict[str, Any]) -> None:
        # In one transaction a rebuild would lock every entry until its end.
        super().__init__(params | {"ATOMIC_REBUILD": False})
        self.language = params.get("LANGUAGE", "")

    def speaks(self, obj: Model) -> bool:
        """Whether the object's words are in the language of this backend."""
        locale = getattr(obj, "locale", None)
        code = locale.language_code if locale else ""
        return code == self.language if self.language else code not in list_languages()

    def rank_pages(self, query: SearchQuery, *, shelf: str, berries: bool, most: int) -> Ranked:
        """The pages on the shelf that match, best first: those about berries, or all others.

        One query, which reads nothing but the index: titles, names, groups and leads make the score.
        """
        match, match_params = self._compile(PostgresSearchQueryCompiler, query)
        words, words_params = self._compile(PostgresSearchQueryCompiler, Or(list(list_leaves(query))))
        sql = f"""
            WITH found AS MATERIALIZED (
                SELECT object_id::bigint AS id, ts_rank(%s::float4[], title, {words}) AS score
                FROM {TABLE} WHERE (title || body) @@ {match} AND {choose_part(berries=berries)}
            ), best AS (SELECT id, score FROM found ORDER BY score DESC, id LIMIT %s)
            SELECT (SELECT count(*) FROM found), max(score), array_agg(id) FROM best
            """  # noqa: S608 -- put together of names of our own and of what the ORM compiled
        with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
            cursor.execute(sql, [WEIGHTS, *words_params, *match_params, shelf, most])
            total, score, page_ids = cursor.fetchone()
        return Ranked(total, score or 0.0, page_ids or [])

    def complete_pages(
        self, query: SearchQuery, *, shelf: str, berries: bool, most: int, unfinished: bool
    ) -> list[tuple[int, str]]:
        """At most so many pages on the shelf whose titles have these words, in no order, as (page, title).

        The last word may be `unfinished`: then it is looked for as a beginning.
        """
        compiler = PostgresAutocompleteQueryCompiler if unfinished else WholeTitleQueryCompiler
        match, params = self._compile(compiler, query)
        with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
            cursor.execute(
                f"""
                SELECT object_id::bigint, title_text FROM {TABLE}
                WHERE autocomplete @@ {match} AND {choose_part(berries=berries)} LIMIT %s
                """,  # noqa: S608 -- the same
                [*params, shelf, most],
            )
            return cursor.fetchall()

    def _compile(self, compiler_class: type[Any], query: SearchQuery) -> tuple[str, list[Any]]:
        """The SQL of the query as a tsquery, and its parameters."""
        compiler = compiler_class(Page.objects.none(), query)
        config = compiler.get_config(self)
        tsquery = compiler.build_tsquery(query, config=config)
        entries = IndexEntry.objects.all().query
        sql, params = entries.get_compiler(DEFAULT_DB_ALIAS).compile(tsquery.resolve_expression(entries))
        return sql, list(params)


def choose_part(*, berries: bool) -> str:
    """The condition for entries on a shelf; a small index of its own has those that are no berries."""
    return "shelf = %s AND berry_id > 0" if berries else "shelf = %s AND shelf <> '' AND berry_id = 0"


def list_leaves(query: SearchQuery) -> Iterator[SearchQuery]:
    """The words and phrases of which the query is put together, but those that must not be found."""
    if isinstance(query, And | Or):
        for part in query.subqueries:
            yield from list_leaves(part)
    elif not isinstance(query, Not):
        yield query


def list_languages() -> set[str]:
    """The languages that have a backend of their own."""
    backends = settings.WAGTAILSEARCH_BACKENDS.values()
    return {backend["LANGUAGE"] for backend in backends if "LANGUAGE" in backend}
