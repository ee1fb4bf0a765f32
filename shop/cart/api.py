"""JSON API of the cart. `POST /cart/`, which places the order, joins this router from shop.checkout.api."""

from decimal import Decimal
from typing import Annotated

from django.http import HttpRequest
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from ninja import Router, Schema, Status
from pydantic import Field

from accounts.api_auth import get_verified_user, signed_in
from accounts.models import User
from core.api import ApiError
from shop.cart.forms import MAX_KEY
from shop.cart.models import MAX_QUANTITY
from shop.cart.problems import Problem
from shop.cart.services import (
    NotEnough,
    PackUnknown,
    add_to_cart,
    clear_cart,
    get_pack_quantities,
    remove_line,
    set_quantity,
)
from shop.cart.viewing import CartView, LineView, view_cart
from shop.catalog.models import Pack
from shop.vouchers.services import AppliedVoucher

# Django-ninja keeps one handler a path: whoever adds a method to one of these paths adds it to this router.
router = Router(auth=signed_in)

Quantity = Annotated[int, Field(ge=1, le=MAX_QUANTITY)]
PackId = Annotated[int, Field(ge=1, le=MAX_KEY)]


class BerryOut(Schema):
    """Which berry, in the request's language."""

    id: int
    title: str
    url: str
    image: str | None


class PackOut(Schema):
    """Which pack; `quantity` is how many the shop has left."""

    id: int
    weight_g: int
    quantity: int


class ProblemOut(Schema):
    """`gone`, `sold_out`, `only_left` keep the line out of the total, `price_changed` does not."""

    code: str
    detail: str
    left: int | None
    old_price: Decimal | None
    new_price: Decimal | None


class LineOut(Schema):
    """One line; `price` is what is paid, `total` what it adds to the cart's `goods_total`."""

    berry: BerryOut
    pack: PackOut
    quantity: int
    price: Decimal
    old_price: Decimal | None
    total: Decimal
    problem: ProblemOut | None


class VoucherOut(Schema):
    """The voucher on the cart. `problem` says why it takes nothing off now; `discount` is zero then."""

    code: str
    kind: str
    label: str
    discount: Decimal
    problem: str | None
    detail: str


class CartOut(Schema):
    """The cart as it stands now: `total` is `goods_total` less `discount`."""

    items: list[LineOut]
    goods_total: Decimal
    discount: Decimal
    voucher: VoucherOut | None
    total: Decimal
    currency: str


class AddIn(Schema):
    """The default pack, and one of it, where nothing is said."""

    pack: PackId | None = None
    quantity: Quantity = 1


class SetIn(Schema):
    """Exactly so many packs."""

    pack: PackId | None = None
    quantity: Quantity


@router.get("/cart/", response=CartOut, url_name="cart", summary="The cart")
def read_cart(request: HttpRequest) -> CartOut:
    """All lines with today's price, and what is wrong with any of them."""
    return describe(get_verified_user(request))


@router.delete("/cart/", response={204: None}, url_name="cart", summary="Empty the cart")
def empty_cart(request: HttpRequest) -> Status[None]:
    """Take everything out."""
    clear_cart(user=get_verified_user(request))
    return Status(204, None)


@router.post("/cart/{berry_id}/", response={201: CartOut}, url_name="cart_line", summary="Add a berry")
def add_berry(request: HttpRequest, berry_id: int, body: AddIn | None = None) -> Status[CartOut]:
    """Put packs of the berry into the cart; what is there already is added to."""
    user, wanted = get_verified_user(request), body or AddIn()
    refuse_no_object(request)
    pack_id = find_pack(berry_id, wanted.pack)
    try:
        add_to_cart(user=user, pack_id=pack_id, quantity=wanted.quantity)
    except PackUnknown as error:
        raise make_missing() from error
    except NotEnough as refusal:
        raise make_shortage(refusal) from refusal
    return Status(201, describe(user))


@router.patch("/cart/{berry_id}/", response=CartOut, url_name="cart_line", summary="Set a quantity")
def set_berry(request: HttpRequest, berry_id: int, body: SetIn) -> CartOut:
    """Make it exactly so many packs of a line that is in the cart."""
    user = get_verified_user(request)
    pack_id = find_line(user, berry_id, body.pack)
    try:
        set_quantity(user=user, pack_id=pack_id, quantity=body.quantity)
    except PackUnknown as error:
        raise make_missing() from error
    except NotEnough as refusal:
        raise make_shortage(refusal) from refusal
    return describe(user)


@router.delete("/cart/{berry_id}/", response={204: None}, url_name="cart_line", summary="Take a berry out")
def remove_berry(request: HttpRequest, berry_id: int) -> Status[None]:
    """Take all packs of the berry out."""
    user = get_verified_user(request)
    lines = find_lines(user, berry_id)
    if not lines:
        raise make_missing()
    for pack_id in lines:
        remove_line(user=user, pack_id=pack_id)
    return Status(204, None)


def refuse_no_object(request: HttpRequest) -> None:
    """Raise ApiError 422 for JSON that is no object: django-ninja takes it for an absent body."""
    if request.body.strip() not in {b"", b"null"} and not request.body.strip().startswith(b"{"):
        raise ApiError(422, "invalid", _("Please check the values you sent."))


def find_pack(berry_id: int, pack_id: int | None) -> int:
    """The pack that is meant: the named one of this berry, else its default. Raises ApiError 404."""
    packs = (
        Pack.objects.for_sale().filter(berry_id=check_key(berry_id)).order_by("-is_default", "weight_g", "pk")
    )
    pack = (packs.filter(pk=pack_id) if pack_id else packs).first()
    if pack is None:
        raise make_missing()
    return pack.pk


def find_line(user: User, berry_id: int, pack_id: int | None) -> int:
    """The pack of the berry's line: the named one, else the only one there is. Raises ApiError 404 or 422."""
    lines = find_lines(user, berry_id)
    if pack_id is None and len(lines) > 1:
        raise ApiError(
            422, "pack_required", _("The cart holds several packs of this berry: say which one you mean.")
        )
    chosen = [line for line in lines if pack_id in (None, line)]
    if not chosen:
        raise make_missing()
    return chosen[0]


def find_lines(user: User, berry_id: int) -> list[int]:
    """The packs of the berry that are in the cart."""
    packs = Pack.objects.filter(berry_id=check_key(berry_id), pk__in=get_pack_quantities(user))
    return list(packs.order_by("pk").values_list("pk", flat=True))


def check_key(key: int) -> int:
    """The key, if a row can have it. Raises ApiError 404."""
    if not 1 <= key <= MAX_KEY:
        raise make_missing()
    return key


def make_missing() -> ApiError:
    """404: no such berry or pack, or not where it was asked for."""
    return ApiError(404, "not_found", _("There is no such berry here."))


def make_shortage(refusal: NotEnough) -> ApiError:
    """409: there is less than was asked for; nothing was changed."""
    left = refusal.left
    detail = ngettext("There is only %(left)s pack left.", "There are only %(left)s packs left.", left)
    return ApiError(409, "not_enough", detail % {"left": left}, left=left)


def describe(user: User) -> CartOut:
    """The user's cart as JSON has it."""
    cart: CartView = view_cart(user, get_language() or "ru")
    return CartOut(
        items=[describe_line(line) for line in cart.lines],
        goods_total=cart.goods_total,
        discount=cart.discount,
        voucher=describe_voucher(cart.voucher) if cart.voucher else None,
        total=cart.total,
        currency=cart.currency,
    )


def describe_voucher(voucher: AppliedVoucher) -> VoucherOut:
    """The cart's voucher as JSON has it."""
    refusal = voucher.refusal
    return VoucherOut(
        code=voucher.code,
        kind=voucher.kind,
        label=voucher.label,
        discount=voucher.discount,
        problem=str(refusal.reason) if refusal else None,
        detail=refusal.message if refusal else "",
    )


def describe_line(line: LineView) -> LineOut:
    """One line as JSON has it."""
    image = line.image.url if line.image else None
    return LineOut(
        berry=BerryOut(id=line.berry_id, title=line.title, url=line.url, image=image),
        pack=PackOut(id=line.pack_id, weight_g=line.weight_g, quantity=line.left),
        quantity=line.quantity,
        price=line.price,
        old_price=line.usual_price,
        total=line.total,
        problem=describe_problem(line.problem) if line.problem else None,
    )


def describe_problem(problem: Problem) -> ProblemOut:
    """One problem as JSON has it."""
    return ProblemOut(
        code=problem.kind,
        detail=problem.message,
        left=problem.left,
        old_price=problem.old_price,
        new_price=problem.new_price,
    )
