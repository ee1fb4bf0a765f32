"""Telephone numbers, kept in the one form that machines agree on."""

from typing import NoReturn

import phonenumbers
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

HOME_REGION = "RU"


def normalize_phone(text: str) -> str:
    """The number as E.164: «8 (999) 123-45-67» → "+79991234567". Raises ValidationError.

    Numbers without a country code are Russian ones.
    """
    try:
        number = phonenumbers.parse(text, HOME_REGION)
    except phonenumbers.NumberParseException as error:
        raise_unreadable(error)
    if not phonenumbers.is_valid_number(number) or number.extension:
        raise_unreadable()
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def raise_unreadable(cause: Exception | None = None) -> NoReturn:
    """Refuse a number with advice."""
    message = _("Enter a phone number with its code, for example +7 999 123-45-67.")
    raise ValidationError(message, code="phone") from cause


def format_phone(number: str) -> str:
    """A stored number as people read it: "+7 999 123-45-67"; what can't be read stays as it is."""
    try:
        parsed = phonenumbers.parse(number, HOME_REGION)
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
