"""What the first letters of a query may become."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import chain, islice

from search.cleaning import clean_query, split_words
from search.keyboard import switch_to_latin, switch_to_russian
from search.letters import is_russian
from search.slips import SHORTEST
from search.understanding import is_known
from search.vocabulary import COMPLETED, Vocabulary, sound_word

WORDS_SUGGESTED = 4


def read_beginnings(text: str, vocabulary: Vocabulary) -> Iterator[str]:
    """The text as it was typed, then on the other keyboard, then in the other letters; as folded words."""
    line = clean_query(text)
    switch = switch_to_latin if is_russian(line.lower()) else switch_to_russian
    typed = (" ".join(split_words(way)) for way in (line, switch(line)))
    seen = {""}
    for reading in chain(typed, sound_on(line, vocabulary)):
        if reading not in seen:
            seen.add(reading)
            yield reading


def sound_on(line: str, vocabulary: Vocabulary) -> Iterator[str]:
    """The line with its last word the beginning of one of ours that sounds so."""
    *words, last = split_words(line) or [""]
    sound = sound_word(last)
    if not sound:
        return
    start = bisect_left(vocabulary.sound_beginnings, sound)
    near = islice(vocabulary.sound_beginnings, start, start + COMPLETED)
    found = [vocabulary.sounds[other] for other in near if other.startswith(sound)]
    if found:
        best = min(found, key=lambda word: (-vocabulary.weigh(word), len(word), word))
        yield " ".join([*words, best])


def may_be_in_titles(words: Iterable[str], vocabulary: Vocabulary) -> bool:
    """Whether titles may have these words: the shop knows all but the shortest of theirs, and no numbers."""
    return all(len(word) < SHORTEST or is_known(word, vocabulary) for word in words)


def complete_words(beginning: str, vocabulary: Vocabulary) -> list[str]:
    """Queries worth asking that begin so: whole names, then the words before with the last one finished."""
    phrases = vocabulary.complete_phrase(beginning, WORDS_SUGGESTED)
    *words, last = beginning.split()
    finished = (" ".join([*words, word]) for word in vocabulary.complete_word(last, WORDS_SUGGESTED))
    known = all(map(vocabulary.knows, words))
    return list(dict.fromkeys([*phrases, *(finished if known else ())]))[:WORDS_SUGGESTED]
