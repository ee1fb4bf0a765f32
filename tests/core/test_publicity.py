import json
import re

import pytest
from django.core.exceptions import ValidationError
from pytest_django.asserts import assertContains, assertNotContains
from wagtail.models import Site

from core.middleware import STOREFRONT_POLICY
from core.publicity import PublicitySettings
from payments.models import Bill
from tests.factories.accounts import UserFactory
from tests.factories.catalog import get_front_page, make_offered_berry
from tests.factories.orders import make_order, settle

pytestmark = pytest.mark.django_db


def publicize(**values):
    get_front_page()
    return PublicitySettings.objects.create(site=Site.objects.get(is_default_site=True), **values)


def read_facts(response):
    blocks = re.findall(r"<script[^>]+data-measured>(.*?)</script>", response.content.decode())
    return [json.loads(block) for block in blocks]


def test_nothing_is_counted_or_asked_by_default(client):
    page = make_offered_berry()

    response = client.get(page.url)

    assertNotContains(response, "any-consent")
    assert read_facts(response) == []
    assert response["Content-Security-Policy"] == STOREFRONT_POLICY


def test_a_counter_asks_first_and_opens_the_policy_for_itself_alone(client):
    page = make_offered_berry()
    publicize(metrica_id="12345678")

    response = client.get(page.url)

    assertContains(response, "any-consent")
    assertNotContains(response, "mc.yandex.ru")
    policy = response["Content-Security-Policy"]
    assert "script-src 'self' https://mc.yandex.ru" in policy
    assert "google" not in policy
    assert "disqus" not in policy
    assert "style-src 'self';" in policy


def test_a_berry_page_says_what_was_looked_at(client):
    page = make_offered_berry(kind_ru="Клубника")
    publicize(metrica_id="12345678")

    [fact] = read_facts(client.get(page.url))

    assert fact["event"] == "detail"
    assert (fact["products"][0]["name"], fact["products"][0]["price"]) == ("Клубника", 390.0)


def test_adding_and_removing_are_told_after_the_server_said_yes(client):
    publicize(analytics_id="G-ABC123")
    pack = make_offered_berry().berry.packs.get()
    client.force_login(UserFactory())
    htmx = {"HX-Request": "true"}

    added = client.post("/cart/add/", {"pack": pack.pk, "quantity": 2}, headers=htmx)
    removed = client.post("/cart/set/", {"pack": pack.pk, "quantity": 0}, headers=htmx)

    facts = [json.loads(r["HX-Trigger"])["cart-changed"]["measured"] for r in (added, removed)]
    assert [(fact["event"], fact["products"][0]["quantity"]) for fact in facts] == [("add", 2), ("remove", 2)]


def test_a_purchase_is_told_of_a_paid_order_and_names_nobody(client):
    publicize(metrica_id="12345678")
    user = UserFactory()
    order = make_order(user)
    client.force_login(user)
    assert read_facts(client.get(f"/orders/{order.number}/")) == []

    settle(order, Bill.Status.PAID)

    [fact] = read_facts(client.get(f"/orders/{order.number}/"))
    assert (fact["event"], fact["order"]["id"]) == ("purchase", order.number)
    assert fact["order"]["revenue"] == float(order.total)
    assert user.email not in json.dumps(fact)


def test_search_engines_find_their_codes(client):
    publicize(yandex_verification="abc123", google_verification="g-o_o")

    response = client.get("/")

    assertContains(response, '<meta name="yandex-verification" content="abc123">', html=True)
    assertContains(response, '<meta name="google-site-verification" content="g-o_o">', html=True)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("metrica_id", "12'; script-src *"),
        ("analytics_id", "UA-1"),
        ("disqus_shortname", "evil.example/"),
        ("disqus_shortname", "a b"),
        ("yandex_verification", '"><script>'),
    ],
)
def test_what_could_break_a_policy_is_refused(name, value):
    with pytest.raises(ValidationError):
        publicize(**{name: value}).full_clean()


def test_a_change_is_on_the_next_page(client):
    setting = publicize(metrica_id="1")
    client.get("/")
    setting.metrica_id = ""
    setting.save()

    assertNotContains(client.get("/"), "any-consent")
