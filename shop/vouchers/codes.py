"""Codes as people type them: case, spaces, dashes and letters that look alike make no difference."""

import unicodedata
from typing import Any

from django.db import models

MAX_LENGTH = 40
# Cyrillic letters that nobody can tell from Latin ones on a card.
LOOK_ALIKES = str.maketrans("АВЕЁКМНОРСТУХІЈЅ", "ABEEKMHOPCTYXIJS")


def normalize_code(text: str) -> str:
    """The code as it is kept and compared: «ягода 10» and "YAGODA-10" are what they seem to be."""
    letters = unicodedata.normalize("NFKC", text).upper().translate(LOOK_ALIKES)
    return "".join(sign for sign in letters if sign.isalnum())


class CodeField(models.CharField):  # type: ignore[type-arg]  # Django's own is no generic class
    """A code, in its one form wherever it is stored or looked for."""

    def to_python(self, value: Any) -> Any:
        """The form's text in its one form."""
        text = super().to_python(value)
        return normalize_code(text) if isinstance(text, str) else text

    def get_prep_value(self, value: Any) -> Any:
        """The same on the way to the database."""
        text = super().get_prep_value(value)
        return normalize_code(text) if isinstance(text, str) else text
