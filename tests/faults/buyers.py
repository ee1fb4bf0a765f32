"""Shoppers as the web server sees them: a session cookie, pages, forms, and the API."""

import re
import time
from dataclasses import dataclass, field
from html import unescape
from uuid import uuid4

import requests
from django.conf import settings
from django.test import Client

from accounts.models import User
from shop.delivery.models import DeliverySlot, DeliveryZone
from tests.factories.orders import ADDRESS

CSRF = "a" * 32
PATIENCE = 60


@dataclass
class Answer:
    """What came back, and how long it took; status 0: the connection broke."""

    status: int
    location: str = ""
    text: str = ""
    seconds: float = 0.0


@dataclass
class Buyer:
    """Somebody signed in at the running shop. `key` is the checkout form's: one form, one order."""

    user: User
    url: str
    zone: DeliveryZone
    slot: DeliverySlot
    key: str = field(default_factory=lambda: str(uuid4()))
    form: dict = field(default_factory=dict)
    session: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self) -> None:
        client = Client()
        client.force_login(self.user)
        name = settings.SESSION_COOKIE_NAME
        self.session.cookies.set(name, client.cookies[name].value)
        self.session.cookies.set("csrftoken", CSRF)
        # A server may close a connection it kept open just as it is used again: no fault of the shop's.
        self.session.headers["Connection"] = "close"

    def ask(self, method: str, path: str, **options) -> Answer:
        started = time.monotonic()
        try:
            got = self.session.request(
                method, self.url + path, timeout=PATIENCE, allow_redirects=False, **options
            )
        except requests.RequestException as error:
            return Answer(0, text=repr(error), seconds=time.monotonic() - started)
        return Answer(got.status_code, got.headers.get("Location", ""), got.text, time.monotonic() - started)

    def open_checkout(self) -> Answer:
        """See the page: what will be bought is what it shows."""
        page = self.ask("GET", "/checkout/")
        if page.status == 200:
            self.form = self._fill(page.text)
        return page

    def send_form(self, **changes) -> Answer:
        """Press "Place the order"."""
        return self.ask("POST", "/checkout/", data={**self.form, **changes})

    def order_by_api(self, *, key: str | None = None, **body) -> Answer:
        address = dict(ADDRESS)
        known = {"address": address, "zone": self.zone.pk, "slot": self.slot.pk, "phone": "+79991234567"}
        headers = {"X-CSRFToken": CSRF, "Idempotency-Key": key or self.key}
        return self.ask("POST", "/api/v1/cart/", json={**known, "consent": True, **body}, headers=headers)

    def _fill(self, html: str) -> dict:
        return {
            **ADDRESS,
            "name": "Анна",
            "phone": "+79991234567",
            "zone": self.zone.pk,
            "slot": self.slot.pk,
            "offer": "on",
            "personal_data": "on",
            "key": self.key,
            "expected_total": read_field(html, "expected_total"),
            "basket": read_field(html, "basket"),
            "csrfmiddlewaretoken": CSRF,
        }


def read_field(html: str, name: str) -> str:
    """The value of a hidden field."""
    tag = re.search(rf'<input[^>]*name="{name}"[^>]*>', html)
    assert tag, f"the page has no field {name}"
    return unescape(re.search(r'value="([^"]*)"', tag.group()).group(1))
