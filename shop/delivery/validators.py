"""What may be written where zones list their postcodes."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

POSTCODES = re.compile(r"([0-9]{6})(?:\s*[-–—]\s*([0-9]{6}))?")


def list_lines(text: str) -> list[str]:
    """The lines of a text that say something, without the space around them."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def parse_postcodes(line: str) -> tuple[int, int]:
    """The first and the last postcode of a line: "141400" or "101000-129999". Raises ValidationError."""
    found = POSTCODES.fullmatch(line)
    first, last = (int(found[1]), int(found[2] or found[1])) if found else (1, 0)
    if first > last:
        raise ValidationError(
            _("“%(line)s” is neither a postcode nor a range of them."),
            code="postcodes",
            params={"line": line},
        )
    return first, last


def validate_postcodes(text: str) -> None:
    """Raise ValidationError where a line is neither a postcode nor a range of them."""
    for line in list_lines(text):
        parse_postcodes(line)
