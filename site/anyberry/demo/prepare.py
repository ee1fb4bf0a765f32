"""Make the database ready for the demo: migrate it, load the demo shop. Django starts once for both."""

import django
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def main() -> None:
    django.setup()
    if has_migrations_to_run():
        call_command("migrate", interactive=False, verbosity=0)
    call_command("load_demo")


def has_migrations_to_run() -> bool:
    """Tell whether the database is behind the code. Asking is much quicker than migrating to where we are."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


if __name__ == "__main__":
    main()
