"""What the search answers: plain data, nothing of it asks the database."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Found:
    """What a query found in one language.

    `berries` and `articles` are ids of pages, best first, promoted ones before all others, at most
    `engine.MOST_HITS` of each; `total` and `articles_total` count all of them, and `score` tells how well the
    best of them fits. `shown_for` is what was looked for instead of the query typed («клубника» for
    «rke,ybrf»), empty where it was looked for as it is. Where nothing was found, `words` are the nearest
    words the shop knows, and `other_language` counts what the other language has. What `is_general` asked
    for any berry without an `unwanted` tag: `berries` are the first of them alone.
    """

    query: str
    language: str
    berries: list[int] = field(default_factory=list)
    articles: list[int] = field(default_factory=list)
    promoted: frozenset[int] = frozenset()  # of those in `berries` and `articles`
    total: int = 0
    articles_total: int = 0
    score: float = 0.0
    shown_for: str = ""
    words: list[str] = field(default_factory=list)
    other_language: int = 0
    is_general: bool = False
    unwanted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A page to go to. `berry_id` is 0 for what is no berry."""

    page_id: int
    title: str
    url: str
    berry_id: int = 0


@dataclass(frozen=True, slots=True)
class Suggestions:
    """A few ways on from the first letters of a query; `words` are queries worth asking."""

    berries: list[Suggestion] = field(default_factory=list)
    categories: list[Suggestion] = field(default_factory=list)
    articles: list[Suggestion] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
