"""Where somebody is signed in, when each of those was last used, and ending them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from accounts.clients import get_ip_address
from accounts.models import User

# A visit is written down at most so often: it costs a query.
NOTE_AGAIN_AFTER = timedelta(minutes=10)
NOTED = "visit_noted"


@dataclass(frozen=True, slots=True)
class Visit:
    """One place where somebody is signed in."""

    session: UserSession
    is_current: bool


def note_visit(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: write down when, from where and with what a session was last used.

    Sessions that a page did not look at stay unseen, so that pages for everybody stay the same for everybody.
    """

    def note(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        session = getattr(request, "session", None)
        if session is not None and session.accessed and request.user.is_authenticated and is_due(session):
            write_visit(request)
        return response

    return note


def is_due(session: Any) -> bool:
    """Whether the session's last note is old enough for another."""
    noted = session.get(NOTED, 0)
    return timezone.now().timestamp() - noted > NOTE_AGAIN_AFTER.total_seconds()


def write_visit(request: HttpRequest) -> None:
    """Note that the session is used now; one that was never listed (an old one) is listed."""
    address = get_ip_address(request)
    key = request.session.session_key
    if address is None or key is None:
        return
    length = UserSession._meta.get_field("user_agent").max_length
    values = {
        "ip": address,
        "user_agent": request.headers.get("User-Agent", "")[:length],
        "last_seen_at": timezone.now(),
    }
    request.session[NOTED] = timezone.now().timestamp()
    if not UserSession.objects.filter(session_key=key).update(**values):
        UserSession.objects.get_or_create(session_key=key, defaults={"user": request.user, **values})


def list_visits(*, user: User, current: str | None) -> list[Visit]:
    """Where the user is signed in: this place first, then the last seen; two queries however many.

    Those that have ended are forgotten.
    """
    listed = list(UserSession.objects.filter(user=user).order_by("-last_seen_at", "-pk"))
    alive = find_alive(user, [session.session_key for session in listed])
    dead = [session.pk for session in listed if session.session_key not in alive]
    if dead:
        UserSession.objects.filter(pk__in=dead).delete()
    visits = [Visit(session, session.session_key == current) for session in listed if session.pk not in dead]
    return sorted(visits, key=lambda visit: not visit.is_current)


def find_alive(user: User, keys: list[str]) -> set[str]:
    """Those keys whose session has not run out, and was made with the password that is the user's now."""
    sessions = Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now())
    secret = user.get_session_auth_hash()
    return {
        session.session_key
        for session in sessions
        if constant_time_compare(session.get_decoded().get(HASH_SESSION_KEY, ""), secret)
    }


def end_session(*, user: User, session_id: int) -> bool:
    """Sign the user out in one place; whether there was such a place of theirs."""
    session = UserSession.objects.filter(user=user, pk=session_id).first()
    if session is None:
        return False
    session.end()
    return True


def end_sessions(*, user: User, but: str | None = None) -> int:
    """Sign the user out everywhere, but for the session with that key; in how many places."""
    sessions = UserSession.objects.filter(user=user).exclude(session_key=but or "")
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    keys = list(sessions.values_list("session_key", flat=True))
    for key in keys:
        store.delete(key)
    sessions.delete()
    return len(keys)
