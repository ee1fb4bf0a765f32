"""Word stems, by the algorithm that PostgreSQL's own configurations use."""

from collections.abc import Iterable
from functools import lru_cache
from threading import local

import Stemmer

from search.letters import is_russian

_kept = local()  # a stemmer serves one thread


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """The stem of a folded word: Russian letters make it Russian, others English."""
    stemmed: str = _get_stemmer("russian" if is_russian(word) else "english").stemWord(word)
    return stemmed


def stem_all(words: Iterable[str]) -> tuple[str, ...]:
    """The stem of each word."""
    return tuple(stem(word) for word in words)


def _get_stemmer(name: str) -> Stemmer.Stemmer:
    if not hasattr(_kept, name):
        setattr(_kept, name, Stemmer.Stemmer(name))
    stemmer: Stemmer.Stemmer = getattr(_kept, name)
    return stemmer
