"""Russian words in Latin letters, in any of the ways people write them: klubnika, zhimolost', jimolost."""

import re

_LETTERS = str.maketrans(
    dict(zip("абвгдезийклмнопрстуфхыэ", "abvgdeziyklmnoprstufhye", strict=True))
    | {
        "ё": "e",
        "ж": "zh",
        "ц": "ts",
        "ч": "ch",
        "ш": "sh",
        "щ": "sch",
        "ю": "yu",
        "я": "ya",
        "ъ": "",
        "ь": "",
    }
)
# Different habits of writing one sound, brought to one; in this order.
_HABITS = [
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"['’`]", ""),
        (r"shch|sch", "sh"),
        (r"kh|x", "h"),
        (r"[jiy]a", "a"),
        (r"[jiy]u", "u"),
        (r"[iy][eo]", "e"),
        (r"ck|q", "k"),
        (r"c(?!h)|tz", "ts"),
        (r"j", "zh"),
        (r"w", "v"),
        (r"ee", "i"),
        (r"y", "i"),
        (r"(.)\1+", r"\1"),
    )
]


def is_russian(word: str) -> bool:
    """Whether the word has a Russian letter in it."""
    return bool(re.search(r"[а-яё]", word))


def romanize(word: str) -> str:
    """A Russian word, small, in Latin letters: «малина» is “malina”."""
    return word.translate(_LETTERS)


def sound_out(word: str) -> str:
    """A key to compare small words in Latin letters by, whatever the habits of writing."""
    for habit, sound in _HABITS:
        word = habit.sub(sound, word)
    return word
