"""A visitor the shop doesn't know gets the page that was made for the one before, and nobody else's."""

import re

import pytest
from django.core.cache import cache
from django.test import Client
from wagtail.models import Site

from core.models import SellerSettings
from home.readers.counting import write_views
from home.readers.models import PageViews
from shop.catalog.services import receive_lot, return_stock, take_stock, write_off
from tests.factories.accounts import UserFactory
from tests.factories.catalog import get_catalog_page, make_offered_berry

pytestmark = pytest.mark.django_db
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@pytest.fixture(autouse=True)
def _keep(settings):
    settings.PAGE_CACHE_SECONDS = 60


@pytest.fixture
def berry():
    page = make_offered_berry(stock=4)
    read(Client(), "/catalog/")  # the first page of a new shop writes its settings down
    return page


def read(client, path):
    return client.get(path).content.decode()


def find_token(html):
    (token,) = set(TOKEN.findall(html))
    return token


@pytest.mark.parametrize("path", ["/", "/catalog/", "/catalog/{slug}/", "/season/"])
def test_the_second_visitor_costs_no_query(client, berry, django_assert_num_queries, path):
    path = path.format(slug=berry.slug)
    first = read(client, path)

    with django_assert_num_queries(0):
        again = read(Client(), path)

    assert TOKEN.sub("", again) == TOKEN.sub("", first)


def test_each_language_is_kept_apart(client, berry):
    get_catalog_page("en")
    for _again in range(2):
        assert '<html lang="ru"' in read(client, "/catalog/")
        assert '<html lang="en"' in read(client, "/en/catalog/")


def test_headers_are_kept_too(client, berry):
    first, again = client.get("/catalog/"), Client().get("/catalog/")

    assert dict(again.items()) == dict(first.items())


def test_forms_of_a_kept_page_carry_the_readers_own_token(berry):
    pack = berry.berry.packs.get()
    read(Client(), "/catalog/")
    visitor, other = Client(enforce_csrf_checks=True), Client(enforce_csrf_checks=True)
    token, others = find_token(read(visitor, "/catalog/")), find_token(read(other, "/catalog/"))

    assert token != others
    pressed = {"pack": pack.pk, "quantity": 1, "next": "/catalog/"}
    assert visitor.post("/cart/add/", pressed | {"csrfmiddlewaretoken": token}).status_code == 302
    assert other.post("/cart/add/", pressed | {"csrfmiddlewaretoken": token}).status_code == 403


def test_a_visitor_keeps_their_token_from_page_to_page(berry):
    visitor = Client(enforce_csrf_checks=True)
    token = find_token(read(visitor, "/catalog/"))
    secret = visitor.cookies["csrftoken"].value
    read(visitor, "/catalog/")

    assert visitor.cookies["csrftoken"].value == secret
    pressed = {"pack": berry.berry.packs.get().pk, "quantity": 1, "csrfmiddlewaretoken": token}
    assert visitor.post("/cart/add/", pressed).status_code == 302


def test_a_known_visitor_gets_a_page_of_their_own(client, berry):
    read(Client(), "/catalog/")
    client.force_login(UserFactory())

    assert "/account/login/" not in read(client, "/catalog/")
    assert "/account/login/" in read(Client(), "/catalog/")


def test_what_a_known_visitor_sees_is_not_kept(client, berry):
    client.force_login(UserFactory())
    read(client, "/catalog/")

    assert "/account/login/" in read(Client(), "/catalog/")


@pytest.mark.parametrize(
    "asked", [{"query_params": {"page": "1"}}, {"headers": {"HX-Request": "true"}}], ids=["query", "htmx"]
)
def test_a_page_asked_for_in_another_way_is_made_anew(client, berry, asked, django_assert_num_queries):
    read(client, "/catalog/")
    berry.berry.packs.update(price=777)

    assert "777\N{NO-BREAK SPACE}₽" in client.get("/catalog/", **asked).content.decode()
    assert "777\N{NO-BREAK SPACE}₽" not in read(client, "/catalog/")


def test_faults_are_not_kept(client, berry):
    assert client.get("/catalog/blueberry/").status_code == 404
    berry.slug = "blueberry"
    berry.save()

    assert client.get("/catalog/blueberry/").status_code == 200


def sell(berry):
    take_stock(wanted={berry.berry.packs.get().pk: 2}, reference="A")


def sell_and_give_back(berry):
    take_stock(wanted={berry.berry.packs.get().pk: 2}, reference="A")
    read(Client(), berry.url)
    return_stock(reference="A")


def spoil(berry):
    write_off(lot=berry.berry.packs.get().lots.get(), quantity=2, reason="x", by=None)


def receive(berry):
    lot = berry.berry.packs.get().lots.get()
    receive_lot(pack=lot.pack, quantity=1, harvested_on=lot.harvested_on, best_before=lot.best_before)


def reprice(berry):
    pack = berry.berry.packs.get()
    pack.price = 555
    pack.save()


def rewrite(berry):
    berry.lead = "Совсем другая."
    berry.save_revision().publish()


def move_shop(berry):
    seller = SellerSettings.for_site(Site.objects.get())
    seller.phone = "+7 495 000-00-00"
    seller.save()


@pytest.mark.parametrize(
    ("change", "seen"),
    [
        (sell, "Осталось 2"),
        (sell_and_give_back, "Осталось 4"),
        (spoil, "Осталось 2"),
        (receive, "Осталось 5"),
        (reprice, "555"),
        (rewrite, "Совсем другая."),
        (move_shop, "+7 495 000-00-00"),
    ],
)
def test_a_change_is_on_the_next_page(client, berry, change, seen, django_capture_on_commit_callbacks):
    before = read(client, berry.url)
    with django_capture_on_commit_callbacks(execute=True):
        change(berry)

    assert seen in read(Client(), berry.url)
    assert change is sell_and_give_back or seen not in before


def test_a_page_made_before_a_change_is_not_kept_after_it(
    client, berry, monkeypatch, django_capture_on_commit_callbacks
):
    """Somebody sells while the page is being drawn: what was drawn is too old to be kept."""
    from shop.catalog import views

    draw = views.describe_product

    def sell_meanwhile(*args):
        monkeypatch.setattr(views, "describe_product", draw)
        with django_capture_on_commit_callbacks(execute=True):
            sell(berry)
        return draw(*args)

    monkeypatch.setattr(views, "describe_product", sell_meanwhile)
    read(client, berry.url)

    assert "Осталось 2" in read(Client(), berry.url)


def test_a_change_is_told_after_the_commit(client, berry, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        sell(berry)
        stale = cache.get("core:pages:generation")

    assert cache.get("core:pages:generation") != stale


def test_looks_at_kept_pages_are_counted(client, berry):
    for _reader in range(3):
        Client().get(berry.url, headers={"User-Agent": "Mozilla/5.0 (iPhone)"})
    write_views()

    assert list(PageViews.objects.values_list("page", "views")) == [(berry.pk, 3)]


def test_nothing_is_kept_where_the_setting_says_so(client, berry, settings):
    settings.PAGE_CACHE_SECONDS = 0
    read(client, "/catalog/")
    berry.berry.packs.update(price=777)

    assert "777" in read(client, "/catalog/")
