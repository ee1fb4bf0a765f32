"""The stops of a courier's day, and what they may do at each."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import quote, urlencode

from django.db.models import Q, QuerySet

from accounts.models import User
from accounts.phones import format_phone
from shop.delivery.models import Delivery, DeliverySlot, DeliveryZone
from shop.orders.courier.links import Round
from shop.orders.models import Order
from shop.orders.moves import Move, list_moves

Status = Delivery.Status
# Ahead, under way, done: what a courier has to do with.
SHOWN = (Status.HANDED_OVER, Status.ON_THE_WAY, Status.DELIVERED, Status.FAILED)
MOVES = frozenset({Move.SET_OFF, Move.DELIVER, Move.FAIL})
MAP = "https://yandex.ru/maps/"


@dataclass(frozen=True, slots=True)
class Stop:
    """One stop: an order with its delivery, and the moves the courier may make."""

    order: Order
    moves: list[Move]

    @property
    def delivery(self) -> Delivery:
        """Where to, when, for whom."""
        return self.order.delivery

    @property
    def is_done(self) -> bool:
        """Whether nothing more is to be done here."""
        return self.delivery.status in {Status.DELIVERED, Status.FAILED}

    @property
    def phone_label(self) -> str:
        """The number as people read it."""
        return format_phone(self.delivery.phone)

    @property
    def packs(self) -> int:
        """How many packs are handed over."""
        return sum(line.quantity_left for line in self.order.lines.all())

    @property
    def place(self) -> str:
        """The address as maps understand it: no flat."""
        delivery = self.delivery
        return f"{delivery.city}, {delivery.street}, {delivery.house}"

    @property
    def geo_url(self) -> str:
        """Opens whatever navigates on this phone."""
        return f"geo:0,0?q={quote(self.place)}"

    @property
    def map_url(self) -> str:
        """The place on a map, for phones that don't know `geo:`."""
        return f"{MAP}?{urlencode({'text': self.place})}"

    @property
    def may_set_off(self) -> bool:
        """Whether the courier may say that they are on the way."""
        return Move.SET_OFF in self.moves

    @property
    def may_finish(self) -> bool:
        """Whether the courier may say how it ended."""
        return Move.DELIVER in self.moves


def list_stops(round_: Round) -> list[Stop]:
    """The stops of the round, in the order of their slots, what is done last; two queries."""
    orders = _find_orders(round_.courier, round_.day).order_by("delivery__slot__starts_at", "number")
    stops = [make_stop(order) for order in orders]
    return sorted(stops, key=lambda stop: stop.is_done)


def find_stop(round_: Round, number: str) -> Stop | None:
    """One stop of the round; None for an order that is not on it."""
    order = _find_orders(round_.courier, round_.day).filter(number=number).first()
    return make_stop(order) if order else None


def make_stop(order: Order) -> Stop:
    """The stop of an order, with what a courier may do there."""
    return Stop(order, [move for move in list_moves(order) if move in MOVES])


def _find_orders(courier: User, day: date) -> QuerySet[Order]:
    """The courier's own, and those that nobody has taken yet."""
    own = Q(delivery__courier=courier) | Q(delivery__courier=None)
    orders = Order.objects.filter(
        own,
        delivery__kind=DeliveryZone.Kind.COURIER,
        delivery__status__in=SHOWN,
        delivery__slot__in=DeliverySlot.objects.on_day(day),
    )
    return orders.select_related("delivery__slot", "delivery__zone").prefetch_related("lines")
