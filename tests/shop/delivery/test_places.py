"""Which area an address belongs to."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from shop.delivery.models import DeliveryZone
from shop.delivery.places import find_zones, simplify_place
from shop.delivery.validators import parse_postcodes, validate_postcodes

CITY = DeliveryZone(pk=1, code="city", places="Москва\nMoscow\n", postcodes="101000-129999")
TOWN = DeliveryZone(
    pk=2, code="town", places="Химки\nКоролёв\nрайон Куркино", postcodes="141400\n125480–125485"
)
FAR = DeliveryZone(pk=3, code="far", places="Зеленоград\nХимки")
POINT = DeliveryZone(pk=4, code="point", kind="pickup", places="Москва", city="Москва")
ZONES = [CITY, TOWN, FAR, POINT]


@pytest.mark.parametrize(
    ("city", "postcode", "zones"),
    [
        ("Москва", "", [CITY]),
        ("  г. МОСКВА ", "", [CITY]),
        ("Moscow", "", [CITY]),
        ("город Королев", "", [TOWN]),
        ("Москва, Зеленоград", "", [FAR]),
        ("Москва, Куркино", "", [TOWN]),
        ("Московская область, Королёв", "", [TOWN]),
        ("Химки", "", [TOWN, FAR]),
        ("Химки", "141400", [TOWN]),
        ("Москва", "125482", [TOWN]),
        ("Москва", "125000", [CITY]),
        ("Тверь", "", []),
        ("Тверь", "170000", []),
        ("Москва", "170000", [CITY]),
        ("", "", []),
        ("г.", "", []),
        ("\0", "\0", []),
        ("Тверь", "١٠١٠٠٠", []),
        ("Тверь", "9" * 5000, []),
    ],
)
def test_an_address_belongs_to_the_area_that_lists_it(city, postcode, zones):
    assert find_zones(ZONES, {"city": city, "postcode": postcode}) == zones


@given(city=st.text(max_size=60), postcode=st.text(max_size=10))
def test_whatever_is_typed_some_answer_comes(city, postcode):
    assert set(find_zones(ZONES, {"city": city, "postcode": postcode})) <= {CITY, TOWN, FAR}


@given(st.text())
def test_a_place_is_the_same_however_it_is_cased(text):
    assert simplify_place(simplify_place(text)) == simplify_place(text)


@pytest.mark.parametrize("lines", ["141400", "101000-129999", " 101000 – 129999 \n\n141400\n"])
def test_postcodes_are_one_a_line_or_a_range(lines):
    validate_postcodes(lines)


@pytest.mark.parametrize("line", ["14140", "1414000", "129999-101000", "Москва", "101000-", "101000,101001"])
def test_what_is_no_postcode_is_refused_and_named(line):
    with pytest.raises(ValidationError, match=line):
        validate_postcodes(f"141400\n{line}")


def test_a_single_postcode_is_a_range_of_one():
    assert parse_postcodes("141400") == (141400, 141400)
