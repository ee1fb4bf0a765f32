"""What search engines and messengers read in the head of a page is what the page shows."""

import json
import re
from decimal import Decimal
from html import unescape

import pytest
from pytest_django.asserts import assertContains, assertNotContains

from tests.factories.catalog import (
    BerryPageFactory,
    CategoryFactory,
    CategoryPageFactory,
    PackFactory,
    get_front_page,
    make_offered_berry,
)
from tests.factories.pages import ArticlePageFactory, get_journal_page

pytestmark = pytest.mark.django_db


def read_json_ld(response):
    blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script>', response.content.decode())
    return {data.get("@type", "graph"): data for data in map(json.loads, blocks)}


def read_meta(response):
    pattern = r'<meta\s+(?:name|property)="([^"]+)"\s+content="([^"]*)"'
    return {name: unescape(value) for name, value in re.findall(pattern, response.content.decode())}


def read_alternates(response):
    pattern = r'<link rel="alternate" hreflang="([^"]+)" href="([^"]+)">'
    return dict(re.findall(pattern, response.content.decode()))


def read_canonical(response):
    return re.search(r'<link\s+rel="canonical"\s+href="([^"]*)"', response.content.decode())[1]


@pytest.fixture
def berry():
    """A berry in both languages: 500 g for 390 ₽ in stock, a kilogram for 700,50 ₽ sold out."""
    page = make_offered_berry(kind_ru="Клубника", kind_en="Strawberry", stock=3)
    PackFactory(berry=page.berry, weight_g=1000, price=Decimal("700.50"))
    BerryPageFactory(berry=page.berry, language="en")
    return page.berry


def get_url(berry, language):
    return berry.pages.get(locale__language_code=language).url


@pytest.mark.parametrize(
    ("language", "title", "price"), [("ru", "Клубника", "390 ₽"), ("en", "Strawberry", "₽390")]
)
def test_a_product_is_told_as_its_page_shows_it(client, berry, language, title, price):
    response = client.get(get_url(berry, language))
    text = response.content.decode().replace("\N{NO-BREAK SPACE}", " ")
    product, meta = read_json_ld(response)["Product"], read_meta(response)

    assert product["name"] == meta["og:title"] == title
    assert product["description"] == meta["og:description"]
    assert product["inLanguage"] == language
    small, large = sorted(product["offers"], key=lambda offer: Decimal(offer["price"]))
    assert (small["price"], small["priceCurrency"]) == ("390.00", "RUB")
    assert small["priceSpecification"]["price"] == "780.00"
    assert small["availability"].endswith("/InStock")
    assert large["availability"].endswith("/OutOfStock")
    assert price in text
    assert meta["product:price:amount"] == "390.00"
    assert (meta["product:price:currency"], meta["product:availability"]) == ("RUB", "in stock")
    assert product["url"].endswith(get_url(berry, language))


def test_the_chosen_pack_is_the_one_messengers_are_told_of(client, berry):
    large = berry.packs.get(weight_g=1000)

    meta = read_meta(client.get(get_url(berry, "ru"), {"pack": large.pk}))

    assert (meta["product:price:amount"], meta["product:availability"]) == ("700.50", "out of stock")


def test_a_berry_that_is_not_sold_makes_no_offer(client, berry):
    berry.packs.update(is_active=False)

    response = client.get(get_url(berry, "ru"))

    assert "offers" not in read_json_ld(response)["Product"]
    assert "product:price:amount" not in read_meta(response)


def test_versions_name_each_other_and_the_default(client, settings, berry):
    russian, english = get_url(berry, "ru"), get_url(berry, "en")
    expected = {
        "ru": f"{settings.SITE_URL}{russian}",
        "en": f"{settings.SITE_URL}{english}",
        "x-default": f"{settings.SITE_URL}{russian}",
    }

    for url in (russian, english):
        response = client.get(url, {"pack": "1", "utm_source": "x"})
        assert read_alternates(response) == expected
        assert read_canonical(response) == f"{settings.SITE_URL}{url}"


def test_a_page_in_one_language_names_no_other(client, settings):
    get_front_page("en")
    page = make_offered_berry()

    url = f"{settings.SITE_URL}{page.url}"

    assert read_alternates(client.get(page.url)) == {"ru": url, "x-default": url}


def test_a_draft_is_no_translation(client, berry):
    berry.pages.get(locale__language_code="en").unpublish()

    assert "en" not in read_alternates(client.get(get_url(berry, "ru")))


def test_the_season_calendar_names_its_versions_without_what_was_asked(client, settings):
    get_front_page("en")
    site = settings.SITE_URL
    both = {"ru": f"{site}/season/", "en": f"{site}/en/season/", "x-default": f"{site}/season/"}

    for path in ("/season/?utm_source=x", "/en/season/"):
        assert read_alternates(client.get(path)) == both
    assert read_alternates(client.get("/season/?month=7")) == {}


def test_the_switch_lands_on_the_same_page_with_the_same_question(client, berry):
    response = client.get("/catalog/", {"in_stock": "on", "page": "1"})

    assertContains(response, 'href="/en/catalog/?in_stock=on"')


def test_the_switch_says_where_it_goes_instead_and_that_page_says_why(client):
    get_journal_page("en")
    article = ArticlePageFactory()

    response = client.get(article.url)

    assertContains(response, 'href="/en/journal/?untranslated=1"')
    assertContains(response, "Journal")
    landed = client.get("/en/journal/?untranslated=1")
    assertContains(landed, "not translated")
    assert read_canonical(landed).endswith("/en/journal/")
    assertNotContains(client.get("/en/journal/"), "not translated")


def test_the_front_page_introduces_the_shop(client):
    get_front_page()

    site, shop = read_json_ld(client.get("/"))["graph"]["@graph"]

    assert (site["@type"], shop["@type"]) == ("WebSite", "GroceryStore")
    assert site["potentialAction"]["target"]["urlTemplate"].endswith("/search/?q={search_term_string}")
    assert shop["name"] == "Энибери"
    assert "telephone" not in shop


def test_a_list_is_told_in_the_order_it_is_shown(client):
    category = CategoryFactory()
    page = CategoryPageFactory(category=category)
    titles = {make_offered_berry(kind_ru=kind, categories=[category]).title for kind in ("Малина", "Ирга")}

    response = client.get(page.url)

    data = read_json_ld(response)
    listed = [item["name"] for item in data["ItemList"]["itemListElement"]]
    assert set(listed) == titles
    assert listed == [card.title for card in response.context["cards"]]
    assert data["BreadcrumbList"]["itemListElement"][-1]["name"] == page.title


def test_an_article_names_its_author_and_dates(client):
    article = ArticlePageFactory(title="О зиме")

    response = client.get(article.url)

    data = read_json_ld(response)["Article"]
    assert (data["headline"], data["author"]["name"]) == ("О зиме", "Anyberry")
    assert data["datePublished"] == article.published_on.isoformat()
    assert read_meta(response)["og:type"] == "article"


@pytest.mark.parametrize("path", ["/search/?q=малина", "/feed/", "/account/login/"])
def test_what_is_no_page_of_words_stays_out_of_the_index(client, path):
    get_front_page()
    response = client.get(path, headers={"Accept": "text/html"})

    assert "noindex" in read_meta(response).get("robots", "")
