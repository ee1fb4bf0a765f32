import json
import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from tests.factories.catalog import (
    BerryFactory,
    BerryPageFactory,
    CategoryFactory,
    CategoryPageFactory,
    LotFactory,
    PackFactory,
    make_offered_berry,
)

pytestmark = pytest.mark.django_db

BERRY_BUDGET = 10
NBSP = "\N{NO-BREAK SPACE}"


def read_structured_data(text: str, kind: str) -> dict:
    blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
    return next(data for data in map(json.loads, blocks) if data["@type"] == kind)


@pytest.fixture
def raspberry():
    """A raspberry in both languages, with two packs and few left of the small one."""
    berry = BerryFactory(code="raspberry", season_months=[6, 7, 8])
    garden = CategoryFactory(code="garden", name_ru="Садовые", name_en="Garden")
    berry.categories.add(garden)
    page = BerryPageFactory(
        berry=berry,
        title="Малина Полька",
        taste="Сладкая, с кислинкой",
        storage="Два дня при +2 °C",
        nutrition="52 ккал",
    )
    CategoryPageFactory(category=garden, title="Садовые ягоды")
    BerryPageFactory(berry=berry, language="en", title="Polka raspberries", taste="Sweet and tart")
    small = PackFactory(berry=berry, weight_g=250, price=Decimal("390.00"))
    today = timezone.localdate()
    LotFactory(
        pack=small,
        quantity=3,
        harvested_on=today,
        best_before=today + timedelta(days=2),
        farm_ru="Ферма «Роса»",
        farm_en="Dew Farm",
    )
    PackFactory(berry=berry, weight_g=1000, price=Decimal("1200.00"), stock=40)
    return page


def test_a_berry_page_says_in_russian_all_that_a_buyer_asks(client, raspberry):
    text = client.get("/catalog/raspberry/").content.decode()

    for words in [
        "Малина Полька",
        f"390{NBSP}₽",
        f"1{NBSP}560{NBSP}₽/кг",
        f"1{NBSP}200{NBSP}₽",
        "Осталось 3",
        "В наличии",
        "Тульская область",
        "Ферма «Роса»",
        f"Сладкая, с{NBSP}кислинкой",
        f"Два дня при +2{NBSP}°C",
        f"52{NBSP}ккал",
        "июнь",
        "Садовые ягоды",
        "https://t.me/share/url",
        "https://vk.com/share.php",
    ]:
        assert words in text, words
    today = timezone.localdate()
    assert f'<time datetime="{today.isoformat()}">' in text
    assert f'<time datetime="{(today + timedelta(days=2)).isoformat()}">' in text


def test_the_english_page_speaks_english_throughout(client, raspberry):
    text = client.get("/en/catalog/raspberry/").content.decode()
    main = text[text.index("<main") : text.index("</main>")]

    for words in [
        "Polka raspberries",
        "₽390",
        "₽1,560/kg",
        "3 left",
        "Tula Region",
        "Dew Farm",
        "Sweet and tart",
        "June",
    ]:
        assert words in main, words
    assert not re.search("[а-яё]", main, re.IGNORECASE)


def test_packs_are_radio_tiles_and_the_address_chooses_one(client, raspberry):
    small, large = raspberry.berry.packs.order_by("weight_g")

    default = client.get("/catalog/raspberry/")
    chosen = client.get(f"/catalog/raspberry/?pack={large.pk}")

    assert default.context["offer"].pack_id == small.pk
    assert chosen.context["offer"].pack_id == large.pk
    text = chosen.content.decode()
    assert text.count('class="tile__input"') == 2
    assert f'data-pack="{large.pk}"' in text
    assert f'data-pack="{small.pk}"' not in text


def test_a_berry_with_one_pack_asks_for_no_choice(client):
    page = make_offered_berry()

    text = client.get(page.url).content.decode()

    assert 'name="pack" value' in text  # the button's own
    assert 'type="radio"' not in text


@pytest.mark.parametrize("pack", ["0", "-1", "abc", "9" * 40, "999999"])
def test_a_pack_that_is_not_the_berrys_is_ignored(client, raspberry, pack):
    other = PackFactory(stock=1)

    for value in [pack, str(other.pk)]:
        response = client.get("/catalog/raspberry/", {"pack": value})

        assert response.status_code == 200
        assert response.context["offer"].berry_id == raspberry.berry_id


def test_a_sold_out_berry_keeps_its_page_with_words_and_a_way_on(client):
    page = make_offered_berry(stock=0, season_months=[])

    response = client.get(page.url)
    text = response.content.decode()

    assert response.status_code == 200
    assert "Пока всё раскупили" in text
    assert "Посмотреть похожие ягоды" in text
    assert "data-pack" not in text


def test_a_berry_out_of_season_says_when_its_season_is(client):
    month = timezone.localdate().month
    page = make_offered_berry(stock=0, season_months=[(month + 5) % 12 + 1])

    text = client.get(page.url).content.decode()

    assert "Не сезон" in text
    assert "Её сезон:" in text


def test_a_berry_taken_off_sale_keeps_its_page_without_a_price(client):
    page = make_offered_berry(is_active=False)

    response = client.get(page.url)

    assert response.status_code == 200
    assert "Сейчас не продаётся" in response.content.decode()
    assert "offers" not in read_structured_data(response.content.decode(), "Product")


def test_the_default_pack_steps_aside_when_it_is_sold_out(client):
    page = BerryPageFactory()
    PackFactory(berry=page.berry, weight_g=250)
    other = PackFactory(berry=page.berry, weight_g=500, stock=2)

    assert client.get(page.url).context["offer"].pack_id == other.pk


def test_structured_data_equals_the_page(client, raspberry):
    text = client.get("/catalog/raspberry/").content.decode()

    product = read_structured_data(text, "Product")
    crumbs = read_structured_data(text, "BreadcrumbList")

    assert product["name"] == "Малина Полька"
    assert product["url"] == "http://testserver/catalog/raspberry/"
    assert [
        (offer["price"], offer["priceCurrency"], offer["availability"]) for offer in product["offers"]
    ] == [
        ("390.00", "RUB", "https://schema.org/InStock"),
        ("1200.00", "RUB", "https://schema.org/InStock"),
    ]
    assert [item["name"] for item in crumbs["itemListElement"]] == [
        "Главная",
        "Каталог",
        "Садовые ягоды",
        "Малина Полька",
    ]


def test_related_berries_are_shown_in_the_pages_language(client, raspberry):
    friend = make_offered_berry(kind_ru="Ежевика")
    raspberry.berry.related.add(friend.berry)

    russian, english = client.get("/catalog/raspberry/"), client.get("/en/catalog/raspberry/")

    assert [card.title for card in russian.context["display"].related] == ["Ежевика"]
    assert english.context["display"].related == []


def test_what_the_body_shows_already_is_not_shown_again_below_it(client, raspberry):
    friend, shown = make_offered_berry(kind_ru="Ежевика"), make_offered_berry(kind_ru="Малина")
    raspberry.berry.related.add(friend.berry, shown.berry)
    raspberry.body = [("related_berries", {"title": "Попробуйте ещё", "berries": [shown.berry]})]
    raspberry.save()

    response = client.get("/catalog/raspberry/")

    assert [card.title for card in response.context["display"].related] == ["Ежевика"]
    assert response.content.decode().count(f'data-pack="{shown.berry.packs.get().pk}"') == 1


def test_an_editor_cannot_break_out_of_structured_data(client):
    page = make_offered_berry()
    page.title = "</script><script>alert(1)</script>"
    page.save()

    text = client.get(page.url).content.decode()

    assert "<script>alert(1)" not in text


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("path", ["/catalog/raspberry/", "/en/catalog/raspberry/"])
def test_a_berry_page_costs_ten_queries_however_many_rows(
    client, raspberry, make_image, path, rows, django_assert_max_num_queries
):
    raspberry.picture = make_image()
    raspberry.gallery = [("picture", {"image": make_image(), "alt": "", "caption": ""}) for _ in range(rows)]
    raspberry.save()
    for number in range(rows):
        friend = make_offered_berry()
        friend.picture = raspberry.picture
        friend.save()
        BerryPageFactory(berry=friend.berry, language="en")
        raspberry.berry.related.add(friend.berry)
        PackFactory(berry=raspberry.berry, weight_g=2000 + number, stock=1)
    client.get(path)  # fills the caches of sites and pictures

    with django_assert_max_num_queries(BERRY_BUDGET):
        assert client.get(path).status_code == 200
