"""Facts that have a name in each language, kept on one row."""

from django.utils.translation import get_language


class Localized:
    """Reads `<name>_<active language>`, or the Russian text where that is empty."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __get__(self, instance: object, owner: type | None = None) -> str:
        if instance is None:
            return self  # type: ignore[return-value]  # the class itself is asked by Django's inspection
        return localize(instance, self.name)


def localize(instance: object, name: str, language: str | None = None) -> str:
    """The text of `name` in the language (default: the active one), Russian where that is empty."""
    code = (language or get_language() or "ru")[:2]
    text: str = getattr(instance, f"{name}_{code}", "") or getattr(instance, f"{name}_ru")
    return text
