from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone

from shop.catalog.models import Berry, Lot, StockMovement
from tests.factories.accounts import UserFactory
from tests.factories.catalog import (
    BerryFactory,
    BerryPageFactory,
    CategoryFactory,
    LotFactory,
    PackFactory,
    make_offered_berry,
)

pytestmark = pytest.mark.django_db

ADMIN = "/admin/snippets/shop"


def sign_in(client, *permissions: str):
    """A member of staff with these rights on the shop, who may enter the admin."""
    user = UserFactory(is_staff=True)
    codenames = [*permissions, "access_admin"]
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client.force_login(user)
    return user


@pytest.fixture
def manager(client):
    """Somebody with every right on the catalog's records that a group can have."""
    models = ["berry", "pack", "category", "lot", "stockmovement"]
    return sign_in(
        client, *[f"{action}_{model}" for model in models for action in ["add", "change", "delete", "view"]]
    )


def test_the_list_of_berries_tells_price_stock_season_and_date(client, manager):
    page = make_offered_berry(stock=7, season_months=[6, 7])
    best_before = page.berry.packs.get().lots.get().best_before

    text = client.get(f"{ADMIN}/berry/").content.decode()

    assert page.berry.full_name in text
    assert "390\N{NO-BREAK SPACE}₽" in text
    assert ">7<" in "".join(text.split())
    assert "июнь — июль" in text
    assert str(best_before.day) in text


def test_berries_can_be_found_and_filtered(client, manager):
    garden = CategoryFactory()
    BerryFactory(kind_ru="Морошка", categories=[garden], season_months=[8], is_active=False)
    BerryFactory(kind_ru="Клюква", season_months=[9])

    def search(**query):
        response = client.get(f"{ADMIN}/berry/", query)
        assert response.status_code == 200
        return sorted(berry.kind_ru for berry in response.context["object_list"])

    assert search(q="морош") == ["Морошка"]
    assert search(categories=garden.pk) == ["Морошка"]
    assert search(season=9) == ["Клюква"]
    assert search(is_active="false") == ["Морошка"]


@pytest.mark.parametrize("path", ["berry", "pack", "category", "lot", "stockmovement"])
def test_lists_of_the_admin_cost_the_same_however_many_rows(
    client, manager, path, django_assert_max_num_queries
):
    def fill() -> None:
        for _ in range(3):
            page = make_offered_berry(categories=[CategoryFactory()])
            LotFactory(pack=page.berry.packs.get(), by=manager)

    fill()
    client.get(f"{ADMIN}/{path}/")  # fills caches
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as few:
        assert client.get(f"{ADMIN}/{path}/").status_code == 200
    fill()

    with django_assert_max_num_queries(len(few)):
        assert client.get(f"{ADMIN}/{path}/").status_code == 200


def test_a_manager_adds_a_berry_with_its_season_ticked(client, manager):
    response = client.post(
        f"{ADMIN}/berry/add/",
        {
            "code": "raspberry",
            "kind_ru": "Малина",
            "kind_en": "Raspberry",
            "variety_ru": "",
            "variety_en": "",
            "origin_ru": "Тула",
            "origin_en": "Tula",
            "season_months": ["6", "7"],
            "vat_code": "3",
            "is_active": "on",
        },
    )

    assert response.status_code == 302, response.context["form"].errors
    berry = Berry.objects.get(code="raspberry")
    assert berry.season_months == [6, 7]


def test_adding_a_lot_receives_it_in_the_managers_name(client, manager):
    pack = PackFactory()
    today = timezone.localdate()

    response = client.post(
        f"{ADMIN}/lot/add/",
        {
            "pack": pack.pk,
            "harvested_on": today.isoformat(),
            "best_before": (today + timedelta(days=4)).isoformat(),
            "received": "12",
            "farm_ru": "Роса",
            "farm_en": "Dew",
        },
    )

    assert response.status_code == 302, response.context["form"].errors
    lot = Lot.objects.get()
    movement = StockMovement.objects.get()
    assert (lot.left, lot.received, lot.farm_ru) == (12, 12, "Роса")
    assert (movement.kind, movement.quantity, movement.by) == ("received", 12, manager)


@pytest.mark.parametrize(("received", "keeps"), [("0", 4), ("-1", 4), ("abc", 4), ("9" * 30, 4), ("5", -1)])
def test_a_lot_that_makes_no_sense_is_refused_with_words(client, manager, received, keeps):
    today = timezone.localdate()

    response = client.post(
        f"{ADMIN}/lot/add/",
        {
            "pack": PackFactory().pk,
            "harvested_on": today.isoformat(),
            "best_before": (today + timedelta(days=keeps)).isoformat(),
            "received": received,
        },
    )

    assert response.status_code == 200
    assert response.context["form"].errors
    assert not Lot.objects.exists()


def test_packs_are_written_off_with_a_reason(client, manager):
    lot = LotFactory(quantity=5)

    page = client.get(f"{ADMIN}/lot/write-off/{lot.pk}/")
    response = client.post(f"{ADMIN}/lot/write-off/{lot.pk}/", {"quantity": "2", "reason": "помялась"})

    assert page.status_code == 200
    assert response.status_code == 302
    lot.refresh_from_db()
    movement = StockMovement.objects.get(kind="written_off")
    assert lot.left == 3
    assert (movement.quantity, movement.reference, movement.by) == (-2, "помялась", manager)


@pytest.mark.parametrize(
    "data",
    [
        {"quantity": "6", "reason": "x"},
        {"quantity": "0", "reason": "x"},
        {"quantity": "1"},
        {"quantity": "9" * 40},
    ],
)
def test_a_write_off_that_makes_no_sense_changes_nothing(client, manager, data):
    lot = LotFactory(quantity=5)

    response = client.post(f"{ADMIN}/lot/write-off/{lot.pk}/", data)

    assert response.status_code == 200
    assert response.context["form"].errors
    lot.refresh_from_db()
    assert lot.left == 5


def test_nobody_edits_or_deletes_lots_movements_or_berries(admin_client, admin_user):
    lot = LotFactory()
    movement = StockMovement.objects.get()
    berry = lot.pack.berry

    for path in [
        f"{ADMIN}/lot/edit/{lot.pk}/",
        f"{ADMIN}/lot/delete/{lot.pk}/",
        f"{ADMIN}/stockmovement/add/",
        f"{ADMIN}/stockmovement/edit/{movement.pk}/",
        f"{ADMIN}/stockmovement/delete/{movement.pk}/",
        f"{ADMIN}/berry/delete/{berry.pk}/",
        f"{ADMIN}/pack/delete/{lot.pack_id}/",
    ]:
        response = admin_client.post(path, {"left": "100", "quantity": "5"})

        assert response.status_code in {302, 403, 404}, path
    lot.refresh_from_db()
    assert lot.left == 10
    assert Berry.objects.filter(pk=berry.pk).exists()
    assert StockMovement.objects.count() == 1


def test_an_editor_of_words_may_not_touch_facts(client):
    sign_in(client)
    lot = LotFactory(quantity=5)

    responses = [
        client.get(f"{ADMIN}/berry/"),
        client.get(f"{ADMIN}/berry/edit/{lot.pack.berry_id}/"),
        client.post(f"{ADMIN}/lot/write-off/{lot.pk}/", {"quantity": "1", "reason": "x"}),
        client.post(f"{ADMIN}/lot/add/", {"pack": lot.pack_id, "received": "5"}),
    ]

    assert all(response.status_code in {302, 403} for response in responses)
    assert not any("snippets" in response.get("Location", "") for response in responses)
    lot.refresh_from_db()
    assert lot.left == 5
    assert Lot.objects.count() == 1


def test_the_right_to_see_lots_is_not_the_right_to_write_them_off(client):
    sign_in(client, "view_lot", "add_lot")
    lot = LotFactory(quantity=5)

    text = client.get(f"{ADMIN}/lot/").content.decode()
    response = client.post(f"{ADMIN}/lot/write-off/{lot.pk}/", {"quantity": "1", "reason": "x"})

    assert "write-off" not in text
    assert response.status_code in {302, 403}
    lot.refresh_from_db()
    assert lot.left == 5


def test_the_page_form_shows_price_stock_and_season_read_only(admin_client):
    page = make_offered_berry(stock=7, season_months=[6, 7])

    text = admin_client.get(f"/admin/pages/{page.pk}/edit/").content.decode()

    assert "390\N{NO-BREAK SPACE}₽" in text
    assert "июнь — июль" in text
    assert f"/admin/snippets/shop/berry/edit/{page.berry_id}/" in text
    assert 'name="price"' not in text


def test_the_form_of_a_new_page_says_that_a_berry_has_to_be_chosen(admin_client):
    parent = BerryPageFactory().get_parent()

    response = admin_client.get(f"/admin/pages/add/shop/berrypage/{parent.pk}/")

    assert response.status_code == 200
    assert "Выберите ягоду" in response.content.decode()
