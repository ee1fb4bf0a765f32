"""A keyboard that nobody switched: «rke,ybrf» is «клубника», «ыекфциуккн» is “strawberry”."""

_LATIN = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`"
_RUSSIAN = "йцукенгшщзхъфывапролджэячсмитьбюё"
# The same keys with Shift, which folding to small letters leaves as they are.
_SHIFTED = dict(zip('{}:"<>~', "хъжэбюё", strict=True))

_TO_RUSSIAN = str.maketrans(dict(zip(_LATIN, _RUSSIAN, strict=True)) | _SHIFTED)
_TO_LATIN = str.maketrans(dict(zip(_RUSSIAN, _LATIN, strict=True)))


def switch_to_russian(text: str) -> str:
    """What the same keys give on a Russian keyboard."""
    return text.lower().translate(_TO_RUSSIAN)


def switch_to_latin(text: str) -> str:
    """What the same keys give on an English keyboard."""
    return text.lower().translate(_TO_LATIN)


def are_neighbors(one: str, other: str) -> bool:
    """Whether two letters are beside each other on the keyboard, on one row or the next."""
    places = [_find_place(letter) for letter in (one, other)]
    if None in places:
        return False
    (row, column), (other_row, other_column) = places  # type: ignore[misc]  # neither is None
    return abs(row - other_row) <= 1 and abs(column - other_column) <= 1


def _find_place(letter: str) -> tuple[int, int] | None:
    index = _RUSSIAN.find(letter)
    index = _LATIN.find(letter) if index < 0 else index
    rows = (range(12), range(12, 23), range(23, 32))
    return next(((number, row.index(index)) for number, row in enumerate(rows) if index in row), None)
