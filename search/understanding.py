"""What a query means: first as it was typed, then as it may have been meant.

A reading is a row of terms, all of which must be found. A term is a word of the query with whatever says the
same: synonyms that editors taught, or a tag («без косточек») that berries carry as a fact.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from search.cleaning import MOST_MENDED, MOST_WORDS, clean_query, drop_amounts, split_words
from search.common_words import CommonWords, load_words, stem_phrase
from search.mending import join_neighbors, mend_token, translate
from search.stems import stem, stem_all
from search.vocabularies import get_vocabulary
from search.vocabulary import KIND, VARIETY, Vocabulary

LONGEST_PHRASE = 3  # words of a tag, a synonym or a name in the other language


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that must be found: any of `words`, each a word or a phrase.

    Of berries the tag is asked instead, where there is one; beside the words where berries are named so.
    What `is_denied` («не кислая») must not be found.
    """

    words: tuple[str, ...]
    tag: str = ""
    is_name: bool = False
    is_denied: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to understand a query. `text` is the query as this reading would have it typed.

    What `is_general` («какие ягоды есть») names no berry and asks for any. Those with an `unwanted` tag are
    left out.
    """

    text: str
    terms: tuple[Term, ...]
    unwanted: tuple[str, ...] = ()
    is_typed: bool = True
    is_general: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether it asks for nothing at all."""
        return not self.terms and not self.is_general


def understand(query: str, language: str) -> Iterator[Reading]:
    """The readings of a query, the likeliest first, each made when it is asked for.

    As typed; then mended; then, where it has nothing but noise («купить недорого»), as a question for any
    berry. None for a query without words.
    """
    vocabulary = get_vocabulary(language)
    line = clean_query(query)
    tokens = part_line(line)
    typed = read_words(list_words(tokens), vocabulary)
    if not typed.is_empty:
        yield typed
    mended = read_words(mend_words(tokens, vocabulary), vocabulary, is_typed=False)
    if not mended.is_empty and mended.terms != typed.terms:
        yield mended
    elif is_idle(typed, vocabulary):
        yield replace(typed, is_general=True)


def read_meant(query: str, vocabulary: Vocabulary) -> Iterator[str]:
    """The query as it was probably meant, as folded words; nothing where the shop knows its words."""
    tokens = part_line(clean_query(query))
    meant = mend_words(tokens, vocabulary)
    if meant and meant != list_words(tokens):
        yield " ".join(meant)


def part_line(line: str) -> list[str]:
    """What spaces divide in the line, without how much is wanted where there is more than that."""
    return (drop_amounts(line).split() or line.split())[:MOST_WORDS]


def list_words(tokens: Sequence[str]) -> list[str]:
    """The words of tokens that spaces divide, no more than a person would look for."""
    return [word for token in tokens for word in split_words(token)][:MOST_WORDS]


# --- As typed ---------------------------------------------------------------------


def read_words(words: Sequence[str], vocabulary: Vocabulary, *, is_typed: bool = True) -> Reading:
    """The words as terms; what says little is left out where anything else is said."""
    common = load_words(vocabulary.language)
    words = [part for word in words for part in part_negation(word, common)]
    terms = list(dict.fromkeys(find_terms(words, vocabulary)))
    unwanted = tuple(term.tag for term in terms if term.is_denied)
    wanted = [term for term in terms if not term.is_denied]
    telling = [term for term in wanted if term.tag or len(term.words) > 1 or not is_noise(term, vocabulary)]
    heard = telling or [term for term in wanted if term.words[0] not in common.small]
    asks_for_goods = any(stem(term.words[0]) in common.goods for term in heard)
    is_general = not telling and (asks_for_goods or bool(unwanted))
    return Reading(" ".join(words), tuple(heard), unwanted, is_typed, is_general)


def part_negation(word: str, common: CommonWords) -> tuple[str, ...]:
    """The word, or both words of one that denies a taste: «некислая»."""
    parts = ((word[: len(no)], word[len(no) :]) for no in common.negations if word.startswith(no))
    return next((pair for pair in parts if stem_phrase(pair[1]) in common.tags), (word,))


def find_terms(words: Sequence[str], vocabulary: Vocabulary) -> Iterator[Term]:
    """The longest phrases that mean something, from left to right; other words each for itself."""
    common = load_words(vocabulary.language)
    place = 0
    while place < len(words):
        lengths = range(min(LONGEST_PHRASE, len(words) - place), 0, -1)
        found = ((n, find_phrase(words[place : place + n], vocabulary)) for n in lengths)
        length, term = next(((n, term) for n, term in found if term), (1, Term((words[place],))))
        yield replace(term, is_denied=True) if term.tag and ends_in_negation(words[:place], common) else term
        place += length


def ends_in_negation(words: Sequence[str], common: CommonWords) -> bool:
    """Whether the words turn a taste or a use after them into its opposite: «не», «не очень», «не для»."""
    *_others, before, last = ["", "", *words]
    return (before if stem(last) in common.between else last) in common.negations


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


def is_idle(reading: Reading, vocabulary: Vocabulary) -> bool:
    """Whether the reading has nothing but what shoppers say around anything, and does not ask for it yet."""
    noise = load_words(vocabulary.language).noise
    stems = [stem(term.words[0]) for term in reading.terms if not term.tag]
    is_noise_alone = len(stems) == len(reading.terms) and noise.issuperset(stems)
    return bool(stems) and is_noise_alone and not reading.is_general


# --- As it may have been meant --------------------------------------------------------


def mend_words(tokens: Sequence[str], vocabulary: Vocabulary) -> list[str]:
    """The words of the tokens, each that the shop does not know in the form it was probably meant.

    Of very many unknown ones only the first are mended: nobody slips in each of a dozen words.
    """
    tokens = join_neighbors(list(tokens), vocabulary)
    words: list[str] = []
    mended: dict[str, str | None] = {}
    place = 0
    while place < len(tokens):
        length, meant = find_name(tokens[place:], vocabulary)
        token = tokens[place]
        if not meant and not all(is_known(word, vocabulary) for word in split_words(token)):
            if token not in mended and len(mended) < MOST_MENDED:
                mended[token] = mend_token(token, vocabulary)
            meant = mended.get(token)
        words += split_words(meant or token)
        place += length
    return words[:MOST_WORDS]


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
