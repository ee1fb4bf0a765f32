"""What a word that the shop does not know was meant to be: one small step for each kind of slip."""

from collections.abc import Callable
from itertools import pairwise

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from search.cleaning import split_words
from search.keyboard import switch_to_latin, switch_to_russian
from search.letters import is_russian
from search.slips import SHORTEST
from search.stems import stem, stem_all
from search.vocabulary import KIND, TAUGHT, VARIETY, Vocabulary, sound_word

_SIMILAR = 60  # of a hundred: names so near are worth a guess, not a search


def mend_token(token: str, vocabulary: Vocabulary) -> str | None:
    """What was meant by a token of the query that holds words the shop does not know; None if unclear.

    First the keyboard, then the letters (Latin for Russian and back), the end (not typed yet), then slips, in
    a whole word or in one that is not typed to its end.
    """
    steps: tuple[Callable[[str, Vocabulary], str | None], ...] = (
        change_layout,
        change_letters,
        finish_word,
        split_compound,
        correct_spelling,
        correct_beginning,
        correct_after_layout,
    )
    return next((mended for step in steps if (mended := step(token, vocabulary))), None)


def change_layout(token: str, vocabulary: Vocabulary) -> str | None:
    """The token typed on the other keyboard, where the shop knows that."""
    for switched in (switch_to_russian(token), switch_to_latin(token)):
        words = split_words(switched)
        if words and all(map(vocabulary.knows, words)):
            return " ".join(words)
        if known := translate(words, vocabulary):
            return known
    return None


def change_letters(token: str, vocabulary: Vocabulary) -> str | None:
    """The token in the letters of the other language: klubnika, or малина for “malina”."""
    sounds = [sound_word(word) for word in split_words(token)]
    meant = [vocabulary.sounds.get(sound) or vocabulary.foreign_sounds.get(sound) for sound in sounds]
    return " ".join(filter(None, meant)) if meant and all(meant) else None


def translate(words: list[str], vocabulary: Vocabulary) -> str | None:
    """A name in the other language, in the words of ours."""
    return vocabulary.names.get(stem_all(words)) if words else None


def finish_word(token: str, vocabulary: Vocabulary) -> str | None:
    """The word of which the token is the beginning."""
    words = split_words(token)
    if len(words) != 1 or len(words[0]) <= SHORTEST:
        return None
    return next(iter(vocabulary.complete_word(words[0])), None)


def split_compound(token: str, vocabulary: Vocabulary) -> str | None:
    """Two words written as one."""
    word = "".join(split_words(token))
    for place in range(SHORTEST, len(word) - SHORTEST + 1):
        if vocabulary.knows(word[:place]) and vocabulary.knows(word[place:]):
            return f"{word[:place]} {word[place:]}"
    return None


def correct_spelling(token: str, vocabulary: Vocabulary) -> str | None:
    """The nearest word within as many slips as the token's length allows."""
    words = split_words(token)
    if len(words) != 1:
        return None
    word = words[0]
    found = vocabulary.stems.find_nearest(stem(word), lambda root: rate(word, root, vocabulary))
    if found is None and is_russian(word) != (vocabulary.language == "ru"):
        return find_nearest_sound(word, vocabulary) or find_nearest_name(word, vocabulary)
    return vocabulary.shown[found] if found else None


def correct_beginning(token: str, vocabulary: Vocabulary) -> str | None:
    """The name of which the token is the beginning, but for one slip."""
    words = split_words(token)
    if len(words) != 1:
        return None
    found = vocabulary.stems.find_begun(words[0], lambda root: (-vocabulary.weights[root], len(root)))
    return vocabulary.shown[found] if found and vocabulary.weights[found] >= VARIETY else None


def correct_after_layout(token: str, vocabulary: Vocabulary) -> str | None:
    """The nearest word to the token typed on the other keyboard."""
    switch = switch_to_latin if is_russian(token.lower()) else switch_to_russian
    switched = switch(token)
    return correct_spelling(switched, vocabulary) if len(split_words(switched)) == 1 else None


def find_nearest_sound(word: str, vocabulary: Vocabulary) -> str | None:
    """The word that sounds nearest, whatever the letters."""
    found = vocabulary.sound_spellings.find_nearest(sound_word(word))
    return vocabulary.sounds[found] if found else None


def find_nearest_name(word: str, vocabulary: Vocabulary) -> str | None:
    """The name in ours that is spelt nearest in the other language."""
    found = vocabulary.foreign_stems.find_nearest(stem(word))
    return vocabulary.names[found,] if found else None


def find_similar_name(text: str, vocabulary: Vocabulary) -> str | None:
    """The name that looks most like the folded text: a guess for a person to judge."""
    names = [name for name, weight in vocabulary.phrases if weight >= TAUGHT and name != text]
    found = process.extractOne(text, names, scorer=fuzz.ratio, score_cutoff=_SIMILAR)
    return found[0] if found else None


def rate(word: str, root: str, vocabulary: Vocabulary) -> tuple[int, int]:
    """Of stems that are equally near: first the nearer whole word, then what matters more."""
    return OSA.distance(word, vocabulary.shown[root]), -vocabulary.weights[root]


def join_neighbors(tokens: list[str], vocabulary: Vocabulary) -> list[str]:
    """The tokens, two that are one word of the shop written as one: «клуб ника»."""
    for place, (one, other) in enumerate(pairwise(tokens)):
        joined = "".join(split_words(one + other))
        is_whole = all(map(vocabulary.knows, [*split_words(one), *split_words(other)]))
        is_known = vocabulary.knows(joined) or bool(translate([joined], vocabulary))
        if vocabulary.weigh(joined) == KIND or (is_known and not is_whole):
            return [*tokens[:place], joined, *tokens[place + 2 :]]
    return tokens
