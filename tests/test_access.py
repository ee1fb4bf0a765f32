"""Who may open what: every address and call but for the admin, which tests/accounts/test_roles.py and
test_admin_doors.py hold.
"""

import json
import re

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from accounts.models import Consent, User
from accounts.roles import COURIERS, EDITORS, MANAGERS, MODERATORS, PACKERS
from home.journal.comments.models import Comment
from payments.models import Bill
from shop.delivery.models import DeliveryEvent
from shop.favorites.models import Waiting
from shop.orders.courier.links import make_link_token
from shop.orders.models import Complaint, ComplaintLine
from shop.orders.moves import Move, move_order
from tests.access_table import BODIES, GATES, LINKED, SPECIAL, TABLE, WELCOME
from tests.factories.accounts import AddressFactory, UserFactory
from tests.factories.catalog import get_catalog_page, get_front_page, make_offered_berry
from tests.factories.orders import make_order, settle
from tests.factories.pages import RecipePageFactory

pytestmark = pytest.mark.django_db
GROUPS = {
    "editor": EDITORS,
    "moderator": MODERATORS,
    "manager": MANAGERS,
    "packer": PACKERS,
    "courier": COURIERS,
}
STAFF = (*GROUPS, "superuser")
CALLERS = ("guest", "unconfirmed", "shopper", "another", *STAFF)
WAYS_IN = {"/account/login/": "login", "/account/confirm/": "confirm"}
BLOCK = re.compile(r"^(\S+) (\w+) (\w+):\n((?:    .*\n)+)", re.MULTILINE)
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
ELSEWHERE = ("admin/", "documents/")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
CLOSED = {403, 404, 405}


def list_routes() -> dict[str, str]:
    """Every address by its name (`namespace:name`), or by its pattern where it has none."""
    return {name: route for name, route, _view in walk(get_resolver(), "", "")}


def walk(resolver: URLResolver, names: str, path: str):
    for pattern in resolver.url_patterns:
        route = path + str(pattern.pattern)
        if route.startswith(ELSEWHERE):
            continue
        if isinstance(pattern, URLPattern):
            yield f"{names}{pattern.name}" if pattern.name else route, route, pattern.callback
        else:
            yield from walk(pattern, f"{names}{pattern.namespace}:" if pattern.namespace else names, route)


def list_calls() -> set[str]:
    """Every call of our API and of allauth's, as "METHOD name"."""
    from anyberry.api import api

    calls = {
        f"{method} {name}"
        for name, _route, view in walk(get_resolver(), "", "")
        if name.startswith("headless:")
        for method in METHODS
        if hasattr(getattr(view, "view_class", None), method.lower())
    }
    for _prefix, router in api._routers:
        for view in router.path_operations.values():
            for operation in view.operations:
                name = f"api:{view.url_name or operation.view_func.__name__}"
                calls |= {f"{method} {name}" for method in operation.methods}
    return calls


def list_possible(name: str) -> list[str]:
    """What could be asked of an address, as "METHOD name": of pages what a form can, of our API everything.

    allauth's calls read the body before they look at the method; those it answers are in `list_calls`.
    """
    if name.startswith("headless:"):
        return []
    is_call = name.startswith("api:") and "openapi" not in name
    methods = METHODS if is_call else METHODS[:2]
    return [f"{method} {name}" for method in methods]


class World:
    """One of everything, all of it the shopper's; addresses are made of it."""

    def __init__(self) -> None:
        get_front_page("ru")
        get_catalog_page("ru")
        self.shopper = UserFactory()
        self.berry = make_offered_berry().berry
        self.order = make_order(self.shopper)
        line = self.order.lines.first()
        complaint = Complaint.objects.create(order=self.order, text="x")
        photo = ComplaintLine.objects.create(
            complaint=complaint, line=line, photo=ContentFile(b"x", "a.jpg"), quantity=1
        )
        event = DeliveryEvent.objects.create(
            delivery=self.order.delivery, photo=ContentFile(b"x", "a.jpg"), status="delivered"
        )
        comment = Comment.objects.create(
            user=self.shopper, page=RecipePageFactory(), text="x", language="ru", status="published"
        )
        waiting = Waiting.objects.create(
            berry=self.berry,
            email=self.shopper.email,
            language="ru",
            moment="season",
            status="active",
            confirmed_at=timezone.now(),
        )
        session = UserSession.objects.create(
            user=self.shopper, ip="192.0.2.7", session_key="k" * 32, user_agent="x"
        )
        consent = self.shopper.consents.first() or Consent.objects.create(
            user=self.shopper, document="offer", version="1"
        )
        self.words = {
            "address_id": AddressFactory(user=self.shopper, is_default=False).pk,
            "berry_id": self.berry.pk,
            "bill_id": self.order.bill_id,
            "call": "nothing",
            "code": "summer",
            "comment_id": comment.pk,
            "consent_id": consent.pk,
            "name": "nothing",
            "number": self.order.number,
            "page_id": comment.page_id,
            "page_view_restriction_id": 1,
            "path": "nothing.jpg",
            "pk": photo.pk,
            "provider": "yandex",
            "section": "pages",
            "session_id": session.pk,
            "task_id": "6f1d5ad0-7f0b-4a44-8a2c-6f4f6b6f3c11",
            "token": "nonsense",
        }
        paid = settle(make_order(self.shopper), Bill.Status.PAID)
        carried = settle(make_order(self.shopper), Bill.Status.PAID)
        self.carried = move_order(order_id=carried.pk, move=Move.HAND_OVER, by=None, seen="packing")
        self.own = {
            "shop:courier-move": {"number": carried.number},
            "shop:order-receipt": {"number": paid.number},
            "shop:delivery-photo": {"pk": event.pk},
            "shop:waiting-withdraw": {"pk": waiting.pk},
        }

    def get_path(self, name: str, route: str) -> str:
        words = self.words | self.own.get(name, {})
        path = PARAMETER.sub(lambda found: str(words[found[1]]), route)
        return "/" + path.lstrip("^").removesuffix("$").removesuffix(r"\Z")


@pytest.fixture
def world(settings) -> World:
    settings.ACCOUNT_RATE_LIMITS = False
    return World()


@pytest.fixture(params=CALLERS)
def caller(request, world) -> User | None:
    """Who calls; the shopper owns all there is."""
    kind = request.param
    if kind == "guest":
        return None
    if kind == "shopper":
        return world.shopper
    user = UserFactory(
        verified=kind != "unconfirmed",
        is_staff=kind in STAFF,
        is_superuser=kind == "superuser",
    )
    if kind in GROUPS:
        user.groups.add(Group.objects.get(name=GROUPS[kind]))
    return user


class Visit:
    """One caller's client. What a call changes is undone after it, and they are as signed in as before."""

    def __init__(self, caller: User | None) -> None:
        self.client = Client(raise_request_exception=False)
        self.headers = {}
        if caller:
            self.client.force_login(caller)
            self.headers = {"X-Session-Token": self.client.session.session_key}
        self.cookies = self.client.cookies.copy()

    def come_back(self) -> None:
        """The database has the session again; the cookie and the cache get it back, too."""
        self.client.cookies = self.cookies.copy()
        if self.headers:
            cache.delete(self.client.session.cache_key)

    def call(self, row: str, path: str) -> int | str:
        """The status; or the way in that somebody is led to."""
        method = row.split(maxsplit=1)[0]
        body = {}
        if path.startswith("/api/") and method != "GET":
            body = {"data": json.dumps(BODIES.get(row, {})), "content_type": "application/json"}
        with transaction.atomic():
            response = getattr(self.client, method.lower())(path, headers=self.headers, **body)
            if response.streaming:
                response.getvalue()  # read to its end, a file is closed
            transaction.set_rollback(True)
        if method != "GET":
            self.come_back()
        place = response.headers.get("Location", "")
        return next((word for way, word in WAYS_IN.items() if place.startswith(way)), response.status_code)


def read_table() -> dict[str, dict[str, int | str]]:
    """What each caller gets, by the row ("METHOD name")."""
    rows = {}
    for gate, method, status, names in BLOCK.findall(TABLE):
        passed = int(status) if status.isdigit() else status
        others = GATES[gate]
        expected = {caller: others.get(caller, others.get("*", passed)) for caller in CALLERS}
        if "*" in others:
            expected[WELCOME.get(gate, "shopper")] = passed
        rows |= {f"{method} {name}": expected for name in names.split()}
    special = {
        row: {caller: statuses.get(caller, statuses["*"]) for caller in CALLERS}
        for row, statuses in SPECIAL.items()
    }
    return rows | special


def test_every_address_and_call_has_a_row():
    rows = read_table()
    named = {row.split(maxsplit=1)[1] for row in rows}
    routes = list_routes()

    missing = [f"GET or POST {name}  (/{route})" for name, route in routes.items() if name not in named]
    missing += sorted(list_calls() - rows.keys())
    gone = sorted(named - routes.keys())

    assert not missing, "Say in tests/access_table.py who may use these:\n" + "\n".join(missing)
    assert not gone, "These rows of tests/access_table.py speak of nothing any more:\n" + "\n".join(gone)


def asks_who(row: str, expected: dict[str, int | str]) -> bool:
    """Whether a role may be treated otherwise than shoppers here.

    What is open to all asks nobody, and a form of one's own asks only whether somebody is there. So these are
    left to the superuser, who has every right that could make a difference: all roles would take long.
    """
    is_looked_at = row.startswith("GET ") and len(set(expected.values())) > 1
    return is_looked_at or row in SPECIAL or expected["shopper"] != expected["another"]


def test_each_caller_gets_what_the_table_says(world, caller, request):
    kind = request.node.callspec.params["caller"]
    routes, visit, wrong = list_routes(), Visit(caller), []
    for row, expected in read_table().items():
        if kind in GROUPS and not asks_who(row, expected):
            continue
        name = row.split(maxsplit=1)[1]
        got = visit.call(row, world.get_path(name, routes[name]))
        if got != expected[kind]:
            wrong.append(f"{row}: {got}, not {expected[kind]}")

    assert not wrong, f"As {kind} (tests/access_table.py):\n" + "\n".join(wrong)


def test_what_has_no_row_is_not_made(world):
    rows = read_table().keys()
    guest, shopper, wrong = Visit(None), Visit(world.shopper), []
    for name, route in list_routes().items():
        for row in list_possible(name):
            if row in rows:
                continue
            path = world.get_path(name, route)
            got = {guest.call(row, path), shopper.call(row, path)}
            if not got - {"login"} <= CLOSED:
                wrong.append(f"{row}: {got}")

    assert not wrong, "Not in tests/access_table.py, but answered:\n" + "\n".join(wrong)


def test_a_couriers_link_opens_the_stops_of_its_day_and_nothing_else(world):
    courier = UserFactory()
    courier.groups.add(Group.objects.get(name=COURIERS))
    day = timezone.localdate(world.carried.delivery.slot.starts_at)
    world.words["token"] = make_link_token(courier=courier, day=day)
    routes, guest, wrong = list_routes(), Visit(None), []
    for row, expected in read_table().items():
        name = row.split(maxsplit=1)[1]
        if "courier" not in name and "token" not in routes[name] and "photo" not in name:
            continue
        got = guest.call(row, world.get_path(name, routes[name]))
        if got != LINKED.get(row, expected["guest"]):
            wrong.append(f"{row}: {got}")

    assert not wrong
