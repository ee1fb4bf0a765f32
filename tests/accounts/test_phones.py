import re

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.phones import format_phone, normalize_phone


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("+7 999 123-45-67", "+79991234567"),
        ("8 (999) 123-45-67", "+79991234567"),
        ("9991234567", "+79991234567"),
        ("+375 29 123-45-67", "+375291234567"),
        ("+44 20 7946 0958", "+442079460958"),
    ],
)
def test_numbers_become_one_form(text, number):
    assert normalize_phone(text) == number


@pytest.mark.parametrize(
    "text", ["", "abc", "123", "+7", "\0", "+7 999 123-45-67 доб. 12", "9" * 300, "+7999123456789"]
)
def test_what_is_no_number_is_refused_with_advice(text):
    with pytest.raises(ValidationError, match=r"\+7"):
        normalize_phone(text)


def test_stored_numbers_are_shown_as_people_read_them():
    assert format_phone("+79991234567") == "+7 999 123-45-67"
    assert format_phone("") == ""


@settings(max_examples=200, deadline=None)
@given(text=st.one_of(st.text(max_size=60), st.from_regex(r"[+\d ()-]{5,20}", fullmatch=True)))
def test_whatever_is_typed_is_either_refused_or_becomes_a_number_that_can_be_called(text):
    try:
        number = normalize_phone(text)
    except ValidationError:
        return
    assert re.fullmatch(r"\+[1-9]\d{6,14}", number)
    assert normalize_phone(number) == number
    assert normalize_phone(format_phone(number)) == number
