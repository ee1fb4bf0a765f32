"""The demo shop, as `load_demo` makes it."""

import json
import re
import stat
from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core.management import CommandError
from django.db.models import Count, F, Q, Sum
from django.test import override_settings
from django.utils import timezone
from pytest_django.asserts import assertContains
from wagtail.contrib.redirects.models import Redirect
from wagtail.images.models import Image
from wagtail.models import Page, Revision, Site
from wagtail_localize.models import LocaleSynchronization, Translation

from accounts.models import User
from anyberry.demo.source import DemoContentError
from anyberry.demo.translations import translate_page
from home.journal.models import ArticlePage
from home.pages.models import FrontPage, StandardPage
from shop.catalog.models import Berry, Category, Lot, Pack, StockMovement
from shop.catalog.pages import BerryPage
from shop.catalog.renditions import ALL_SPECS
from shop.delivery.models import DeliverySlot, DeliveryZone
from tests.fixtures.demo import load_demo

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
SOUND = ([], [], [], [], [])
COUNTED = (Page, Revision, Image, Berry, Pack, Lot, StockMovement, Category, DeliverySlot, DeliveryZone, User)


@pytest.fixture(scope="module")
def var_dir(demo_shop):
    return demo_shop.var_dir


@pytest.fixture(autouse=True)
def _shop(demo_shop, db):
    """Every test here looks at the loaded shop; what it changes is taken back."""


@pytest.fixture
def logins(var_dir):
    return json.loads((var_dir / "demo-users.json").read_text())


def count_words(page):
    parts = [page.lead, page.taste, page.storage, page.nutrition, *page.body.raw_data]
    text = " ".join(
        part if isinstance(part, str) else json.dumps(part["value"], ensure_ascii=False) for part in parts
    )
    return len(re.findall(r"[^\W\d_]+", re.sub(r"<[^>]+>", " ", text)))


def test_has_berries_in_categories_with_words_in_both_languages():
    assert Berry.objects.count() >= 16
    assert Category.objects.filter(berries__isnull=False).distinct().count() == 5
    for berry in Berry.objects.all():
        pages = BerryPage.objects.filter(berry=berry, live=True)
        assert {page.locale.language_code for page in pages} == {"ru", "en"}
        assert all(count_words(page) >= 80 for page in pages)
        assert 1 <= berry.packs.count() <= 3
        assert berry.packs.filter(is_default=True).count() == 1


def test_english_pages_are_translations_that_editors_see_as_done():
    russian = Page.objects.filter(locale__language_code="ru", depth__gt=1)
    english = Page.objects.filter(locale__language_code="en", depth__gt=1)

    assert set(russian.values_list("translation_key")) == set(english.values_list("translation_key"))
    assert Translation.objects.count() == english.count()
    for translation in Translation.objects.all():
        total, translated = translation.get_progress()
        assert translated == total > 0
    assert not LocaleSynchronization.objects.exists()  # it would put Russian copies among the English pages


def test_english_pages_have_no_russian_words_and_own_addresses():
    for page in Page.objects.filter(locale__language_code="en").specific():
        words = " ".join(
            str(getattr(page, name, "")) for name in ("title", "lead", "search_description", "taste")
        )
        body = json.dumps(list(page.body.raw_data), ensure_ascii=False) if hasattr(page, "body") else ""
        assert not re.search("[А-Яа-яЁё]", words + body), page
    assert not Page.objects.exclude(url_path__regex=r"^[a-z0-9/-]+$").exists()


def test_leaves_the_tree_sound_and_no_redirects():
    assert Page.find_problems() == SOUND
    assert Redirect.objects.count() == 0
    assert not Page.objects.filter(live=False).exists()
    assert not Page.objects.filter(has_unpublished_changes=True).exists()


def test_has_the_pages_every_shop_needs():
    assert FrontPage.objects.count() == 2
    assert StandardPage.objects.filter(locale__language_code="ru").count() == 5
    assert ArticlePage.objects.filter(locale__language_code="en").count() >= 3
    assert Site.objects.get().root_page.specific == FrontPage.objects.get(locale__language_code="ru")


def test_a_second_run_adds_nothing(logins, var_dir):
    before = {model: model.objects.count() for model in COUNTED}
    load_demo()

    assert {model: model.objects.count() for model in COUNTED} == before
    assert json.loads((var_dir / "demo-users.json").read_text()) == logins


def test_a_second_run_leaves_what_editors_changed():
    page = BerryPage.objects.filter(locale__language_code="ru").first()
    page.title, page.slug = "Наша любимая", "nasha-lyubimaya"
    page.save_revision().publish()
    Pack.objects.filter(pk=page.berry.packs.first().pk).update(price=1)
    before = Page.objects.count()
    load_demo()

    page.refresh_from_db()
    assert (page.title, page.slug) == ("Наша любимая", "nasha-lyubimaya")
    assert page.berry.packs.filter(price=1).exists()
    assert Page.objects.count() == before


def test_stock_is_what_its_movements_say():
    wrong = Lot.objects.annotate(sum=Sum("movements__quantity")).exclude(sum=F("left"))

    assert not wrong.exists()
    assert Lot.objects.filter(left=0).exists()
    assert Lot.objects.filter(left__gt=0, best_before__lte=timezone.localdate() + timedelta(days=1)).exists()
    assert Berry.objects.filter(packs__lots=None).exists()


def sellable_packs():
    return set(Lot.objects.sellable(timezone.localdate()).values_list("pack", flat=True))


def test_a_demo_opened_weeks_later_sells_again():
    before = sellable_packs()
    with time_machine.travel(timezone.now() + timedelta(days=40), tick=True):
        assert not sellable_packs()
        load_demo()

        assert sellable_packs() == before
        free = DeliverySlot.objects.free(timezone.now())
        assert free.filter(starts_at__lt=timezone.now() + timedelta(days=7)).count() >= 18
        assert not Lot.objects.filter(best_before__lt=timezone.localdate(), left__gt=0).exists()


def test_delivery_can_be_chosen():
    slots = DeliverySlot.objects.free(timezone.now())

    assert slots.exists()
    assert all(slot.cut_off_at < slot.starts_at < slot.ends_at for slot in slots)
    assert DeliveryZone.objects.filter(is_active=True).count() >= 3


@pytest.mark.parametrize("role", ["shopper", "editor", "manager", "owner"])
def test_each_role_can_sign_in(client, logins, role):
    user = User.objects.get(email=logins[role]["email"])

    assert user.check_password(logins[role]["password"])
    assert EmailAddress.objects.filter(user=user, verified=True, primary=True).exists()
    assert user.has_perm("wagtailadmin.access_admin") == (role != "shopper")


def test_editors_write_words_moderators_publish_them_and_managers_keep_the_stock(logins):
    roles = ("editor", "moderator", "manager")
    editor, moderator, manager = (User.objects.get(email=logins[role]["email"]) for role in roles)
    page = BerryPage.objects.first()

    assert page.permissions_for_user(editor).can_edit()
    assert not page.permissions_for_user(editor).can_publish()
    assert page.permissions_for_user(moderator).can_publish()
    assert not editor.has_perm("shop.change_pack")
    assert manager.has_perm("shop.change_pack")
    assert not page.permissions_for_user(manager).can_edit()


def test_passwords_are_for_this_user_of_the_machine_alone(var_dir):
    assert stat.S_IMODE((var_dir / "demo-users.json").stat().st_mode) == 0o600


def test_a_lost_file_of_passwords_is_written_anew(logins, var_dir):
    path = var_dir / "demo-users.json"
    kept = path.read_text()
    path.unlink()
    try:
        load_demo()
        fresh = json.loads(path.read_text())
    finally:
        path.write_text(kept)

    assert fresh.keys() == logins.keys()
    assert User.objects.get(email=fresh["owner"]["email"]).check_password(fresh["owner"]["password"])


def test_every_size_of_every_picture_is_made():
    sizes = Count("renditions", filter=Q(renditions__filter_spec__in=ALL_SPECS))

    assert Image.objects.count() >= 15
    assert not Image.objects.annotate(sizes=sizes).exclude(sizes=len(ALL_SPECS)).exists()


def test_every_page_of_the_sitemap_answers(client):
    addresses = re.findall(r"<loc>([^<]+)</loc>", client.get("/sitemap.xml").content.decode())

    calendars = 2
    assert len(addresses) == Page.objects.filter(depth__gt=1).count() + calendars
    for address in addresses:
        response = client.get(address)
        assert response.status_code == 200, address
        language = "en" if "/en/" in address else "ru"
        assertContains(response, f'<html lang="{language}"')


def test_the_site_follows_its_address():
    with override_settings(SITE_URL="https://berries.example:8443"):
        load_demo()

    site = Site.objects.get()
    assert (site.hostname, site.port) == ("berries.example", 8443)


def test_texts_of_different_shape_are_refused_by_name():
    page = BerryPage.objects.filter(locale__language_code="ru").first()
    words = BerryPage(berry=page.berry, title="Strawberry", slug="strawberry", lead="")

    with pytest.raises(DemoContentError, match="lead"):
        translate_page(page, words, locale=page.get_translations().get().locale, by=User.objects.first())


# --- The big catalog --------------------------------------------------------------


def test_a_big_catalog_is_whole(client):
    load_demo("--berries", "60")
    load_demo("--berries", "60")

    assert Berry.objects.count() == 60
    assert Page.find_problems() == SOUND
    bulk = BerryPage.objects.filter(berry__code__startswith="bulk-")
    assert bulk.count() == 2 * Berry.objects.filter(code__startswith="bulk-").count() > 0
    assert not Lot.objects.annotate(sum=Sum("movements__quantity")).exclude(sum=F("left")).exists()
    for code in ("ru", "en"):
        page = bulk.filter(locale__language_code=code).last()
        assertContains(client.get(page.url), page.title)
        path = "/en/search/" if code == "en" else "/search/"
        found = client.get(path, {"q": page.berry.variety_en if code == "en" else page.berry.variety_ru})
        assert page.title in [card.title for card in found.context["cards"]]


def test_a_big_catalog_is_the_same_on_every_run():
    load_demo("--berries", "25")
    first = list(BerryPage.objects.filter(slug__startswith="bulk-").values_list("title", "lead", "slug"))
    BerryPage.objects.filter(slug__startswith="bulk-").delete()
    for model, lookup in ((StockMovement, "lot__pack__berry"), (Lot, "pack__berry"), (Pack, "berry")):
        model.objects.filter(**{f"{lookup}__code__startswith": "bulk-"}).delete()
    Berry.objects.filter(code__startswith="bulk-").delete()
    load_demo("--berries", "25")

    assert (
        list(BerryPage.objects.filter(slug__startswith="bulk-").values_list("title", "lead", "slug")) == first
    )


@pytest.mark.parametrize("count", ["-1", "1000000001"])
def test_a_senseless_size_is_refused(count):
    with pytest.raises(CommandError):
        load_demo("--berries", count)
