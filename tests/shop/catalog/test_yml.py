import xml.etree.ElementTree as ET
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories.catalog import BerryPageFactory, CategoryFactory, PackFactory, make_offered_berry

pytestmark = pytest.mark.django_db


def read(client):
    return ET.fromstring(b"".join(client.get("/yml.xml").streaming_content))  # noqa: S314  our own


def test_every_pack_on_sale_is_an_offer_with_the_price_of_its_page(client, settings):
    category = CategoryFactory(name_ru="Садовые ягоды")
    page = make_offered_berry(kind_ru="Клубника <&>", categories=[category], stock=7)
    small = page.berry.packs.get()
    large = PackFactory(berry=page.berry, weight_g=1000, price=Decimal("700.50"))

    shop = read(client).find("shop")

    offers = {int(offer.get("id")): offer for offer in shop.iter("offer")}
    assert offers.keys() == {small.pk, large.pk}
    offer = offers[small.pk]
    assert offer.findtext("name") == "Клубника <&>, 500 г"
    assert offer.findtext("url") == f"{settings.SITE_URL}{page.url}?pack={small.pk}"
    assert (offer.findtext("price"), offer.findtext("currencyId")) == ("390.00", "RUB")
    assert (offer.get("available"), offer.findtext("count")) == ("true", "7")
    assert offers[large.pk].findtext("price") == "700.50"
    assert offers[large.pk].get("available") == "false"
    assert offers[large.pk].findtext("weight") == "1"
    assert shop.find(f"categories/category[@id='{category.pk}']").text == "Садовые ягоды"
    assert offer.findtext("categoryId") == str(category.pk)


def test_leaves_out_what_nobody_can_read_or_buy(client):
    make_offered_berry(is_active=False)
    make_offered_berry().unpublish()
    PackFactory(berry=BerryPageFactory().berry, is_active=False)
    make_offered_berry(language="en")

    assert list(read(client).iter("offer")) == []


def test_signs_that_no_xml_may_hold_break_nothing(client):
    page = make_offered_berry()
    page.title = page.lead = "Ягода \x0b]]> 🍓"
    page.save(clean=False)

    assert read(client).find("shop/offers/offer/description").text == "Ягода ]]> 🍓"


def test_queries_do_not_grow_with_the_packs(client):
    def count():
        read(client)
        with CaptureQueriesContext(connection) as queries:
            read(client)
        return len(queries)

    make_offered_berry()
    once = count()
    for _ in range(3):
        make_offered_berry()

    assert count() == once <= 7
