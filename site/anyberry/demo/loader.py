"""Loads the whole demo shop. Running it again adds what is missing and changes nothing else."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection
from wagtail.models import Locale

from anyberry.demo.images import Pictures, name_pictures, warm_pictures
from anyberry.demo.journal import load_journal
from anyberry.demo.newsletter import load_newsletter
from anyberry.demo.people import load_people
from anyberry.demo.promotions import load_promotions
from anyberry.demo.records import (
    load_berries,
    load_categories,
    load_delivery,
    load_seller,
    load_site,
    load_stock,
)
from anyberry.demo.source import read_file, read_folder
from anyberry.demo.teaching import teach_search
from anyberry.demo.tree import TreeLoader, name_documents

Say = Callable[[str], object]


@contextmanager
def commit_without_waiting() -> Iterator[None]:
    """Let PostgreSQL write to the disk when it likes: the next run makes whatever a power cut takes away."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit TO off")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET synchronous_commit")


def load_demo(say: Say) -> None:
    """Load people, records, stock and pages. Must not run inside a transaction (see translate_page)."""
    berries = list(read_folder("berries"))
    categories = read_file("categories.toml")["category"]
    say("people")
    owner = load_people()
    say("records")
    load_seller(load_site(), read_file("seller.toml"))
    load_categories(categories)
    load_berries(berries)
    load_delivery(read_file("delivery.toml"))
    say("stock")
    load_stock(berries, by=owner)
    load_promotions(read_file("promotions.toml"))
    load_journal(read_file("journal.toml"))
    say("pages")
    ru, en = (Locale.objects.get_or_create(language_code=code)[0] for code in ("ru", "en"))
    pictures = Pictures(name_pictures(berries), by=owner)
    tree = TreeLoader(ru=ru, en=en, pictures=pictures, by=owner)
    front = tree.load(berries, categories)
    name_documents()
    load_newsletter(tree, front)
    teach_search(read_file("search.toml"))
    say("pictures")
    warm_pictures()
