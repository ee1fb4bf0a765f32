"""What people say around a berry's name, in each language: read once from `words/<language>.toml`."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from search.cleaning import split_words
from search.stems import stem_all

FOLDER = Path(__file__).parent / "words"

Stems = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CommonWords:
    """`noise` says nothing beside a name, `small` words nothing at all; `tags` are tastes and uses.

    `goods` are those of the noise that ask for whatever the shop sells.
    """

    noise: frozenset[str]  # stems
    goods: frozenset[str]  # stems
    small: frozenset[str]  # words
    negations: frozenset[str]  # words
    between: frozenset[str]  # stems of words between a negation and what it denies
    tags: dict[Stems, str]
    phrases: dict[str, list[str]]  # what people say for each tag, as written in the file


@cache
def load_words(language: str) -> CommonWords:
    """The common words of a language; Russian ones where it has none of its own."""
    path = FOLDER / f"{language}.toml"
    content = tomllib.loads((path if path.exists() else FOLDER / "ru.toml").read_text())
    goods = frozenset(stem_all(content["goods"]))
    return CommonWords(
        noise=goods | frozenset(stem_all(content["noise"])),
        goods=goods,
        small=frozenset(content["small"]),
        negations=frozenset(content["negations"]),
        between=frozenset(stem_all(content["between"])),
        tags={stem_phrase(phrase): tag for tag, phrases in content["tags"].items() for phrase in phrases},
        phrases=content["tags"],
    )


def stem_phrase(phrase: str) -> Stems:
    """The stems of a phrase's words."""
    return stem_all(split_words(phrase))
