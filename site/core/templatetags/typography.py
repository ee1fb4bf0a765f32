"""What belongs together in a line of text stays in one line."""

import re

from django import template
from django.template.defaultfilters import stringfilter

NBSP, WORD_JOINER = "\N{NO-BREAK SPACE}", "\N{WORD JOINER}"
RULES = (
    # A Russian preposition or conjunction never ends a line: «и в лоток».
    (re.compile(r"(?<![\w-])([А-Яа-яЁё]{1,2}) (?=\S)"), rf"\1{NBSP}"),
    # Nor does a dash begin one, nor a unit: «55 ккал», “4 °C”.
    (re.compile(r"(?<=\S) (?=— )"), NBSP),
    (re.compile(r"(?<=\d) (?=[^\W\d]|[%°₽])"), NBSP),
    # A range is one word: «0–4».
    (re.compile(r"(?<=\d)–(?=\d)"), f"–{WORD_JOINER}"),
)

register = template.Library()


@register.filter(is_safe=True)
@stringfilter
def bound(text: str) -> str:
    """Plain text, bound where a line must not break."""
    for what, instead in RULES:
        text = what.sub(instead, text)
    return text
