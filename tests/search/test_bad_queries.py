"""Whatever is typed is words, and nothing of it is an error."""

import pytest

from search.services import find, suggest
from tests.factories.catalog import make_offered_berry

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "query",
    [
        "",
        "   ",
        "я" * 5000,
        "слово " * 1000,
        "мал\0ина",
        "🍓🍓🍓",
        "' OR 1=1 --",
        "& | ! ( ) :* <-> \\ '",
        "трактор | малина",
        "!трактор",
        "малина:*A",
        "%s %(x)s %00 {} {0}",
        '"малина азия"',
        "\u202e\ufeff\u200b",
        "\ud800",
        "а",
        "-",
        "ья",
        "1" * 300,
    ],
)
def test_no_query_is_syntax_and_none_is_an_error(query):
    make_offered_berry(kind_ru="Клюква")
    for language in ("ru", "en"):
        assert find(query=query, language=language).total == 0
        assert suggest(prefix=query, language=language).berries == []
