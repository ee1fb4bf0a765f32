"""The test database: as fresh as after all migrations, without running them each time.

Migrations run once, into a template, named after everything they depend on. Each session copies the template,
under a name that no other session uses. Tests that commit (`transaction=True`) leave the database as they
found it: Django's own way, a flush, would take away the rows that migrations made, Wagtail's root page too.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.conf import settings
from django.core.cache import caches
from django.core.management import call_command
from django.db import connection
from psycopg import sql

BASE_DIR = Path(__file__).resolve().parents[1]
TEMPLATE_PREFIX = "anyberry_fresh_"
# Any numbers will do, as long as nobody else takes advisory locks in the server's own database.
TEMPLATE_LOCK, FIRST_SLOT, SLOTS = 826_000, 826_001, 32
# Where the template keeps a copy of the rows that migrations made.
KEPT_ROWS = "fresh_rows"


@contextmanager
def prepare_database() -> Iterator[None]:
    """Point Django's test settings at a fresh copy under a name of our own, ours until the end."""
    with connect_to_server() as server:
        slot = take_slot(server)
        test = connection.settings_dict["TEST"]
        test["NAME"] = f"{test['NAME']}_{slot}"
        test["TEMPLATE"] = ensure_template(server)
        # Sessions at the same time share one Redis, too.
        settings.CACHES["default"]["KEY_PREFIX"] += f"-{slot}"
        # Each thread has a cache object of its own; this one's may be older than the prefix.
        caches["default"].close()
        del caches["default"]
        yield


def connect_to_server() -> psycopg.Connection:
    known = connection.get_connection_params()
    address = {name: known[name] for name in ("host", "port", "user", "password") if known.get(name)}
    return psycopg.connect(**address, dbname="postgres", autocommit=True)


def take_slot(server: psycopg.Connection) -> int:
    """The first number that no other session has; it is given back with the connection."""
    for slot in range(SLOTS):
        if server.execute("SELECT pg_try_advisory_lock(%s)", [FIRST_SLOT + slot]).fetchone()[0]:
            return slot
    raise RuntimeError(f"{SLOTS} test sessions are running already")


def ensure_template(server: psycopg.Connection) -> str:
    """The name of a database that all migrations have run on, made where it is missing."""
    name = TEMPLATE_PREFIX + compute_digest()
    server.execute("SELECT pg_advisory_lock(%s)", [TEMPLATE_LOCK])
    try:
        if name not in list_templates(server):
            build_template(server, name)
    finally:
        server.execute("SELECT pg_advisory_unlock(%s)", [TEMPLATE_LOCK])
    return name


def compute_digest() -> str:
    """What the template depends on: our migrations, and through the lock those of others."""
    digest = hashlib.sha256((BASE_DIR / "requirements.lock").read_bytes())
    ours = (path for path in BASE_DIR.glob("*/migrations/*.py"))
    site = (path for path in BASE_DIR.glob("site/*/migrations/*.py"))
    for path in sorted([*ours, *site, Path(__file__).resolve()]):
        digest.update(str(path.relative_to(BASE_DIR)).encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def list_templates(server: psycopg.Connection) -> list[str]:
    names = server.execute(
        "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [TEMPLATE_PREFIX]
    )
    return [name for (name,) in names]


def build_template(server: psycopg.Connection, name: str) -> None:
    """Migrate an empty database; it gets its name when it is whole. Templates of other migrations go."""
    unfinished = name + "_unfinished"
    for old in list_templates(server):
        if old != name:
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(old)))
    server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(unfinished)))
    with using_database(unfinished):
        call_command("migrate", interactive=False, verbosity=0)
        keep_rows()
    server.execute(
        sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(unfinished), sql.Identifier(name))
    )


@contextmanager
def using_database(name: str) -> Iterator[None]:
    own_name = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = own_name


def keep_rows() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA {KEPT_ROWS}")
        for table in list_filled_tables():
            cursor.execute(f'CREATE TABLE {KEPT_ROWS}."{table}" AS TABLE public."{table}"')


def restore_rows() -> None:
    """Bring every table back to the rows that migrations made."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [KEPT_ROWS])
        kept = [table for (table,) in cursor.fetchall()]
        emptied = ", ".join(f'public."{table}"' for table in {*kept, *list_filled_tables()})
        copies = "".join(f'INSERT INTO public."{table}" TABLE {KEPT_ROWS}."{table}";' for table in kept)
        # A thread that was left behind with an open transaction must be an error, not a wait without end.
        cursor.execute(f"BEGIN; SET LOCAL lock_timeout = '20s'; TRUNCATE {emptied} CASCADE; {copies} COMMIT;")


def list_filled_tables() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = [table for (table,) in cursor.fetchall() if table != "django_migrations"]
        questions = (f"SELECT '{table}' WHERE EXISTS (TABLE public.\"{table}\")" for table in tables)
        cursor.execute(" UNION ALL ".join(questions))
        return [table for (table,) in cursor.fetchall()]
