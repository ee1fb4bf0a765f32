"""What a pack costs: a sale begins and ends on its second, a lot gets cheaper as it grows old."""

import json
import re
import xml.etree.ElementTree as ET
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from shop.cart.viewing import view_cart
from shop.catalog.choices import Sort
from shop.catalog.freshness import get_generation
from shop.catalog.listing import Filters, list_pages
from shop.catalog.models import Pack
from shop.catalog.pages import BerryPage
from shop.catalog.pricing import Markdown
from shop.catalog.repricing import find_next_change, mend_prices
from shop.catalog.services import get_offer
from shop.catalog.yml import MAX_AGE
from tests.factories.accounts import UserFactory
from tests.factories.cart import put_in_cart
from tests.factories.catalog import LotFactory, PackFactory, make_offered_berry
from tests.factories.orders import place

pytestmark = pytest.mark.django_db
LONG_AGO = timedelta(days=30)
HOUR = timedelta(hours=1)


def put_on_sale(pack: Pack, price: str = "300.00", *, begins=-HOUR, ends=HOUR, asked=LONG_AGO) -> Pack:
    """A sale around this moment, of a price that was asked for a month."""
    now = timezone.now()
    pack.sale_price, pack.sale_from, pack.sale_until = Decimal(price), now + begins, now + ends
    pack.price_since = now - asked
    pack.save()
    return pack


def make_old(pack: Pack, days_left: int, quantity: int = 3) -> None:
    today = timezone.localdate()
    best_before = today + timedelta(days=days_left)
    LotFactory(pack=pack, quantity=quantity, harvested_on=today - timedelta(days=5), best_before=best_before)
    Pack.objects.filter(pk=pack.pk).update(price_since=timezone.now() - LONG_AGO)


def get_prices(pack: Pack) -> tuple[Decimal, Decimal | None, str]:
    offer = get_offer(pack.pk)
    return offer.price, offer.old_price, offer.price_reason


class TestSales:
    def test_a_sale_price_is_paid_while_the_sale_lasts_and_the_price_before_is_told(self):
        pack = put_on_sale(PackFactory(stock=5))

        assert get_prices(pack) == (Decimal(300), Decimal(390), "sale")
        assert get_offer(pack.pk).price_per_kg == Decimal(600)

    @pytest.mark.parametrize(("begins", "ends"), [(HOUR, 2 * HOUR), (-2 * HOUR, -HOUR)])
    def test_before_and_after_it_the_pack_costs_what_it_always_does(self, begins, ends):
        pack = put_on_sale(PackFactory(stock=5), begins=begins, ends=ends)

        assert get_prices(pack) == (Decimal(390), None, "")

    def test_it_ends_on_its_second(self):
        pack = put_on_sale(PackFactory(stock=5))
        row = Pack.objects.with_next_lot(timezone.localdate()).get(pk=pack.pk)

        assert row.get_price(pack.sale_until - timedelta(microseconds=1)).amount == Decimal(300)
        assert row.get_price(pack.sale_until).amount == Decimal(390)
        assert row.get_price(pack.sale_from).amount == Decimal(300)
        assert row.get_price(pack.sale_from - timedelta(microseconds=1)).amount == Decimal(390)

    def test_a_price_that_was_hardly_asked_for_is_not_struck_out(self):
        pack = put_on_sale(PackFactory(stock=5), asked=timedelta(days=2))

        assert get_prices(pack) == (Decimal(300), None, "sale")

    @pytest.mark.parametrize(
        "changes",
        [
            {"sale_price": Decimal(390)},
            {"sale_price": Decimal(0)},
            {"sale_until": None},
            {"sale_from": datetime(2100, 1, 1, tzinfo=timezone.get_default_timezone())},
        ],
    )
    def test_a_sale_that_makes_no_sense_is_refused(self, changes):
        pack = put_on_sale(PackFactory(stock=5))
        for name, value in changes.items():
            setattr(pack, name, value)

        with pytest.raises(ValidationError):
            pack.full_clean()
        with pytest.raises(IntegrityError), transaction.atomic():
            pack.save()
        assert get_prices(pack)[0] == Decimal(300)


class TestMarkdowns:
    @pytest.fixture(autouse=True)
    def steps(self):
        for days_left, percent in ((2, 20), (1, 30), (0, 50)):
            Markdown.objects.create(days_left=days_left, percent=percent)

    @pytest.mark.parametrize(("days_left", "price"), [(3, "390"), (2, "312"), (1, "273"), (0, "195")])
    def test_the_nearest_step_counts(self, days_left, price):
        pack = PackFactory()
        make_old(pack, days_left)

        assert get_offer(pack.pk).price == Decimal(price)

    def test_the_price_follows_the_lot_that_is_sold_next(self):
        pack = PackFactory()
        make_old(pack, 0, quantity=1)
        LotFactory(pack=pack)
        assert get_prices(pack) == (Decimal(195), Decimal(390), "markdown")
        pack.lots.filter(best_before=timezone.localdate()).update(left=0)

        assert get_prices(pack) == (Decimal(390), None, "")

    def test_no_markdown_goes_below_the_lowest_price(self):
        pack = PackFactory(lowest_price=Decimal(250))
        make_old(pack, 0)

        assert get_offer(pack.pk).price == Decimal(250)
        Pack.objects.update(lowest_price=Decimal(500))
        assert get_prices(pack) == (Decimal(390), None, "")

    def test_of_a_sale_and_a_markdown_the_lower_price_is_paid(self):
        pack = PackFactory()
        make_old(pack, 1)
        assert get_prices(put_on_sale(Pack.objects.get(), "300.00"))[::2] == (Decimal(273), "markdown")
        assert get_prices(put_on_sale(Pack.objects.get(), "200.00"))[::2] == (Decimal(200), "sale")

    def test_a_step_that_is_switched_off_lowers_nothing(self):
        pack = PackFactory()
        make_old(pack, 0)
        Markdown.objects.update(is_active=False)

        assert get_prices(pack) == (Decimal(390), None, "")

    def test_an_order_keeps_the_price_it_was_placed_at(self):
        user = UserFactory()
        line = put_in_cart(user, quantity=2)
        make_old(line.pack, 0)
        assert view_cart(user, "ru").problems[0].new_price == Decimal(195)

        order = place(user)

        Markdown.objects.all().delete()
        sold = order.lines.get()
        assert (sold.price, sold.old_price, sold.price_reason) == (Decimal(195), Decimal(390), "markdown")
        assert order.goods_total == Decimal(390)


class TestLists:
    def sort(self) -> list[int]:
        pages = list_pages(BerryPage.objects.for_language("ru"), Filters(sort=Sort.PRICE))
        return [page.pk for page in pages]

    def test_lists_are_sorted_and_filtered_by_what_is_paid(self):
        dear, cheap = make_offered_berry(), make_offered_berry()
        Pack.objects.filter(berry=cheap.berry).update(price=Decimal(350))
        assert self.sort() == [cheap.pk, dear.pk]
        put_on_sale(dear.berry.packs.get(), "300.00")

        assert mend_prices() == 1

        assert self.sort() == [dear.pk, cheap.pk]
        filters = Filters(price_max=Decimal(320))
        assert [page.pk for page in list_pages(BerryPage.objects.for_language("ru"), filters)] == [dear.pk]

    def test_when_a_sale_ends_lists_and_their_numbers_follow(self):
        page = make_offered_berry()
        pack = put_on_sale(page.berry.packs.get())
        mend_prices()
        before = get_generation()
        Pack.objects.update(sale_until=timezone.now() - timedelta(seconds=1))

        assert (mend_prices(), mend_prices()) == (1, 0)

        pack.refresh_from_db()
        assert (pack.special_price, get_generation() == before) == (None, False)

    def test_a_pack_that_is_saved_is_mended_after_the_commit(self, django_capture_on_commit_callbacks):
        pack = PackFactory(stock=5)

        with django_capture_on_commit_callbacks(execute=True):
            put_on_sale(pack)

        pack.refresh_from_db()
        assert pack.special_price == Decimal(300)


class TestTelling:
    def test_the_page_of_a_berry_strikes_the_old_price_out_in_words_too(self, client):
        page = make_offered_berry()
        pack = put_on_sale(page.berry.packs.get())

        html = client.get(page.url).content.decode()

        assert re.search(r'<s class="price-line__old"><span class="visually-hidden">[^<]+</span> 390', html)
        told = json.loads(re.search(r'ld\+json">(\{.*?"Product".*?)</script>', html, re.DOTALL)[1])
        [offer] = told["offers"]
        assert (offer["price"], offer["priceValidUntil"]) == ("300.00", pack.sale_until.isoformat())

    def test_a_card_and_the_api_tell_both_prices(self, client):
        page = make_offered_berry()
        put_on_sale(page.berry.packs.get())

        assert "price-line__old" in client.get(page.get_parent().url).content.decode()
        told = client.get(f"/api/v1/berries/{page.berry_id}/").json()
        assert (told["price"], told["old_price"], told["price_per_kg"]) == ("300.00", "390.00", "600.00")
        assert (told["packs"][0]["price"], told["packs"][0]["old_price"]) == ("300.00", "390.00")

    def test_the_feed_tells_both_and_is_not_kept_past_the_end_of_the_sale(self, client):
        page = make_offered_berry()
        put_on_sale(page.berry.packs.get(), ends=timedelta(seconds=90))

        response = client.get("/yml.xml")

        offer = ET.fromstring(b"".join(response.streaming_content)).find("shop/offers/offer")  # noqa: S314  our own
        assert (offer.findtext("price"), offer.findtext("oldprice")) == ("300.00", "390.00")
        assert 80 <= int(re.search(r"max-age=(\d+)", response["Cache-Control"])[1]) <= 90

    def test_the_next_change_of_a_price_is_an_end_a_beginning_or_midnight(self, client):
        now = timezone.now()
        assert find_next_change(now) is None
        assert f"max-age={MAX_AGE}" in client.get("/yml.xml")["Cache-Control"]
        pack = put_on_sale(PackFactory(), begins=HOUR * 100, ends=HOUR * 200)
        assert find_next_change(now) == pack.sale_from
        Markdown.objects.create(days_left=0, percent=50)
        midnight = timezone.localtime(find_next_change(now))
        assert (midnight.hour, midnight.minute, midnight - now <= timedelta(days=1)) == (0, 0, True)
