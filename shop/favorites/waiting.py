"""Asking to be told when a berry is back, confirming, withdrawing. Never says whether an address is known."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from core.limits import is_too_often
from core.links import CONFIRM_SECONDS
from core.outbox import post_mail
from core.seller import get_seller
from shop.catalog.cards import get_titles
from shop.catalog.models import Berry
from shop.favorites.links import make_confirm_url, make_leave_url
from shop.favorites.models import Waiting
from shop.favorites.services import BerryUnknown

Moment = Waiting.Moment
Status = Waiting.Status

# A request gets no second letter before this time, however often the form is sent.
WRITE_AGAIN_AFTER = timedelta(minutes=5)
# Nor does an address get more than so many letters that ask to confirm, for whatever berries, in an hour.
MOST_LETTERS, WINDOW_SECONDS = 5, 3600
# What nobody confirmed, and what came to its end, is forgotten after this time.
FORGET_UNCONFIRMED_AFTER = timedelta(days=7)
FORGET_ENDED_AFTER = timedelta(days=90)


@transaction.atomic
def ask_as_shopper(*, user: User, berry_id: int, moment: str, language: str, ip_address: str | None) -> bool:
    """Have a shopper with a confirmed address told when the berry is back; whether that is a new request.

    Raises BerryUnknown.
    """
    waiting, is_new = _find_or_make(user.email, berry_id, moment, language, ip_address)
    if waiting.status == Status.PENDING:
        _activate(waiting)
        return True
    return is_new


@transaction.atomic
def ask_as_guest(*, email: str, berry_id: int, moment: str, language: str, ip_address: str | None) -> None:
    """Take up that somebody wants a letter to the address, and write there to ask whether it is true.

    Does the same for every address; who waits already is told so, by mail. Raises BerryUnknown.
    """
    waiting, _is_new = _find_or_make(email, berry_id, moment, language, ip_address)
    now = timezone.now()
    if waiting.written_at and waiting.written_at > now - WRITE_AGAIN_AFTER:
        return
    if is_too_often("waiting-letter", waiting.email.lower(), most=MOST_LETTERS, seconds=WINDOW_SECONDS):
        return
    waiting.written_at = now
    waiting.save(update_fields=["written_at"])
    _write(waiting, now)


@transaction.atomic
def confirm_waiting(*, key: UUID) -> Waiting | None:
    """Let the request count from now on; None where there is nothing to confirm any more.

    One that counts already stays as it is, and keeps its place in the line.
    """
    waiting = _lock(key)
    if waiting is None or not waiting.is_open:
        return None
    if waiting.status == Status.PENDING:
        _activate(waiting)
    return waiting


@transaction.atomic
def withdraw_waiting(*, key: UUID) -> Waiting | None:
    """Write no letter for the request, from this moment on; None for one that does not exist.

    A second time changes nothing, and one that was told stays so.
    """
    waiting = _lock(key)
    if waiting is not None and waiting.is_open:
        waiting.status, waiting.ended_at = Status.WITHDRAWN, timezone.now()
        waiting.save(update_fields=["status", "ended_at"])
    return waiting


def list_waits(user: User) -> list[Waiting]:
    """What the shopper waits for, the newest first."""
    return list(Waiting.objects.active().for_email(user.email).order_by("-asked_at", "-pk"))


def list_berry_waits(user: User, berry_id: int) -> list[Waiting]:
    """What the shopper waits for of one berry."""
    return list(Waiting.objects.active().for_email(user.email).filter(berry=berry_id).order_by("moment"))


def withdraw_own(*, user: User, waiting_id: int) -> bool:
    """Withdraw a request of the shopper's own address; whether there was such a one."""
    found = Waiting.objects.for_email(user.email).filter(pk=waiting_id).values_list("key", flat=True).first()
    return found is not None and withdraw_waiting(key=found) is not None


def forget_old(now: datetime) -> int:
    """Delete the addresses that are no longer needed; how many requests."""
    stale = Waiting.objects.never_confirmed(now - FORGET_UNCONFIRMED_AFTER)
    ended = Waiting.objects.over(now - FORGET_ENDED_AFTER)
    return stale.delete()[0] + ended.delete()[0]


def _find_or_make(
    email: str, berry_id: int, moment: str, language: str, ip_address: str | None
) -> tuple[Waiting, bool]:
    """The open request of the address, locked, and whether it is new. Raises BerryUnknown."""
    if not Berry.objects.active().filter(pk=berry_id).exists():
        raise BerryUnknown(berry_id)
    email = email.strip()
    waiting = Waiting(
        berry_id=berry_id,
        email=email,
        language=language,
        moment=moment,
        ip_address=ip_address,
        policy_version=get_seller().privacy_version,
    )
    found = Waiting.objects.open().for_email(email).filter(berry=berry_id, moment=moment)
    known = found.select_for_update().first()
    if known is not None:
        return known, False
    try:
        with transaction.atomic():
            waiting.save(force_insert=True)
    except IntegrityError:  # the same form came twice at once
        return found.select_for_update().get(), False
    return waiting, True


def _lock(key: UUID) -> Waiting | None:
    return Waiting.objects.select_for_update(of=("self",)).select_related("berry").filter(key=key).first()


def _activate(waiting: Waiting) -> None:
    waiting.status, waiting.confirmed_at = Status.ACTIVE, timezone.now()
    waiting.save(update_fields=["status", "confirmed_at"])


def _write(waiting: Waiting, now: datetime) -> None:
    """Ask to confirm, or say that there is nothing to confirm any more."""
    title = get_titles([waiting.berry_id], waiting.language)[waiting.berry_id].title
    post_mail(
        template="favorites/confirm" if waiting.status == Status.PENDING else "favorites/known",
        context={
            "title": title,
            "moment": waiting.moment,
            "confirm_url": make_confirm_url(waiting),
            "leave_url": make_leave_url(waiting),
            "hours": CONFIRM_SECONDS // 3600,
        },
        to=waiting.email,
        language=waiting.language,
        key=f"waiting:{waiting.pk}:asked:{now:%Y%m%d%H%M%S%f}",
        good_for=timedelta(seconds=CONFIRM_SECONDS),
    )
