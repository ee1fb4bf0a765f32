"""A code is what people mean by it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.vouchers.codes import normalize_code


@pytest.mark.parametrize(
    "typed",
    [
        "YAGODA10",
        "yagoda10",
        " YAGODA 10 ",
        "yagoda-10",
        "YАGОDА10",
        "уаgоdа10",
        "ＹＡＧＯＤＡ１０",
        "YAGODA\u00a010",
    ],
)
def test_case_spaces_and_look_alike_letters_make_no_difference(typed):
    assert normalize_code(typed) == "YAGODA10"


def test_a_russian_word_is_a_code_too():
    assert normalize_code("Ягода 10") == normalize_code("ЯГОДА10") != normalize_code("YAGODA10")


@given(st.text(max_size=60))
def test_a_code_in_its_one_form_stays_as_it_is(typed):
    once = normalize_code(typed)

    assert normalize_code(once) == once
    assert "\0" not in once
