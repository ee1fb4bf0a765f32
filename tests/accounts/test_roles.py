"""Who may do what in the admin: every address of ours, by role. Wagtail's own: test_admin_doors.py."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.db import connection
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse
from wagtail.models import Locale, Page
from wagtail_localize.models import TranslationSource
from wagtail_localize.operations import translate_object

from accounts.roles import COURIERS, EDITORS, MANAGERS, MODERATORS, PACKERS
from home.journal.comments.models import Comment
from home.journal.models import Author, Topic
from search.models import Promotion, Synonym
from shop.catalog.models import StockMovement
from shop.catalog.pricing import Markdown
from shop.delivery.models import Closure
from shop.favorites.models import Waiting
from shop.orders.models import Cheque, Complaint, Mismatch
from shop.reviews.models import Review
from tests.factories.accounts import UserFactory
from tests.factories.catalog import CategoryFactory, LotFactory, get_catalog_page, make_offered_berry
from tests.factories.newsletter import make_issue, make_mailing, make_subscriber
from tests.factories.orders import TemplateFactory, make_order
from tests.factories.pages import ArticlePageFactory
from tests.factories.vouchers import VoucherFactory

pytestmark = pytest.mark.django_db

OURS = {"accounts", "anyberry", "core", "home", "payments", "search", "shop"}
GROUPS = {
    "editor": EDITORS,
    "moderator": MODERATORS,
    "manager": MANAGERS,
    "packer": PACKERS,
    "courier": COURIERS,  # sees nothing of the admin
}
ROLES = (*GROUPS, "owner")
STATE = {"accounts", "auth", "home", "search", "shop", "wagtail", "wagtailcore"}
# What somebody who may not would post.
FORM = {
    "quantity": "1",
    "reason": "x",
    "name_ru": "x",
    "name_en": "x",
    "code": "x",
    "typed": "x",
    "means": "y",
}

E, M, G, P, _COURIER, OWNER = ROLES
WORDS = {E, M, OWNER}
SHOP = {G, OWNER}
READERS = {E, M, G, OWNER}
NOBODY: set[str] = set()

# Records: who sees, adds, changes and deletes them.
RECORDS = {
    "shop_berry": (READERS, SHOP, SHOP, NOBODY),
    "shop_pack": (READERS, SHOP, SHOP, NOBODY),
    "shop_category": (READERS, READERS, READERS, NOBODY),
    "shop_lot": (SHOP, SHOP, NOBODY, NOBODY),
    "shop_stockmovement": (SHOP, NOBODY, NOBODY, NOBODY),
    "shop_deliveryslot": (SHOP, SHOP, SHOP, NOBODY),
    "shop_deliveryzone": (SHOP, SHOP, SHOP, NOBODY),
    "shop_slottemplate": (SHOP, SHOP, SHOP, SHOP),
    "shop_closure": (SHOP, SHOP, SHOP, SHOP),
    "shop_order": (SHOP, NOBODY, NOBODY, NOBODY),
    "shop_cheque": (SHOP, NOBODY, NOBODY, NOBODY),
    "shop_mismatch": (SHOP, NOBODY, NOBODY, NOBODY),
    "shop_complaint": (SHOP, NOBODY, NOBODY, NOBODY),
    "shop_waiting": (SHOP, NOBODY, NOBODY, NOBODY),
    "shop_voucher": (SHOP, SHOP, SHOP, NOBODY),
    "shop_voucheruse": (SHOP, NOBODY, NOBODY, NOBODY),
    "shop_markdown": (SHOP, SHOP, SHOP, SHOP),
    "shop_review": ({M, G, OWNER}, NOBODY, {M, OWNER}, {M, OWNER}),
    "home_author": (WORDS, WORDS, WORDS, {M, OWNER}),
    "home_topic": (WORDS, WORDS, WORDS, {M, OWNER}),
    "home_comment": ({M, OWNER}, NOBODY, {M, OWNER}, {M, OWNER}),
    "home_subscriber": ({M, OWNER}, NOBODY, NOBODY, {OWNER}),
    "search_synonym": (WORDS, WORDS, WORDS, {M, OWNER}),
    "search_promotion": (WORDS, WORDS, WORDS, {M, OWNER}),
}
SEE, ADD, CHANGE, DELETE, TOUCH = range(5)
# The views that every record has, and the right that each asks for.
RECORD_VIEWS = {
    "list": SEE,
    "list_results": SEE,
    "inspect": SEE,
    "usage": CHANGE,
    "history": TOUCH,
    "history_results": TOUCH,
    "choose": SEE,
    "choose_results": SEE,
    "chosen": SEE,
    "chosen_multiple": SEE,
    "create": ADD,
    "add": ADD,
    "edit": CHANGE,
    "delete": DELETE,
}
ORDER_BUTTONS = ("refund", "move", "note", "take-off", "door", "slot", "call-off", "mail")
REPORTS = ("sales", "movement", "unpaid")
# Views of ours beside those.
VIEWS = {
    "wagtailadmin_error_test": NOBODY,
    "wagtailusers_users:add": {OWNER},
    "wagtailusers_users:edit": {OWNER},
    "wagtailsnippets_shop_lot:write-off": SHOP,
    "wagtailsnippets_shop_mismatch:story": SHOP,
    "wagtailsnippets_shop_mismatch:settle": SHOP,
    "wagtailsnippets_shop_mismatch:note": SHOP,
    "wagtailsnippets_shop_mismatch:ask": SHOP,
    **dict.fromkeys((f"wagtailsnippets_shop_order:{name}" for name in ORDER_BUTTONS), SHOP),
    **dict.fromkeys(("wagtailsnippets_shop_complaint:answer", "wagtailsnippets_shop_complaint:photo"), SHOP),
    "shop_couriers": SHOP,
    **{name: {G, P, OWNER} for name in ("shop_packing", "shop_packing_sheet", "shop_packing_hand_over")},
    **dict.fromkeys((f"shop_{name}_report" for name in REPORTS), SHOP),
    **dict.fromkeys((f"shop_{name}_report_results" for name in REPORTS), SHOP),
    "search_report": READERS,
    "search_report_results": READERS,
    "translations_update": WORDS,
    "translation_into_alias": {M, OWNER},
    "newsletter:list": {M, OWNER},
    "newsletter:desk": WORDS,
    "newsletter:test": WORDS,
    "newsletter:mailing": {M, OWNER},
    "newsletter:progress": {M, OWNER},
    "newsletter:send": {M, OWNER},
    "newsletter:settle": {M, OWNER},
    "newsletter:move": {M, OWNER},
}


# What the addresses ask for that have more than a record's key.
ARGUMENTS = {
    "wagtailsnippets_shop_order:mail": ["sent_mail"],
    "wagtailsnippets_shop_complaint:photo": ["photo"],
    "translations_update": ["source"],
    "translation_into_alias": ["translated"],
    "newsletter:desk": ["issue"],
    "newsletter:test": ["issue"],
    "newsletter:mailing": ["mailing"],
    "newsletter:progress": ["mailing"],
    "newsletter:send": ["mailing"],
    "newsletter:move": ["mailing", "pause"],
    "newsletter:settle": ["mailing", 1],
}
POSTED = {  # nothing to look at
    "newsletter:send",
    "newsletter:move",
    "newsletter:settle",
    "newsletter:test",
    *(f"wagtailsnippets_shop_order:{name}" for name in ("refund", "move", "note", "take-off")),
    "shop_packing_hand_over",
    "wagtailsnippets_shop_mismatch:settle",
    "wagtailsnippets_shop_mismatch:note",
    "wagtailsnippets_shop_mismatch:ask",
}


def walk(patterns, route="", spaces=()) -> Iterator[tuple[str, str, object]]:
    for pattern in patterns:
        here = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from walk(pattern.url_patterns, here, (*spaces, *filter(None, [pattern.namespace])))
        elif isinstance(pattern, URLPattern):
            yield here, ":".join([*spaces, pattern.name or ""]), pattern.callback


def split_record(name: str) -> tuple[str, str] | None:
    """The model and the view of a record's address."""
    space, _colon, view = name.partition(":")
    prefix, _line, model = space.partition("_")
    is_record = prefix in {"wagtailsnippets", "wagtailsnippetchoosers"}
    return (model, view) if is_record and model.split("_")[0] in OURS else None


def is_ours(name: str, callback) -> bool:
    module = getattr(callback, "view_class", callback).__module__
    return split_record(name) is not None or module.split(".")[0] in OURS


def list_ours() -> set[str]:
    found = walk(get_resolver().url_patterns)
    return {name for route, name, view in found if route.startswith("admin/") and is_ours(name, view)}


def find_allowed(name: str) -> set[str]:
    """Who may, by the tables above; a KeyError is an address that nobody has thought about."""
    record = split_record(name)
    if name in VIEWS or record is None:
        return VIEWS[name]
    model, view = record
    rights = RECORDS[model]
    return set().union(*rights[ADD:]) if RECORD_VIEWS[view] == TOUCH else rights[RECORD_VIEWS[view]]


def translate(page: Page) -> tuple[TranslationSource, Page]:
    """A page's source for translators, and its English draft."""
    english = Locale.objects.get(language_code="en")
    translate_object(page, [english])
    return TranslationSource.objects.get(object_id=page.translation_key), page.get_translation(english)


@pytest.fixture
def rows(role) -> dict[str, int]:
    """A row of each record, by its model."""
    for name in ("ru", "en"):
        get_catalog_page(name)
    page = make_offered_berry(categories=[CategoryFactory()])
    order = make_order()
    pack = page.berry.packs.get()
    issue = make_issue()
    source, translated = translate(page)
    voucher = VoucherFactory()
    complaint = Complaint.objects.create(order=order, text="x")
    photo = ContentFile(b"x", name="x.jpg")
    bad = complaint.lines.create(line=order.lines.get(), quantity=1, photo=photo)
    return {
        "shop_berry": page.berry_id,
        "shop_pack": pack.pk,
        "shop_category": page.berry.categories.get().pk,
        "shop_lot": LotFactory(pack=pack).pk,
        "shop_stockmovement": StockMovement.objects.latest("pk").pk,
        "shop_deliveryslot": order.delivery.slot_id,
        "shop_deliveryzone": order.delivery.zone_id,
        "shop_slottemplate": TemplateFactory().pk,
        "shop_closure": Closure.objects.create(date="2030-01-01", reason_ru="x", reason_en="x").pk,
        "shop_order": order.pk,
        "shop_cheque": Cheque.objects.create(order=order).pk,
        "search_synonym": Synonym.objects.create(typed="вишня", means="черешня", language="ru").pk,
        "search_promotion": Promotion.objects.create(typed="вишня", page=page, language="ru").pk,
        "shop_mismatch": Mismatch.objects.create(kind="paid_late", subject="x", order=order).pk,
        "shop_review": Review.objects.create(
            user=order.user, berry=page.berry, rating=5, text="x", language="ru"
        ).pk,
        "shop_waiting": Waiting.objects.create(berry=page.berry, email="x@example.com", moment="stock").pk,
        "shop_complaint": complaint.pk,
        "shop_voucher": voucher.pk,
        "shop_voucheruse": voucher.uses.create(user=order.user, reference=order.number, amount=0).pk,
        "shop_markdown": Markdown.objects.create(days_left=1, percent=20).pk,
        "home_author": Author.objects.create(name_ru="Анна", name_en="Anna").pk,
        "home_topic": Topic.objects.create(name_ru="Уход", name_en="Care", code="care").pk,
        "home_comment": Comment.objects.create(
            user=order.user, page=ArticlePageFactory(), text="x", language="ru"
        ).pk,
        "home_subscriber": make_subscriber().pk,
        "issue": issue.pk,
        "source": source.pk,
        "translated": translated.pk,
        "sent_mail": order.sent_mails.create(
            kind="cheque", to=order.email, subject="x", text="x", html="x"
        ).pk,
        "photo": bad.pk,
        "mailing": make_mailing(issue).pk,
        "wagtailusers": UserFactory().pk,
    }


def find_path(name: str, rows: dict[str, int]) -> str:
    model = (split_record(name) or ("wagtailusers", ""))[0]
    try:
        return reverse(name, args=[rows.get(key, key) for key in ARGUMENTS.get(name, [])])
    except NoReverseMatch:
        return reverse(name, args=[rows[model]])


@pytest.fixture(params=ROLES)
def role(request, client) -> str:
    """Somebody with the role, signed in."""
    user = UserFactory(is_staff=True, is_superuser=request.param == OWNER)
    if request.param in GROUPS:
        user.groups.add(Group.objects.get(name=GROUPS[request.param]))
    client.force_login(user)
    return request.param


def read_state() -> dict[str, str]:
    """What is in the tables that staff can change."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = [table for (table,) in cursor.fetchall() if table.split("_")[0] in STATE]
        state = {}
        for table in tables:
            rows = "coalesce(string_agg(t::text, '|' ORDER BY t::text), '')"
            cursor.execute(f'SELECT md5({rows}) FROM "{table}" t')  # noqa: S608 -- names out of the catalog
            state[table] = cursor.fetchone()[0]
    return state


def is_refused(response) -> bool:
    place = response.get("Location", "")
    return response.status_code in {403, 404, 405} or (
        response.status_code == 302
        and (place in {"/admin/", "/admin/pages/"} or place.startswith("/account/login/?next="))
    )


def test_every_address_of_ours_is_in_a_table():
    for name in list_ours():
        find_allowed(name)


def test_each_role_sees_what_it_may_and_nothing_else(client, role, rows):
    wrong = []
    for name in sorted(list_ours() - POSTED):
        response = client.get(find_path(name, rows), {"id": "1"})
        if (response.status_code == 200) != (role in find_allowed(name)):
            wrong.append((name, response.status_code))
        elif response.status_code != 200 and not is_refused(response):
            wrong.append((name, response.status_code, response.get("Location")))

    assert wrong == []


def test_each_role_is_refused_what_it_may_not_change(client, role, rows):
    refused = [name for name in list_ours() if role not in find_allowed(name)]
    before = read_state()
    wrong = [
        (name, response.status_code)
        for name in refused
        if not is_refused(response := client.post(find_path(name, rows), FORM))
    ]

    assert wrong == []
    assert read_state() == before
