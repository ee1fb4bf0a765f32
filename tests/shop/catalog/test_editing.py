"""What an editor meets in the admin when writing about berries."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Task, Workflow

from accounts.roles import EDITORS, MODERATORS
from core.slugs import make_slug
from core.tasks import publish_scheduled
from shop.catalog.gaps import list_gaps
from shop.catalog.pages import BerryPage, CategoryPage
from tests.factories.accounts import UserFactory
from tests.factories.catalog import (
    BerryFactory,
    BerryPageFactory,
    CategoryFactory,
    CategoryPageFactory,
    get_catalog_page,
    make_offered_berry,
)

pytestmark = [
    pytest.mark.django_db,
    # Wagtail's thumbnails leave their temporary files to the garbage collector.
    pytest.mark.filterwarnings("ignore:Exception ignored in. <function SpooledTemporaryFile"),
]


def sign_in(client, group):
    user = UserFactory(is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    client.force_login(user)
    return user


@pytest.fixture
def moderator(client):
    return sign_in(client, MODERATORS)


@pytest.fixture
def image():
    return get_image_model().objects.create(title="Клубника", file=get_test_image_file())


def fill(berry, **changes):
    empty = {f"{name}-count": "0" for name in ("gallery", "body")}
    comments = {f"comments-{name}": "0" for name in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS")}
    return {
        "title": "Малина",
        "slug": "malina",
        "lead": "Сладкая.",
        "berry": berry.pk,
        "taste": "",
        "storage": "",
        "nutrition": "",
        "picture": "",
        "picture_alt": "",
        "seo_title": "",
        "search_description": "",
        "go_live_at": "",
        "expire_at": "",
        "comments-MAX_NUM_FORMS": "",
        **empty,
        **comments,
    } | changes


def add_url(page=None):
    return f"/admin/pages/add/shop/berrypage/{(page or get_catalog_page()).pk}/"


# --- From the record to its page ----------------------------------------------------


def test_a_berry_without_a_page_offers_to_write_it(client, moderator):
    get_catalog_page()
    berry = BerryFactory()

    assertContains(client.get("/admin/snippets/shop/berry/"), f"{add_url()}?berry={berry.pk}")


def test_the_new_page_knows_what_the_record_knows(client, moderator):
    berry = BerryFactory(kind_ru="Морошка", variety_ru="")

    response = client.get(add_url(), {"berry": berry.pk})

    assertContains(response, 'value="moroshka"')
    assert response.context["form"].instance.berry == berry


@pytest.mark.parametrize("wanted", ["0", "x", "9" * 30, "-1", "²"])
def test_a_senseless_berry_is_no_error(client, moderator, wanted):
    assert client.get(add_url(), {"berry": wanted}).status_code in {200, 404}


def test_a_berry_with_a_page_leads_to_it(client, moderator):
    page = BerryPageFactory()

    assertContains(client.get("/admin/snippets/shop/berry/"), f"/admin/pages/{page.pk}/edit/")


# --- The page -------------------------------------------------------------------------


def test_a_picture_without_words_is_not_published(client, moderator, image):
    response = client.post(add_url(), fill(BerryFactory(), picture=image.pk, **{"action-publish": "1"}))

    assert response.context["form"].errors == {"picture_alt": ["Скажите, что на картинке."]}
    assert not BerryPage.objects.exists()


def test_a_draft_may_lack_the_words_about_its_picture(client, moderator, image):
    client.post(add_url(), fill(BerryFactory(), picture=image.pk))

    assert BerryPage.objects.get().live is False


def add_category_url():
    return f"/admin/pages/add/shop/categorypage/{get_catalog_page().pk}/"


def test_a_category_tells_what_its_picture_shows_before_it_is_published(client, moderator, image):
    words = fill(BerryFactory(), category=CategoryFactory().pk, picture=image.pk, **{"action-publish": "1"})

    response = client.post(add_category_url(), words)
    assert response.context["form"].errors == {"picture_alt": ["Скажите, что на картинке."]}
    assert not CategoryPage.objects.exists()

    client.post(add_category_url(), words | {"picture_alt": "Ряд лотков"})
    page = CategoryPage.objects.get()
    assert page.live
    assertContains(client.get(page.url), '<meta property="og:image:alt" content="Ряд лотков">')


def test_a_picture_with_words_is_published(client, moderator, image):
    client.post(
        add_url(), fill(BerryFactory(), picture=image.pk, picture_alt="Миска", **{"action-publish": "1"})
    )

    assert BerryPage.objects.get().live


@pytest.mark.parametrize(
    ("title", "slug"),
    [("Клюква из Карелии", "klyukva-iz-karelii"), ("Ёжевика «Щедрая»", "yozhevika-shchedraya")],
)
def test_a_title_in_cyrillic_makes_a_latin_address(title, slug):
    page = get_catalog_page().add_child(instance=BerryPage(title=title, lead="x", berry=BerryFactory()))

    assert page.slug == slug == make_slug(title)


def test_a_changed_address_leaves_a_redirect(client, moderator, django_capture_on_commit_callbacks):
    page = make_offered_berry()
    old = page.url
    with django_capture_on_commit_callbacks(execute=True):
        client.post(
            f"/admin/pages/{page.pk}/edit/", fill(page.berry, slug="novyy-adres", **{"action-publish": "1"})
        )

    response = client.get(old)

    assert (response.status_code, response["Location"]) == (301, "/catalog/novyy-adres/")


def test_a_page_goes_live_and_away_when_its_time_comes(client, moderator):
    # The form counts in minutes: one minute on may be a moment from now.
    soon = timezone.now() + timedelta(minutes=2)
    client.post(
        add_url(),
        fill(
            BerryFactory(),
            go_live_at=timezone.localtime(soon).strftime("%Y-%m-%d %H:%M"),
            **{"action-publish": "1"},
        ),
    )
    page = BerryPage.objects.get()
    assert not page.live
    with time_machine.travel(soon + timedelta(minutes=2)):
        publish_scheduled()

    page.refresh_from_db()
    assert page.live


def test_an_editor_submits_and_a_moderator_lets_through(client, mailoutbox):
    sign_in(client, MODERATORS)
    sign_in(client, EDITORS)
    client.post(add_url(), fill(BerryFactory(), **{"action-submit": "1"}))
    page = BerryPage.objects.get()
    assert (page.live, page.current_workflow_state.status) == (False, "in_progress")
    sign_in(client, MODERATORS)

    client.post(
        f"/admin/pages/workflow/action/{page.pk}/approve/{page.current_workflow_task_state.pk}/",
        {"comment": "Да"},
    )

    page.refresh_from_db()
    assert page.live


def test_an_editor_may_not_publish(client):
    sign_in(client, EDITORS)
    client.post(add_url(), fill(BerryFactory(), **{"action-publish": "1"}))

    assert not BerryPage.objects.filter(live=True).exists()


def test_the_workflow_speaks_russian_and_asks_moderators():
    assert [workflow.name for workflow in Workflow.objects.all()] == ["Проверка модератором"]
    assert [group.name for group in Task.objects.get().specific.groups.all()] == [MODERATORS]


# --- Previews -------------------------------------------------------------------------


@pytest.fixture
def preview(client, moderator):
    """The page as the editor sees it in a mode, its draft being changed but not saved."""

    def look(page, mode):
        path = f"/admin/pages/{page.pk}/edit/preview/"
        assert client.post(path, fill(page.berry, title="Совсем новая")).json()["is_valid"]
        return client.get(path, {"mode": mode})

    return look


def test_a_preview_shows_the_draft_with_true_price_and_stock(preview):
    page = make_offered_berry(stock=3)

    response = preview(page, "")

    for words in ("Совсем новая", "390\N{NO-BREAK SPACE}₽", "Осталось 3"):
        assertContains(response, words)


def test_a_preview_shows_the_day_all_is_sold_out(preview):
    response = preview(make_offered_berry(stock=3), "sold_out")

    assertContains(response, "390\N{NO-BREAK SPACE}₽")
    assertNotContains(response, "Осталось 3")


def test_a_preview_shows_the_berry_out_of_season(preview):
    assertContains(preview(make_offered_berry(), "out_of_season"), "Не сезон")


def test_a_preview_shows_the_other_language(preview):
    page = make_offered_berry(kind_en="Raspberry of the preview")
    BerryPageFactory(berry=page.berry, language="en", live=False)

    assertContains(preview(page, "other_language"), "Raspberry of the preview")


def test_a_preview_says_that_there_is_no_translation(preview):
    assertContains(preview(make_offered_berry(), "other_language"), "перевода ещё нет")


def test_a_category_is_previewed_in_the_other_language(client, moderator):
    category = CategoryPageFactory()
    CategoryPageFactory(category=category.category, language="en", title="Berries of the preview", live=False)
    path = f"/admin/pages/{category.pk}/edit/preview/"
    comments = {name: value for name, value in fill(category.category).items() if name.startswith("comments")}
    words = {"title": category.title, "slug": category.slug, "lead": "", "picture": "", "go_live_at": ""}
    words |= {"category": category.category_id, "expire_at": "", "seo_title": "", "search_description": ""}
    assert client.post(path, words | comments).json()["is_valid"]

    assertContains(client.get(path, {"mode": "other_language"}), "Berries of the preview")


# --- Facts beside the words --------------------------------------------------------------


def test_the_editor_sees_facts_and_what_is_missing(client, moderator):
    page = make_offered_berry(stock=7)

    response = client.get(f"/admin/pages/{page.pk}/edit/")

    assertContains(response, "Картинки нет.")
    assertContains(response, "Что упущено")


def make_sharp(image):
    image.width, image.focal_point_x, image.focal_point_y = 2000, 5, 5
    image.focal_point_width = image.focal_point_height = 5
    return image


def test_the_editor_of_a_category_sees_its_gaps_and_its_berries(client, moderator):
    page = CategoryPageFactory()
    make_offered_berry(categories=[page.category])

    response = client.get(f"/admin/pages/{page.pk}/edit/")

    assertContains(response, "Картинки нет.")
    assertContains(response, f"/admin/snippets/shop/category/edit/{page.category_id}/")
    assertContains(response, "1 вид")
    assertContains(client.get(add_category_url()), "Что упущено")


def test_a_complete_category_lacks_nothing(image):
    page = CategoryPageFactory(lead="Сладкие.", picture=make_sharp(image), picture_alt="Ряд лотков")
    CategoryPageFactory(category=page.category, language="en")
    assert len(list_gaps(page)) == 1  # the description

    page.search_description = "о" * 100

    assert list_gaps(page) == []


def test_a_complete_page_lacks_nothing(image):
    page = make_offered_berry()
    BerryPageFactory(berry=page.berry, language="en")
    image = make_sharp(image)
    page.picture, page.picture_alt, page.search_description = image, "Миска", "о" * 100
    page.body = [("text", "<p>Сладкая.</p>")]

    assert list_gaps(page) == []


def test_the_explorer_tells_price_stock_season_and_translation(client, moderator):
    page = make_offered_berry(stock=7, season_months=[6, 7])
    BerryPageFactory(berry=page.berry, language="en", live=False)

    response = client.get(f"/admin/pages/{page.get_parent().pk}/")

    [facts] = [shown.facts for shown in response.context["object_list"]]
    assert (facts.price, facts.stock, facts.season, facts.translation) == (
        "390\N{NO-BREAK SPACE}₽",
        "7",
        "июнь — июль",
        "черновик",
    )
    assertContains(response, "июнь — июль")


# wagtail-localize asks these for its own button beside each page.
LOCALIZE = ("wagtail_localize_translatableobject", 'SELECT 1 AS "a" FROM "wagtailcore_locale"')


def test_our_columns_cost_the_same_however_many_pages(client, moderator):
    catalog = get_catalog_page()

    def count():
        for _ in range(3):
            page = make_offered_berry()
            BerryPageFactory(berry=page.berry, language="en")
        client.get(f"/admin/pages/{catalog.pk}/")
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/admin/pages/{catalog.pk}/").status_code == 200
        return len([query for query in queries if not any(word in query["sql"] for word in LOCALIZE)])

    assert count() == count()
