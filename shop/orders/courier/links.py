"""Links that open one courier's stops of one day, without signing in; they die with the day."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.core import signing
from django.utils import timezone

from accounts.models import User

SALT = "shop.orders.courier"
MAY_CARRY = "shop.carry_delivery"


class LinkInvalid(Exception):
    """The link is forged, too old, or its courier is one no longer."""


@dataclass(frozen=True, slots=True)
class Round:
    """Whose stops, and of which day in the shop's time zone."""

    courier: User
    day: date


def make_link_token(*, courier: User, day: date) -> str:
    """What a link carries: who and which day, signed."""
    return signing.dumps({"courier": courier.pk, "day": day.isoformat()}, salt=SALT)


def read_link_token(token: str) -> Round:
    """Who and which day a link is for. Raises LinkInvalid."""
    try:
        facts = signing.loads(token, salt=SALT)
        day = date.fromisoformat(facts["day"])
        courier = User.objects.get(pk=facts["courier"], is_active=True)
    except (signing.BadSignature, User.DoesNotExist, KeyError, TypeError, ValueError) as error:
        raise LinkInvalid from error
    if timezone.now() > get_end(day) or not courier.has_perm(MAY_CARRY):
        raise LinkInvalid
    return Round(courier, day)


def get_end(day: date) -> datetime:
    """When the links of a day die: some hours into the next one, for who drives late."""
    midnight = timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
    return midnight + timedelta(hours=settings.COURIER_LINK_HOURS)


def list_couriers() -> list[User]:
    """Everybody who has the courier's role, by name."""
    role = User.objects.filter(is_active=True, groups__permissions__codename="carry_delivery")
    return list(
        role.exclude(groups__permissions__codename="change_delivery").distinct().order_by("name", "pk")
    )
