"""What makes a password too weak to take, and how strong one is that may be taken."""

import re
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.password_validation import CommonPasswordValidator, validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from zxcvbn import zxcvbn

from accounts.models import User

# Whoever guesses a password of ours tries these first.
SHOP_WORDS = frozenset(
    {
        *("anyberry", "berry", "berries", "strawberry", "raspberry", "blueberry", "blackberry", "cherry"),
        *("эниберри", "ягода", "ягодка", "ягоды", "ягодки", "клубника", "клубничка", "малина", "малинка"),
        *("черника", "вишня", "вишенка", "земляника", "смородина"),
    }
)
NO_LETTERS = re.compile(r"[\W\d_]+")
# What a Russian word becomes when it is typed in the other layout, and back.
RUSSIAN_KEYS = "йцукенгшщзхъфывапролджэячсмитьбюё"
LATIN_KEYS = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`"
TO_LATIN = str.maketrans(RUSSIAN_KEYS, LATIN_KEYS)
TO_RUSSIAN = str.maketrans(LATIN_KEYS, RUSSIAN_KEYS)
# The estimate takes longer than it is worth on more than this.
ESTIMATED_LENGTH = 72
GOOD = 3


class ShopWordsValidator:
    """Refuses words that are at hand.

    They are the shop's own, with or without digits around them, what the user's address begins with, and
    common passwords in another layout.
    """

    def __init__(self) -> None:
        self.common = CommonPasswordValidator()

    def validate(self, password: str, user: User | None = None) -> None:
        """Raise ValidationError for such a word."""
        typed = password.lower()
        # As it was typed, and as it reads with the other layout.
        words = {NO_LETTERS.sub("", text) for text in (typed, typed.translate(TO_RUSSIAN))}
        if not SHOP_WORDS.isdisjoint(words):
            message = _("This password is a word of our shop: too easy to guess.")
            raise ValidationError(message, code="shop_word")
        if user and typed == user.email.partition("@")[0]:
            message = _("This password is the beginning of your address: too easy to guess.")
            raise ValidationError(message, code="mailbox")
        self.common.validate(typed.translate(TO_LATIN), user)

    def get_help_text(self) -> str:
        """What is asked for, in a sentence."""
        return _("Your password can't be a word of our shop.")


@dataclass(frozen=True, slots=True)
class Strength:
    """How strong a password is: 0 (refused) to 4, in a word, and what to do about it."""

    score: int
    word: str
    advice: tuple[str, ...] = ()


def estimate_strength(*, password: str, user: User) -> Strength:
    """How well the password would guard the user's account.

    It agrees with the rule at registration: what that refuses is 0, what that takes is 1 at least.
    """
    try:
        validate_password(password, user)
    except ValidationError as error:
        return Strength(score=0, word=_("too weak"), advice=tuple(error.messages))
    words = (_("weak"), _("fair"), _("good"), _("strong"))
    guess: dict[str, Any] = zxcvbn(password[:ESTIMATED_LENGTH], user_inputs=list_hints(user))
    score = max(int(guess["score"]), 1)
    advice = () if score >= GOOD else (_("One or two more words would make it much stronger."),)
    return Strength(score=score, word=words[score - 1], advice=advice)


def list_hints(user: User) -> list[str]:
    """What somebody who knows the user would try."""
    return [part for part in (*re.split(r"[@.\W]+", user.email), *user.name.split(), "anyberry") if part]
