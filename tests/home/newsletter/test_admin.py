"""Sending in the admin: who may, what they see, and that a refused one changes nothing."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.core import mail
from django.utils import timezone
from pytest_django.asserts import assertContains, assertRedirects
from wagtail.models import GroupPagePermission, Page

from home.newsletter.models import Delivery, Mailing, NewsletterPage
from tests.factories.accounts import UserFactory
from tests.factories.newsletter import get_index_page, make_issue, make_mailing, make_subscriber, start

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("eager_tasks")]


@pytest.fixture
def editor(client, django_user_model):
    """May write issues, and neither publish nor send."""
    from django.contrib.auth.models import Group

    group = Group.objects.create(name="writers")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    change = Permission.objects.get(codename="change_page")
    GroupPagePermission.objects.create(group=group, page=get_index_page(), permission=change)
    user = UserFactory(is_staff=True)
    user.groups.add(group)
    client.force_login(user)
    return user


@pytest.fixture
def commit(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


def desk(issue):
    return f"/admin/newsletter/issue/{issue.pk}/"


def at(mailing, part=""):
    return f"/admin/newsletter/mailing/{mailing.pk}/{part}"


def test_an_owner_composes_counts_and_sends(client, owner, commit):
    for _number in range(3):
        make_subscriber()
    issue = make_issue()
    assertContains(client.get(desk(issue)), issue.title)

    response = client.post(desk(issue), {"languages": ["ru"], "favorite": "", "bought": ""})
    mailing = Mailing.objects.get()
    assertRedirects(response, at(mailing))
    assert client.get(at(mailing)).context["audience"] == 3
    assert mail.outbox == []

    with commit():
        client.post(at(mailing, "send/"), {"when": "now"})

    assert len(mail.outbox) == 3
    page = client.get(at(mailing))
    assert page.context["counts"]["sent"] == 3
    assert client.get(at(mailing, "progress/")).status_code == 200
    assertContains(client.get("/admin/newsletter/"), issue.title)


def test_a_mailing_is_planned_and_taken_back(client, owner):
    mailing = make_mailing()
    moment = timezone.localtime() + timedelta(days=1)

    client.post(at(mailing, "send/"), {"when": "later", "at": f"{moment:%Y-%m-%d %H:%M}"})
    mailing.refresh_from_db()
    assert mailing.status == "scheduled"
    assert abs(mailing.scheduled_at - moment) < timedelta(minutes=1)

    client.post(at(mailing, "unschedule/"))
    mailing.refresh_from_db()
    assert mailing.status == "draft"


@pytest.mark.parametrize("when", ["", "soon", "2020-01-01 10:00", "9" * 30, "2030-01-01\0"])
def test_a_senseless_time_is_refused(client, owner, when):
    mailing = make_mailing()

    response = client.post(at(mailing, "send/"), {"when": "later", "at": when})

    assert response.status_code == 422
    assert Mailing.objects.get().status == "draft"


def test_moves_by_button(client, owner):
    make_subscriber()
    mailing = make_mailing()
    start(mailing)

    for move, status in (("pause", "paused"), ("resume", "sending"), ("cancel", "canceled")):
        assertRedirects(client.post(at(mailing, f"{move}/")), at(mailing))
        assert Mailing.objects.get().status == status


def test_a_move_that_came_too_late_says_so(client, owner):
    mailing = make_mailing()

    response = client.post(at(mailing, "pause/"), follow=True)

    assert [message.level_tag for message in response.context["messages"]] == ["error"]
    assert Mailing.objects.get().status == "draft"


def test_a_letter_in_doubt_is_listed_and_settled(client, owner):
    make_subscriber("anna@example.com")
    mailing = make_mailing()
    start(mailing)
    Delivery.objects.update(status="sending", claimed_at=timezone.now() - timedelta(hours=1))
    assertContains(client.get(at(mailing)), "anna@example.com")

    client.post(at(mailing, f"settle/{Delivery.objects.get().pk}/"), {"was_sent": "yes"})

    assert Delivery.objects.get().status == "sent"


class TestRights:
    def test_an_editor_may_test_to_their_own_address_only(self, client, editor, commit):
        issue = make_issue()
        assert client.get(desk(issue)).status_code == 200

        with commit():
            client.post(f"{desk(issue)}test/", {"to": "stranger@example.com"})
        assert mail.outbox == []
        with commit():
            client.post(f"{desk(issue)}test/", {"to": editor.email.upper()})
        assert len(mail.outbox) == 1

    def test_an_owner_may_test_to_any(self, client, owner, commit):
        issue = make_issue()
        with commit():
            client.post(f"{desk(issue)}test/", {"to": "stranger@example.com"})

        assert [message.to for message in mail.outbox] == [["stranger@example.com"]]

    @pytest.mark.parametrize("to", ["", "x", "a@example.com\r\nBcc: b@example.com", "a\0@example.com"])
    def test_a_test_to_no_address_is_refused(self, client, owner, to):
        issue = make_issue()

        assertRedirects(client.post(f"{desk(issue)}test/", {"to": to}), desk(issue))

        assert mail.outbox == []

    @pytest.mark.parametrize(
        "part", ["", "progress/", "send/", "pause/", "resume/", "cancel/", "unschedule/", "settle/1/"]
    )
    def test_an_editor_neither_sees_nor_moves_mailings(self, client, editor, part):
        mailing = make_mailing()

        for ask in (client.get, client.post):
            response = ask(at(mailing, part), {"when": "now"})
            assert response.status_code in {302, 405}
            if response.status_code == 302:
                assert response.url == "/admin/"
        assert Mailing.objects.get().status == "draft"

    def test_an_editor_makes_no_mailing(self, client, editor):
        issue = make_issue()

        assertRedirects(
            client.post(desk(issue), {"languages": ["ru"]}), "/admin/", fetch_redirect_response=False
        )
        assertRedirects(client.get("/admin/newsletter/"), "/admin/", fetch_redirect_response=False)

        assert not Mailing.objects.exists()

    def test_others_of_the_staff_see_nothing(self, client):
        user = UserFactory(is_staff=True)
        user.user_permissions.add(Permission.objects.get(codename="access_admin"))
        client.force_login(user)
        issue, subscriber = make_issue(), make_subscriber()

        for path in (
            desk(issue),
            "/admin/newsletter/",
            f"/admin/snippets/home/subscriber/inspect/{subscriber.pk}/",
        ):
            response = client.get(path)
            assert response.status_code == 302, path
        assert client.post(f"{desk(issue)}test/", {"to": user.email}).status_code == 302
        assert mail.outbox == []

    def test_subscribers_are_looked_at_and_edited_by_nobody(self, client, owner):
        subscriber = make_subscriber("anna@example.com")
        base = "/admin/snippets/home/subscriber/"

        assertContains(client.get(base), "anna@example.com")
        assertContains(client.get(f"{base}inspect/{subscriber.pk}/"), "anna@example.com")
        for path in (f"{base}add/", f"{base}edit/{subscriber.pk}/"):
            assert client.post(path, {"email": "x@example.com", "status": "active"}).status_code == 302
        subscriber.refresh_from_db()
        assert subscriber.email == "anna@example.com"


class TestPages:
    @pytest.mark.parametrize("mode", ["letter", "text", "page"])
    def test_the_draft_is_previewed_in_every_mode(self, client, owner, mode):
        issue = make_issue()
        issue.title = "Черновик"
        issue.save_revision()
        response = client.get(f"/admin/pages/{issue.pk}/view_draft/")
        assertContains(response, "Черновик")

        preview = issue.get_latest_revision_as_object().make_preview_request(preview_mode=mode)

        assert preview.status_code == 200
        assert "Черновик" in preview.content.decode()

    def test_an_issue_under_way_is_not_deleted(self, client, owner):
        mailing = make_mailing()
        start(mailing)
        page = mailing.page

        for doomed in (page, page.get_parent()):
            response = client.post(f"/admin/pages/{doomed.pk}/delete/", follow=True)
            assert "error" in [message.level_tag for message in response.context["messages"]]
        bulk = f"/admin/bulk/wagtailcore/page/delete/?id={page.pk}"
        client.post(bulk)

        assert NewsletterPage.objects.filter(pk=page.pk).exists()
        assert Mailing.objects.get().status == "sending"

    def test_an_issue_that_was_sent_may_go_and_its_figures_stay(self, client, owner):
        mailing = make_mailing()
        Mailing.objects.update(
            status="done", scheduled_at=timezone.now(), started_at=timezone.now(), finished_at=timezone.now()
        )

        client.post(f"/admin/pages/{mailing.page_id}/delete/")

        assert not NewsletterPage.objects.exists()
        assertContains(client.get(at(mailing)), "Малина пошла")

    def test_the_editor_of_an_issue_leads_to_its_desk(self, client, owner):
        issue = make_issue()

        assertContains(client.get(f"/admin/pages/{issue.pk}/edit/"), desk(issue))
        assert Page.find_problems() == ([], [], [], [], [])
