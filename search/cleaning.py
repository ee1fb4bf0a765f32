"""A query as people type it, brought into the one form in which words are compared."""

import re
import unicodedata

LONGEST_QUERY = 200  # letters; what is longer is no search a person made
MOST_WORDS = 12
MOST_MENDED = 6  # different words of a query that are looked for with slips

_WORD = re.compile(r"[^\W_]+", re.UNICODE)
_UNSEEN = re.compile(r"[\u00ad\u0300-\u0305\u0307\u0309-\u036f\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_SPACES = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_UNITS = r"(?:кг|кило\w*|гр?|грамм\w*|шт\w*|уп|л|литр\w*|kgs?|kilo\w*|g|grams?|lbs?|oz|pcs?|l)"
_AMOUNT = re.compile(rf"(?<![\w.,])\d+(?:[.,]\d+)?\s*{_UNITS}(?!\w)\.?", re.IGNORECASE)


def clean_query(text: str) -> str:
    """What was typed as one line a database can hold: at most 200 letters, no signs that nobody sees."""
    line = _SPACES.sub(" ", text[: LONGEST_QUERY * 5])
    shown = "".join(sign for sign in line if unicodedata.category(sign) not in {"Cs", "Co", "Cn"})
    return shown.strip()[:LONGEST_QUERY].strip()


def fold(text: str) -> str:
    """The text in small letters, е for ё, accents and signs that nobody sees taken away."""
    return fold_yo(unicodedata.normalize("NFKC", _UNSEEN.sub("", text)).casefold())


def fold_yo(text: str) -> str:
    """The text with е for ё, as most people type."""
    return text.replace("ё", "е").replace("Ё", "Е")


def drop_amounts(text: str) -> str:
    """The text without weights: «малина 500 г» looks for «малина»."""
    return _AMOUNT.sub(" ", text)


def split_words(text: str) -> list[str]:
    """The words of the text, folded; whatever is no letter and no digit only divides them."""
    return _WORD.findall(fold(text))[:MOST_WORDS]
