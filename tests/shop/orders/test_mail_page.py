"""The mails of an order in the admin: to be read as they went out, by those who see the order."""

import pytest
from django.contrib.auth.models import Group

from payments.models import Bill
from shop.orders.cheques import send_cheque
from shop.orders.models import SentMail
from tests.factories.accounts import UserFactory
from tests.factories.orders import make_order, settle

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent() -> SentMail:
    order = settle(make_order(), Bill.Status.PAID)
    send_cheque(order_id=order.pk)
    return SentMail.objects.get()


def sign_in(client, group: str) -> None:
    user = UserFactory(is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    client.force_login(user)


def test_an_order_lists_its_mails_and_each_can_be_read(client, sent):
    sign_in(client, "Менеджеры")

    page = client.get(f"/admin/snippets/shop/order/inspect/{sent.order_id}/").content.decode()
    assert f'href="/admin/snippets/shop/order/mail/{sent.pk}/"' in page
    assert sent.subject in page

    mail = client.get(f"/admin/snippets/shop/order/mail/{sent.pk}/").content.decode()
    assert sent.to in mail
    assert "Итого оплачено" in mail
    assert "&lt;h1" in mail  # its HTML is inside the frame, not of the page
    assert "sandbox" in mail


def test_what_a_mail_says_runs_nowhere(client, sent):
    SentMail.objects.update(html='"><script>alert(1)</script>', text="<script>alert(2)</script>")
    sign_in(client, "Менеджеры")

    page = client.get(f"/admin/snippets/shop/order/mail/{sent.pk}/").content.decode()

    assert "<script>alert" not in page


@pytest.mark.parametrize("group", ["Редакторы", "Сборщики"])
def test_who_does_not_see_orders_sees_no_mail(client, sent, group):
    sign_in(client, group)

    response = client.get(f"/admin/snippets/shop/order/mail/{sent.pk}/")

    assert response.status_code in {302, 403}
    assert sent.to not in response.content.decode()


@pytest.mark.parametrize("pk", [0, 2**63])
def test_a_mail_that_is_none_is_not_found(client, pk):
    sign_in(client, "Менеджеры")

    assert client.get(f"/admin/snippets/shop/order/mail/{pk}/").status_code == 404
