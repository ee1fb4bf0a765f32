"""Wagtail's own addresses under /admin/ and /documents/: who gets in, and what stands outside of its door."""

import re

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import get_resolver

from tests.accounts.test_roles import GROUPS, ROLES, E, M, is_ours, walk
from tests.factories.accounts import UserFactory
from tests.factories.catalog import get_catalog_page

pytestmark = pytest.mark.django_db

OWNER = "owner"
WHO = {
    "staff": set(ROLES) - {"courier"},
    "words": {E, M, OWNER},
    "moderators": {M, OWNER},
    "owners": {OWNER},
    # Nothing to look at, or nothing there.
    "nobody": set(),
}
# Every address of Wagtail's that needs no argument: who sees something there.
TABLE = """
staff:
    wagtailadmin_home wagtailadmin_account admin/test404/ wagtailadmin_dismissibles
    wagtailadmin_api:pages:listing wagtailadmin_api:documents:listing wagtailadmin_api:images:listing
    wagtailadmin_choose_page wagtailadmin_choose_page_search wagtailadmin_choose_page_chosen_multiple
    wagtailadmin_choose_page_external_link wagtailadmin_choose_page_email_link
    wagtailadmin_choose_page_phone_link wagtailadmin_choose_page_anchor_link wagtailadmin_tag_autocomplete
    wagtailadmin_workflows:task_chooser wagtailadmin_workflows:task_chooser_results
    wagtailadmin_workflows:task_chooser_create wagtailadmin_reports:site_history
    wagtailadmin_reports:site_history_results wagtail_localize:javascript_catalog
    wagtail_localize:translations_report wagtail_localize:translations_report_results
    wagtailembeds:chooser wagtailembeds:chooser_upload wagtaildocs_chooser:choose
    wagtaildocs_chooser:choose_results wagtaildocs_chooser:chosen_multiple wagtailimages_chooser:choose
    wagtailimages_chooser:choose_results wagtailimages_chooser:chosen_multiple
words:
    wagtailadmin_explore_root wagtailadmin_pages:search wagtailadmin_pages:search_results
    wagtailadmin_reports:workflow wagtailadmin_reports:workflow_results wagtailadmin_reports:workflow_tasks
    wagtailadmin_reports:workflow_tasks_results wagtailadmin_reports:aging_pages
    wagtailadmin_reports:aging_pages_results wagtailadmin_reports:page_types_usage
    wagtailadmin_reports:page_types_usage_results wagtailforms:index wagtailforms:index_results
    wagtaildocs:index wagtaildocs:index_results wagtaildocs:add wagtaildocs:add_multiple
    wagtailimages:index wagtailimages:index_results wagtailimages:add wagtailimages:add_multiple
    wagtaildocs_chooser:create wagtailimages_chooser:create
moderators:
    wagtailadmin_reports:locked_pages wagtailadmin_reports:locked_pages_results
    wagtailredirects:index wagtailredirects:index_results wagtailredirects:add wagtailredirects:start_import
owners:
    wagtailadmin_collections:index wagtailadmin_collections:add wagtailadmin_workflows:index
    wagtailadmin_workflows:index_results wagtailadmin_workflows:add wagtailadmin_workflows:task_index
    wagtailadmin_workflows:task_index_results wagtaillocales:index wagtaillocales:index_results
    wagtaillocales:add wagtailsites:index wagtailsites:index_results wagtailsites:add
    wagtailusers_users:index wagtailusers_users:index_results wagtailusers_groups:index
    wagtailusers_groups:index_results wagtailusers_groups:add
nobody:
    wagtailadmin_api:pages:find wagtailadmin_api:documents:find wagtailadmin_api:images:find
    wagtailadmin_block_preview wagtailadmin_workflows:select_task_type
    wagtailredirects:process_import wagtailsnippets:index
"""
# What asks nobody who they are, and what a guest gets there.
OPEN = {
    "admin/login/": 302,  # on to our own sign-in
    "wagtailadmin_login": 302,
    "wagtailadmin_sprite": 200,  # icons
    "wagtailadmin_javascript_catalog": 200,  # words
    "wagtailadmin_password_reset": 404,
    "wagtailadmin_password_reset_done": 404,
    "wagtailadmin_password_reset_confirm": 404,
    "wagtailadmin_password_reset_complete": 404,
    "wagtaildocs_serve": 404,  # files on pages; there is no such one
    "wagtaildocs_authenticate_with_password": 404,
    "wagtailadmin_error_test": 404,
}
SIGN_OUT = "wagtailadmin_logout"
ARGUMENT = re.compile(r"\(\?P<\w+>[^()]*\)|\([^()]*\)|<(?:(\w+):)?\w+>")
SAMPLES = {"uuid": "6f1d5ad0-7f0b-4a44-8a2c-6f4f6b6f3c11"}
WAYS_IN = ("/account/login/?next=/admin/", "/admin/login/?next=/admin/")


def list_addresses() -> list[tuple[str, str, object]]:
    """The name (or the route, where there is none), an address of it, and the view of all there is."""
    found = walk(get_resolver().url_patterns)
    return [
        (name.strip(":") or route, make_path(route), view)
        for route, name, view in found
        if route.startswith(("admin/", "documents/"))
    ]


def make_path(route: str) -> str:
    path = ARGUMENT.sub(lambda found: SAMPLES.get(found[1], "1"), route)
    return "/" + re.sub(r"\\Z|[\\^$]", "", path).replace(".*", "nowhere")


def list_wagtails() -> dict[str, str]:
    """Those of Wagtail's that need no argument, but for the way out and what is open to all."""
    ways_round = {SIGN_OUT, *OPEN, "admin/^.*/$"}
    routes = {name or route: route for route, name, _view in walk(get_resolver().url_patterns)}
    return {
        name: path
        for name, path, view in list_addresses()
        if not ARGUMENT.search(routes[name]) and not is_ours(name, view) and name not in ways_round
    }


def read_table() -> dict[str, set[str]]:
    rows, who = {}, ""
    for word in TABLE.split():
        if word.endswith(":"):
            who = word.removesuffix(":")
        else:
            rows[word] = WHO[who]
    return rows


def test_every_address_of_wagtails_has_a_row():
    assert list_wagtails().keys() == read_table().keys()


@pytest.mark.filterwarnings("ignore:Pagination may yield inconsistent results")  # wagtail-localize's report
@pytest.mark.parametrize("role", ROLES)
def test_they_open_to_whom_they_should(role):
    for language in ("ru", "en"):
        get_catalog_page(language)
    user = UserFactory(is_staff=True, is_superuser=role == OWNER)
    if role != OWNER:
        user.groups.add(Group.objects.get(name=GROUPS[role]))
    client = Client(raise_request_exception=False)
    client.force_login(user)
    rows, wrong = read_table(), []

    for name, path in list_wagtails().items():
        status = client.get(path).status_code
        if (status == 200) is not (role in rows[name]) or status >= 500:
            wrong.append((name, status))

    assert wrong == []


def test_strangers_find_no_other_door_open(client):
    get_catalog_page("ru")
    found = {}

    for name, path, _view in list_addresses():
        response = client.get(path)
        if response.status_code != 302 or not response["Location"].startswith(WAYS_IN):
            found[name] = response.status_code

    assert found == OPEN
