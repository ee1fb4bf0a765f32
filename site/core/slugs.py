"""Addresses out of Russian titles."""

from django.utils.text import slugify

LATIN = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        "a b v g d e yo zh z i y k l m n o p r s t u f kh ts ch sh shch . y . e yu ya".replace(".", "").split(
            " "
        ),
        strict=True,
    )
)


def make_slug(title: str) -> str:
    """The title in small Latin letters, digits and hyphens: «Клюква из Карелии» → "klyukva-iz-karelii"."""
    return slugify("".join(LATIN.get(letter, letter) for letter in title.lower()))
