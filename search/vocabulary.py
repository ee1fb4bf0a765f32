"""The words the shop itself uses, in one language: by them typos are mended and beginnings completed.

Built from the catalog, the titles of pages and what editors taught the search; kept in Redis, and in each
process, until something of it changes.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from heapq import nsmallest

from django.db.models import F
from wagtail.models import Page

from search.backend import FRONT_DEPTH
from search.cleaning import fold, split_words
from search.common_words import Stems, load_words, stem_phrase
from search.letters import is_russian, romanize, sound_out
from search.models import Promotion, Synonym
from search.slips import SHORTEST, Spellings
from search.stems import stem, stem_all
from shop.catalog.models import Berry, Category

KIND, CATEGORY, VARIETY, TAUGHT, TITLE, ORIGIN, SAID = 8, 6, 5, 4, 3, 2, 1
COMPLETED = 200  # words of one beginning that are compared


@dataclass(slots=True)
class Vocabulary:
    """What the shop's language is made of. A stem stands for all forms of its word."""

    language: str
    shown: dict[str, str] = field(default_factory=dict)  # stem → the word as people know it
    weights: dict[str, int] = field(default_factory=dict)  # stem → how much the word matters
    sounds: dict[str, str] = field(default_factory=dict)  # how a word sounds in Latin letters → what we say
    foreign_sounds: dict[str, str] = field(default_factory=dict)  # the same of names in the other language
    names: dict[Stems, str] = field(default_factory=dict)  # a name in the other language → the name in ours
    synonyms: dict[Stems, list[str]] = field(default_factory=dict)
    promotions: dict[Stems, list[tuple[int, bool]]] = field(
        default_factory=dict
    )  # → pages, whether of berries
    phrases: list[tuple[str, int]] = field(default_factory=list)  # whole names with their weights, in order
    beginnings: list[tuple[str, int]] = field(default_factory=list)  # the words of `shown`, likewise
    sound_beginnings: list[str] = field(default_factory=list)  # the keys of `sounds`, in order
    stems: Spellings = field(default_factory=Spellings)  # the keys of `shown`
    sound_spellings: Spellings = field(default_factory=Spellings)  # the keys of `sounds`
    foreign_stems: Spellings = field(default_factory=Spellings)  # the keys of `names` that are one word
    seen: dict[str, int] = field(default_factory=dict)  # words with the most they weighed, while it is built

    def knows(self, word: str) -> bool:
        """Whether the shop uses the folded word, in whatever form."""
        return stem(word) in self.shown

    def weigh(self, word: str) -> int:
        """How much the word matters; 0 for one the shop does not use."""
        return self.weights.get(stem(word), 0)

    def complete_word(self, prefix: str, most: int = 1) -> list[str]:
        """The words that begin so, those that matter most first."""
        return complete(prefix, self.beginnings, most)

    def complete_phrase(self, prefix: str, most: int) -> list[str]:
        """The names of kinds, varieties and categories that begin so, those that matter most first."""
        return complete(prefix, self.phrases, most)


def complete(prefix: str, known: Sequence[tuple[str, int]], most: int) -> list[str]:
    """At most so many of what begins so, what matters most first; of texts with their weights, in order."""
    start = bisect_left(known, (prefix, 0))
    near = known[start : start + COMPLETED]
    begun = [(-weight, len(text), text) for text, weight in near if text.startswith(prefix)]
    return [text for _weight, _length, text in nsmallest(most, begun)]


def build_vocabulary(language: str) -> Vocabulary:
    """Read the words of the shop as it is now, in a handful of queries."""
    vocabulary = Vocabulary(language)
    phrases: dict[str, int] = {}
    for weight, ours, theirs in list_names(language):
        words = add_words(vocabulary, ours, weight)
        if weight > ORIGIN and words:
            phrases.setdefault(" ".join(words), weight)
            add_name(vocabulary, drop_numbers(split_words(theirs)), " ".join(words))
    for title in list_titles(language):
        add_words(vocabulary, title, TITLE)
    for tag_phrases in load_words(language).phrases.values():
        for phrase in tag_phrases:
            add_words(vocabulary, phrase, SAID)
        phrases.setdefault(fold(tag_phrases[0]), SAID)
    add_taught(vocabulary, phrases)
    vocabulary.names.pop((), None)
    vocabulary.phrases = sorted(phrases.items())
    vocabulary.beginnings = sorted(
        (vocabulary.shown[root], weight) for root, weight in vocabulary.weights.items()
    )
    vocabulary.sound_beginnings = sorted(vocabulary.sounds)
    vocabulary.stems = Spellings.arrange(vocabulary.shown)
    vocabulary.sound_spellings = Spellings.arrange(vocabulary.sounds)
    vocabulary.foreign_stems = Spellings.arrange(stems[0] for stems in vocabulary.names if len(stems) == 1)
    vocabulary.seen.clear()
    return vocabulary


def list_names(language: str) -> Iterator[tuple[int, str, str]]:
    """What the catalog calls its berries, as (weight, in the language, in the other one)."""
    other = "en" if language == "ru" else "ru"
    for name, weight in (("kind", KIND), ("variety", VARIETY), ("origin", ORIGIN)):
        columns = [f"{name}_{language}", f"{name}_{other}"]
        for ours, theirs in Berry.objects.active().order_by().values_list(*columns).distinct().iterator():
            yield weight, ours, theirs
    for ours, theirs in Category.objects.order_by().values_list(f"name_{language}", f"name_{other}"):
        yield CATEGORY, ours, theirs


def list_titles(language: str) -> Iterator[str]:
    """The titles of all pages that can be found."""
    pages = Page.objects.live().filter(locale__language_code=language, depth__gt=FRONT_DEPTH)
    shown = pages.exclude(berrypage__berry__is_active=False)
    return shown.order_by().values_list("title", flat=True).iterator()


def add_taught(vocabulary: Vocabulary, phrases: dict[str, int]) -> None:
    """Add what editors taught: synonyms and promoted pages."""
    for typed, means in Synonym.objects.filter(language=vocabulary.language).values_list("typed", "means"):
        vocabulary.synonyms.setdefault(stem_phrase(typed), []).append(means)
        add_words(vocabulary, typed, TAUGHT)
        phrases.setdefault(typed, TAUGHT)
    shown = Promotion.objects.filter(language=vocabulary.language, page__live=True)
    shown = shown.filter(page__locale__language_code=F("language")).order_by("position", "pk")
    sold = shown.exclude(page__berrypage__berry__is_active=False)
    for typed, page_id, berry_id in sold.values_list("typed", "page", "page__berrypage__berry"):
        vocabulary.promotions.setdefault(stem_phrase(typed), []).append((page_id, bool(berry_id)))
        add_words(vocabulary, typed, TAUGHT)


def add_words(vocabulary: Vocabulary, text: str, weight: int) -> list[str]:
    """Learn the words of the text that are no numbers; these words."""
    words = drop_numbers(split_words(text))
    for word in words:
        if vocabulary.seen.get(word, 0) < weight:
            learn(vocabulary, word, weight)
    return words


def learn(vocabulary: Vocabulary, word: str, weight: int) -> None:
    """Learn one word; where its stem is known, the form that matters more is shown."""
    vocabulary.seen[word] = weight
    if len(word) < SHORTEST or word in load_words(vocabulary.language).small:
        return
    root = stem(word)
    if weight > vocabulary.weights.get(root, 0):
        vocabulary.shown[root] = word
        vocabulary.weights[root] = weight
        vocabulary.sounds.setdefault(sound_word(word), word)


def add_name(vocabulary: Vocabulary, theirs: list[str], ours: str) -> None:
    """Learn what a name of ours is in the other language."""
    vocabulary.names.setdefault(stem_all(theirs), ours)
    if len(theirs) == 1:
        vocabulary.foreign_sounds.setdefault(sound_word(theirs[0]), ours)


def sound_word(word: str) -> str:
    """How a word of either language sounds."""
    return sound_out(romanize(word) if is_russian(word) else word)


def drop_numbers(words: list[str]) -> list[str]:
    """The words without digits in them."""
    return [word for word in words if word.isalpha()]
