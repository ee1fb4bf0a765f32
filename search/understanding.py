"""What a query means: first as it was typed, then as it may have been meant.

A reading is a row of terms, all of which must be found. A term is a word of the query with whatever says the
same: synonyms that editors taught, or a tag («без косточек») that berries carry as a fact.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from search.cleaning import clean_query, drop_amounts, split_words
from search.common_words import load_words, stem_phrase
from search.mending import join_neighbors, mend_token, translate
from search.stems import stem, stem_all
from search.vocabularies import get_vocabulary
from search.vocabulary import KIND, VARIETY, Vocabulary

LONGEST_PHRASE = 3  # words of a tag, a synonym or a name in the other language


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that must be found: any of `words`, each a word or a phrase.

    Of berries the tag is asked instead, where there is one; beside the words where berries are named so.
    """

    words: tuple[str, ...]
    tag: str = ""
    is_name: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to understand a query. `text` is the query as this reading would have it typed."""

    text: str
    terms: tuple[Term, ...]
    is_typed: bool = True


def understand(query: str, language: str) -> list[Reading]:
    """The readings of a query, the likeliest first: as typed, then mended. None for a query without words."""
    vocabulary = get_vocabulary(language)
    line = clean_query(query)
    tokens = drop_amounts(line).split() or line.split()
    typed = read_words(list_words(tokens), vocabulary)
    mended = read_words(mend_words(tokens, vocabulary), vocabulary, is_typed=False)
    readings = [typed] if typed.terms else []
    return [*readings, mended] if mended.terms and mended.terms != typed.terms else readings


def list_words(tokens: Sequence[str]) -> list[str]:
    """The words of tokens that spaces divide."""
    return [word for token in tokens for word in split_words(token)]


# --- As typed ---------------------------------------------------------------------


def read_words(words: Sequence[str], vocabulary: Vocabulary, *, is_typed: bool = True) -> Reading:
    """The words as terms; what says little is left out where anything else is said."""
    common = load_words(vocabulary.language)
    terms = list(find_terms(words, vocabulary))
    telling = [term for term in terms if term.tag or len(term.words) > 1 or not is_noise(term, vocabulary)]
    heard = telling or [term for term in terms if term.words[0] not in common.small]
    return Reading(" ".join(words), tuple(dict.fromkeys(heard)), is_typed)


def find_terms(words: Sequence[str], vocabulary: Vocabulary) -> Iterator[Term]:
    """The longest phrases that mean something, from left to right; other words each for itself."""
    place = 0
    while place < len(words):
        lengths = range(min(LONGEST_PHRASE, len(words) - place), 0, -1)
        found = ((n, find_phrase(words[place : place + n], vocabulary)) for n in lengths)
        length, term = next(((n, term) for n, term in found if term), (1, Term((words[place],))))
        yield term
        place += length


def find_phrase(words: Sequence[str], vocabulary: Vocabulary) -> Term | None:
    """The words as one term, if they are a tag or have synonyms."""
    stems, tags = stem_all(words), load_words(vocabulary.language).tags
    others = vocabulary.synonyms.get(stems, [])
    meant = [stems, *map(stem_phrase, others)]
    tag = next((tags[phrase] for phrase in meant if phrase in tags), "")
    if not tag and not others:
        return None
    is_name = any(vocabulary.weights.get(root) in {KIND, VARIETY} for root in stems)
    return Term((" ".join(words), *others), tag, is_name)


def is_noise(term: Term, vocabulary: Vocabulary) -> bool:
    """Whether the word is one that is said around any berry."""
    common, word = load_words(vocabulary.language), term.words[0]
    is_letter = len(word) == 1 and word.isalpha()
    return is_letter or word in common.small or stem(word) in common.noise


# --- As it may have been meant --------------------------------------------------------


def mend_words(tokens: Sequence[str], vocabulary: Vocabulary) -> list[str]:
    """The words of the tokens, each that the shop does not know in the form it was probably meant."""
    tokens = join_neighbors(list(tokens), vocabulary)
    words: list[str] = []
    place = 0
    while place < len(tokens):
        length, meant = find_name(tokens[place:], vocabulary)
        token = tokens[place]
        if not meant and not all(is_known(word, vocabulary) for word in split_words(token)):
            meant = mend_token(token, vocabulary)
        words += split_words(meant or token)
        place += length
    return words


def find_name(tokens: Sequence[str], vocabulary: Vocabulary) -> tuple[int, str | None]:
    """How many of the first tokens are a name in the other language, and that name in ours."""
    for length in range(min(LONGEST_PHRASE, len(tokens)), 0, -1):
        words = list_words(tokens[:length])
        if not all(is_known(word, vocabulary) for word in words) and (name := translate(words, vocabulary)):
            return length, name
    return 1, None


def is_known(word: str, vocabulary: Vocabulary) -> bool:
    """Whether the word needs no mending: the shop uses it, people say it anywhere, or it has digits."""
    common = load_words(vocabulary.language)
    return not word.isalpha() or word in common.small or stem(word) in common.noise or vocabulary.knows(word)
