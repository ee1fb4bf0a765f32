import pytest
from django.contrib.auth.models import AnonymousUser
from django.template.loader import render_to_string
from django.utils.translation import override
from wagtail.models import Site

from core.models import SellerSettings
from core.money import format_money
from shop.catalog.cards import build_cards, get_berry_page, get_titles
from shop.catalog.pages import BerryPage
from shop.catalog.renditions import ALL_SPECS, load_pictures
from shop.catalog.seasons import name_months
from shop.catalog.services import rank_berries, return_stock, take_stock
from shop.catalog.tasks import warm_renditions
from tests.factories.catalog import BerryFactory, BerryPageFactory, PackFactory, make_offered_berry

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("rows", [1, 3])
def test_cards_cost_four_queries_however_many_pages(make_image, rows, django_assert_max_num_queries):
    for _ in range(rows):
        page = make_offered_berry()
        page.picture = make_image()
        page.save()
    pages = list(BerryPage.objects.order_by("pk"))
    build_cards(pages[:1], None)  # fills the caches of sites and pictures

    with django_assert_max_num_queries(4):
        cards = build_cards(pages, None)

    assert [card.page_id for card in cards] == [page.pk for page in pages]
    assert all(card.picture and card.picture.sources for card in cards)


def test_a_card_offers_another_pack_when_the_default_one_is_sold_out():
    page = BerryPageFactory()
    PackFactory(berry=page.berry, weight_g=250)
    other = PackFactory(berry=page.berry, weight_g=500, stock=2)

    [card] = build_cards([page], None)

    assert (card.pack_id, card.left, card.packs_count) == (other.pk, 2, 2)


def test_titles_fall_back_to_the_berrys_name_in_that_language(django_assert_max_num_queries):
    page = make_offered_berry()
    bare = BerryFactory(variety_ru="Полька", variety_en="Polka")

    page.get_url()  # fills the cache of sites

    with django_assert_max_num_queries(3):
        titles = get_titles([page.berry_id, bare.pk], "ru")
    english = get_titles([page.berry_id, bare.pk], "en")

    assert (titles[page.berry_id].title, titles[page.berry_id].url) == (page.title, page.url)
    assert (titles[bare.pk].title, titles[bare.pk].url) == ("Малина «Полька»", "")
    assert english[bare.pk].title == "Raspberry «Polka»"
    assert english[page.berry_id].url == ""


def test_get_berry_page_finds_the_live_page_of_a_language():
    page = make_offered_berry()

    assert get_berry_page(page.berry_id, "ru") == page
    assert get_berry_page(page.berry_id, "en") is None
    page.unpublish()
    assert get_berry_page(page.berry_id, "ru") is None


# --- Pictures -----------------------------------------------------------------------


def test_a_picture_comes_in_modern_formats_and_several_widths(make_image):
    image = make_image(width=1000, height=750)

    picture = load_pictures([image])[image.pk]

    assert [source.type for source in picture.sources] == ["image/avif", "image/webp"]
    assert [part.split()[-1] for part in picture.srcset.split(", ")] == ["320w", "640w", "1000w"]
    assert (picture.width, picture.height) == (1000, 750)
    assert picture.share_url.endswith(".jpg")


def test_a_shoppers_request_makes_no_sizes(client, make_image):
    image = make_image(is_warm=False)
    page = make_offered_berry()
    page.picture = image
    page.save()

    for path in ["/catalog/", page.url]:
        assert image.file.url in client.get(path).content.decode()

    assert image.renditions.count() == 0


def test_warming_makes_every_size_once(make_image):
    image = make_image(is_warm=False)
    load_pictures([image])  # nothing incomplete is kept in the cache

    warm_renditions(image_id=image.pk)
    warm_renditions(image_id=image.pk)

    assert image.renditions.count() == len(ALL_SPECS)
    assert load_pictures([image])[image.pk].sources


def test_warming_a_deleted_picture_does_nothing():
    warm_renditions(image_id=987654)


def test_publishing_a_page_has_its_pictures_warmed(
    make_image, monkeypatch, django_capture_on_commit_callbacks
):
    main, extra = make_image(is_warm=False), make_image(is_warm=False)
    page = BerryPageFactory()
    page.picture = main
    page.gallery = [("picture", {"image": extra, "alt": "a", "caption": ""})]
    warmed = []
    monkeypatch.setattr(
        warm_renditions, "apply_async", lambda kwargs, **options: warmed.append(kwargs["image_id"])
    )

    with django_capture_on_commit_callbacks(execute=True):
        page.save_revision().publish()

    assert sorted(warmed) == sorted([main.pk, extra.pk])


# --- Seasons and popularity ---------------------------------------------------------


@pytest.mark.parametrize(
    ("months", "russian", "english"),
    [
        ([], "", ""),
        ([7], "июль", "July"),
        ([6, 7, 8], "июнь — август", "June–August"),
        ([12, 1, 2], "декабрь — февраль", "December–February"),
        ([8, 3, 4], "март — апрель, август", "March–April, August"),
        (list(range(1, 13)), "круглый год", "all year round"),
    ],
)
def test_seasons_in_words(months, russian, english):
    assert name_months(months) == russian
    with override("en"):
        assert name_months(months) == english


def test_popularity_counts_what_was_sold_and_kept():
    page = make_offered_berry(stock=10)
    pack = page.berry.packs.get()
    take_stock(wanted={pack.pk: 3}, reference="A-1")
    take_stock(wanted={pack.pk: 2}, reference="A-2")
    return_stock(reference="A-2")

    assert rank_berries() == 1
    assert rank_berries() == 0

    page.berry.refresh_from_db()
    assert page.berry.popularity == 3


# --- What must stay in sight ------------------------------------------------------------


@pytest.mark.parametrize(
    ("across", "down", "classes"),
    [(0, 0, "focus-x-0 focus-y-0"), (320, 120, "focus-x-5 focus-y-2"), (640, 480, "focus-x-10 focus-y-10")],
)
def test_a_focal_point_is_told_in_tenths(make_image, across, down, classes):
    image = make_image()
    image.focal_point_x, image.focal_point_y = across * image.width // 640, down * image.height // 480
    image.focal_point_width = image.focal_point_height = 1
    image.save()

    assert load_pictures([image])[image.pk].focus == classes


def test_a_picture_without_a_focal_point_is_cut_around_its_middle(make_image):
    image = make_image()

    assert load_pictures([image])[image.pk].focus == ""


def draw(page, rf, language="ru"):
    """The card's markup as one page or another has it."""
    with override(language):
        [card] = build_cards([page], None)
        request = rf.get("/")
        request.user, request.session = AnonymousUser(), {}
        return render_to_string("components/berry_card.html", {"card": card, "heading": 2}, request)


def test_a_card_that_is_drawn_again_shows_what_has_changed(rf):
    page = make_offered_berry(stock=7)
    pack = page.berry.packs.get()
    assert "В наличии" in draw(page, rf)

    take_stock(wanted={pack.pk: 5}, reference="AB-1")
    pack.price += 1000
    pack.save()

    drawn = draw(page, rf)
    assert "Осталось 2" in drawn
    assert format_money(pack.price) in drawn


def test_each_language_has_its_own(rf):
    page = make_offered_berry(stock=7)

    assert "В наличии" in draw(page, rf)
    assert "In stock" in draw(page, rf, "en")


def test_what_few_means_is_up_to_the_seller(rf):
    page = make_offered_berry(stock=7)
    draw(page, rf)
    SellerSettings.objects.update_or_create(
        site=Site.objects.get(is_default_site=True), defaults={"low_stock": 9}
    )

    assert "Осталось 7" in draw(page, rf)
