"""Who writes in the demo's journal, and about what."""

from functools import cache

from anyberry.demo.source import Record, read_file
from home.journal.models import Author, Topic


def load_journal(content: Record) -> None:
    """Make the authors and topics that are missing."""
    for values in content["author"]:
        words = {name: value for name, value in values.items() if name != "code"}
        Author.objects.get_or_create(name_en=words.pop("name_en"), defaults=words)
    for values in content["topic"]:
        Topic.objects.get_or_create(code=values["code"], defaults=values)


def find_author(code: str) -> Author:
    """The author whom the content calls so."""
    return Author.objects.get(name_en=list_names()[code])


@cache
def list_names() -> dict[str, str]:
    """English names by code."""
    return {values["code"]: values["name_en"] for values in read_file("journal.toml")["author"]}
