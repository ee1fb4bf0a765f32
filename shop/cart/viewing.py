"""What the cart says about itself: every line with today's price, what is wrong with it, and the sums."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import override

from accounts.models import User
from core.money import round_money
from shop.cart.models import MAX_QUANTITY, CartLine
from shop.cart.problems import Problem, find_problem
from shop.catalog.cards import BerryTitle, get_titles
from shop.catalog.renditions import Picture
from shop.catalog.services import Offer, get_offers
from shop.vouchers.services import AppliedVoucher, History, apply_voucher

CURRENCY = "RUB"


@dataclass(frozen=True, slots=True)
class LineView:
    """One line as it stands now; `total` is what it adds to the cart's: nothing while it can't be bought."""

    line_id: int
    berry_id: int
    pack_id: int
    title: str
    url: str
    image: Picture | None
    weight_g: int
    quantity: int
    price: Decimal
    price_per_kg: Decimal
    price_seen: Decimal
    total: Decimal
    problem: Problem | None
    is_buyable: bool
    left: int
    usual_price: Decimal | None = None
    price_reason: str = ""

    @property
    def old_price(self) -> Decimal | None:
        """The price to strike out: what the shopper saw, where it is not today's, else the usual one."""
        return self.price_seen if self.price_seen != self.price else self.usual_price

    @property
    def most(self) -> int:
        """The most packs that may be asked for."""
        return min(self.left, MAX_QUANTITY)


@dataclass(frozen=True, slots=True)
class CartView:
    """The whole cart as it stands now; `count` is the packs in it, `goods_total` what those cost that can be
    bought, and `voucher` what takes something off that.
    """

    lines: list[LineView]
    goods_total: Decimal
    currency: str
    count: int
    voucher: AppliedVoucher | None = None

    @property
    def discount(self) -> Decimal:
        """What the voucher takes off the berries."""
        return self.voucher.discount if self.voucher else Decimal("0.00")

    @property
    def total(self) -> Decimal:
        """What the berries cost after that; delivery comes on top."""
        return self.goods_total - self.discount

    @property
    def problems(self) -> list[Problem]:
        """The problems of all lines, in the lines' order."""
        return [line.problem for line in self.lines if line.problem]

    @property
    def buyable(self) -> list[LineView]:
        """The lines that an order would take."""
        return [line for line in self.lines if line.is_buyable]

    @property
    def packs(self) -> int:
        """How many packs an order would take."""
        return sum(line.quantity for line in self.buyable)

    @property
    def left_out(self) -> int:
        """How many lines an order would leave out."""
        return len(self.lines) - len(self.buyable)


def view_cart(user: User, language: str) -> CartView:
    """The cart with today's prices and stock, worded in the language. A constant number of queries."""
    rows = list(CartLine.objects.for_user(user).with_voucher().select_related("pack__berry"))
    offers = get_offers([row.pack_id for row in rows])
    titles = get_titles([row.pack.berry_id for row in rows], language)
    with override(language):
        lines = [view_line(row, offers[row.pack_id], titles[row.pack.berry_id]) for row in rows]
        goods_total = sum((line.total for line in lines), Decimal(0))
        voucher = view_voucher(rows, goods_total)
    count = sum(line.quantity for line in lines)
    return CartView(lines=lines, goods_total=goods_total, currency=CURRENCY, count=count, voucher=voucher)


def view_line(row: CartLine, offer: Offer, title: BerryTitle) -> LineView:
    """One line, from its row and what is known of its pack now."""
    problem = find_problem(offer=offer, quantity=row.quantity, price_seen=row.price_seen)
    is_buyable = problem is None or not problem.is_blocking
    return LineView(
        line_id=row.pk,
        berry_id=row.pack.berry_id,
        pack_id=row.pack_id,
        title=title.title,
        url=title.url,
        image=title.image,
        weight_g=row.pack.weight_g,
        quantity=row.quantity,
        price=offer.price,
        price_per_kg=offer.price_per_kg,
        price_seen=row.price_seen,
        total=round_money(offer.price * row.quantity) if is_buyable else Decimal(0),
        problem=problem,
        is_buyable=is_buyable,
        left=offer.left if offer.is_for_sale else 0,
        usual_price=offer.old_price,
        price_reason=offer.price_reason,
    )


def view_voucher(rows: Sequence[CartLine], goods_total: Decimal) -> AppliedVoucher | None:
    """What the cart's voucher does for berries of that sum; rows come from `with_voucher()`."""
    voucher = rows[0].cart.voucher if rows else None
    if voucher is None:
        return None
    history = History(uses=rows[0].voucher_uses, has_ordered=rows[0].has_ordered)
    return apply_voucher(voucher, goods_total=goods_total, history=history)
