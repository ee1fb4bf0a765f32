"""Words that a person may have meant with one that is misspelt: near in letters, and likely to slip into."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import chain

from rapidfuzz import process
from rapidfuzz.distance import OSA

from search.keyboard import are_neighbors

SHORTEST = 3  # letters of a word worth mending or completing
# Letters that sound alike where they are not stressed, or at the end of a syllable.
_PAIRS = "ао еи еы иы еэ зс бп вф гк дт жш шщ чщ ea ei ck sz sc uo ao vw"
_ALIKE = [set(pair) for pair in _PAIRS.split()]
_FULL, _SHORT, _LONG = 4, 6, 9  # letters of a word from which one, two, three slips are believed
_COMPARED = 12


def _rate_alike(_word: str) -> tuple[int, int]:
    return 0, 0


@dataclass(slots=True)
class Spellings:
    """Words by their first letter, and by what is left without it: few slip there, so few are compared."""

    by_first: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    beheaded: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def arrange(cls, words: Iterable[str]) -> "Spellings":
        """Those of the words that are long enough to slip in."""
        spellings = cls()
        for word in words:
            if len(word) >= SHORTEST:
                spellings.by_first[word[0]].append(word)
                spellings.beheaded[word[1:]].append(word)
        return spellings

    def find_nearest(self, typed: str, rate: Callable[[str], tuple[int, int]] = _rate_alike) -> str | None:
        """The word that was meant: fewest slips, then what `rate` rates lower. None where none is near."""
        allowed = count_allowed(typed)
        if not allowed:
            return None
        near = [*self._list_likely(typed), *self.beheaded.get(typed, ())]
        found = process.extract(typed, near, scorer=OSA.distance, score_cutoff=allowed, limit=_COMPARED)
        likely = [(slips, rate(word), word) for word, slips, _place in found if is_likely(typed, word)]
        return min(likely)[2] if likely else None

    def find_begun(self, typed: str, rate: Callable[[str], tuple[int, int]]) -> str | None:
        """The word that begins so, but for one letter or two that changed places; the one rated lowest.

        None where none is near, and for what is too short to tell.
        """
        if len(typed) < _SHORT:
            return None
        words = [word for word in self._list_likely(typed) if len(word) >= len(typed)]
        begun = [word[: len(typed)] for word in words]
        found = process.extract(typed, begun, scorer=OSA.distance, score_cutoff=1, limit=None)
        likely = [words[place] for text, _slips, place in found if is_likely(typed, text)]
        return min(likely, key=lambda word: (rate(word), word)) if likely else None

    def _list_likely(self, typed: str) -> list[str]:
        """The words whose first letter may have become that which was typed; `is_likely` knows more."""
        firsts = (first for first in self.by_first if first in typed[:2] or are_alike(first, typed[0]))
        return list(chain.from_iterable(self.by_first[first] for first in firsts))


def count_allowed(word: str) -> int:
    """How many slips a word of that length may have."""
    return sum(len(word) >= length for length in (_FULL, _SHORT, _LONG))


def is_likely(typed: str, meant: str) -> bool:
    """Whether a person may have slipped so: hardly anybody mistakes the first letter for a far one."""
    if typed[0] == meant[0] or typed[:2] == meant[1::-1]:
        return True
    if typed[1:2] == meant[0] or meant[1:2] == typed[0]:
        return OSA.distance(typed, meant) == 1  # a letter too many or too few in front
    return are_alike(typed[0], meant[0])


def are_alike(one: str, other: str) -> bool:
    """Whether the letters sound alike, or their keys are beside each other."""
    return {one, other} in _ALIKE or are_neighbors(one, other)
