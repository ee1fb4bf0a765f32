import pytest
from django.core.exceptions import ValidationError

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
