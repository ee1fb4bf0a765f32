"""JSON API of orders, their bills, and the tasks that reject them. Other people's orders are not found."""

from datetime import datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from celery.result import AsyncResult
from django.core.cache import cache
from django.core.paginator import InvalidPage, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from kombu.exceptions import KombuError
from ninja import Router, Schema, Status
from ninja.renderers import JSONRenderer
from redis.exceptions import RedisError

from accounts.api_auth import get_verified_user, signed_in
from core.api import ApiError
from core.languages import get_active_language
from core.localized import localize
from core.tasks import is_broker_there
from payments.models import Bill
from payments.services import BillView, describe_bill
from shop.orders.models import Order
from shop.orders.services import NotRejectable, reject_order
from shop.orders.snapshots import read_own, read_own_bill_id, read_own_version, with_snapshot

router = Router(auth=signed_in)

PAGE_SIZE = 20
KEPT_SECONDS = 60
RENDERER = JSONRenderer()  # as the API's own answers are written
# How Celery describes a task it knows nothing of.
UNHEARD_OF = ("PENDING", None, None)


class OrderLineOut(Schema):
    """One line as it was sold."""

    berry: int
    pack: int
    title: str
    weight_g: int
    price: Decimal
    old_price: Decimal | None
    quantity: int
    discount: Decimal
    total: Decimal


class AdjustmentOut(Schema):
    """What was taken off, as the shopper was told: a `voucher` off the berries, or `free_delivery`."""

    kind: str
    code: str
    label: str
    amount: Decimal


class OrderUserOut(Schema):
    """Who ordered."""

    name: str
    email: str
    phone: str


class OrderBillOut(Schema):
    """The bill as the shop knows it; `GET …/bill/` asks its provider."""

    id: UUID
    status: str
    amount: Decimal
    currency: str
    pay_url: str
    create_time: datetime
    expire_time: datetime


class SlotOut(Schema):
    """When."""

    id: int
    starts_at: datetime
    ends_at: datetime


class OrderDeliveryOut(Schema):
    """Where to, when, and how far it is."""

    status: str
    zone: str
    slot: SlotOut
    address: dict[str, str]
    recipient: str
    phone: str
    comment: str
    price: Decimal


class OrderOut(Schema):
    """One order. `pay_url` is empty where there is nothing to be paid, or not yet."""

    number: str
    status: str
    items: list[OrderLineOut]
    goods_total: Decimal
    discount: Decimal
    adjustments: list[AdjustmentOut]
    delivery_price: Decimal
    total: Decimal
    currency: str
    user: OrderUserOut
    pay_url: str
    placed_at: datetime
    paid_at: datetime | None
    needs_refund: bool
    bill: OrderBillOut
    delivery: OrderDeliveryOut


class OrdersOut(Schema):
    """A page of orders."""

    count: int
    items: list[OrderOut]


class BillOut(Schema):
    """How the bill stands at its provider, at most a minute old; `stale`: the provider could not be asked."""

    amount: Decimal
    currency: str
    pay_url: str
    status: str
    create_time: datetime
    expire_time: datetime
    stale: bool


class RejectOut(Schema):
    """The task that closes the bill; `GET /tasks/{id}/` follows it."""

    reject_bill_task_id: str


class TaskOut(Schema):
    """How a task stands: PENDING, STARTED, RETRY, SUCCESS or FAILURE."""

    id: str
    status: str
    date_done: datetime | None
    result: dict[str, Any] | str | None


@router.get("/orders/", response=OrdersOut, url_name="orders", summary="Own orders")
def list_orders(request: HttpRequest, page: int = 1) -> OrdersOut:
    """Own orders, newest first, twenty a page."""
    orders = with_snapshot(Order.objects.for_user(get_verified_user(request)))
    try:
        found = Paginator(orders, PAGE_SIZE).page(page)
    except InvalidPage as error:
        raise Http404 from error
    return OrdersOut(count=found.paginator.count, items=[describe_order(order) for order in found])


@router.get("/orders/{number}/", response=OrderOut, url_name="order", summary="One order")
def read_order(request: HttpRequest, number: str) -> HttpResponse:
    """One of the own orders."""
    # Whose it is and as of when comes first, from the database each time; only then may the cache answer.
    user = get_verified_user(request)
    key = f"orders:json:{get_active_language()}:{read_own_version(user=user, number=number)}"
    text = cache.get(key)
    if text is None:
        order = describe_order(read_own(user=user, number=number))
        text = RENDERER.render(request, order.model_dump(), response_status=200)
        cache.set(key, text, count_seconds_to_keep(order))
    return HttpResponse(text, content_type="application/json; charset=utf-8")


@router.get("/orders/{number}/bill/", response=BillOut, url_name="order_bill", summary="The bill of an order")
def read_bill(request: HttpRequest, number: str) -> BillView:
    """How the bill stands at its provider."""
    # Whose it is comes first, from the database each time; only then may the cache answer.
    bill_id = read_own_bill_id(user=get_verified_user(request), number=number)
    return describe_bill(bill_id=bill_id)


@router.post("/orders/{number}/reject/", response={202: RejectOut}, url_name="order_reject", summary="Cancel")
def reject(request: HttpRequest, number: str) -> Status[RejectOut]:
    """Cancel an order that is not paid; its bill is closed by a task."""
    user = get_verified_user(request)
    order = get_object_or_404(Order.objects.for_user(user).with_details(), number=number)
    try:
        order = reject_order(order=order, by=user)
    except NotRejectable as error:
        detail = _("This order is paid or closed and can no longer be canceled.")
        raise ApiError(409, "not_rejectable", detail, status_now=error.order.status) from error
    return Status(202, RejectOut(reject_bill_task_id=order.reject_task_id))


@router.get("/tasks/{task_id}/", response=TaskOut, url_name="task", summary="A task of an own order")
def read_task(request: HttpRequest, task_id: UUID) -> TaskOut:
    """How the task that closes the bill of an own order stands."""
    orders = Order.objects.for_user(get_verified_user(request)).select_related("bill")
    order = get_object_or_404(orders, reject_task_id=str(task_id))
    return describe_task(str(task_id), order.bill)


def count_seconds_to_keep(order: OrderOut) -> float:
    """How long that is true of an order which nobody changes: the way to pay ends by the clock."""
    if not order.pay_url:
        return KEPT_SECONDS
    left = (order.bill.expire_time - timezone.now()).total_seconds()
    return max(min(left, KEPT_SECONDS), 0)


def describe_order(order: Order) -> OrderOut:
    """An order as JSON has it. It comes from `with_snapshot()`."""
    bill = order.bill
    pay_url = bill.pay_url if order.is_pending and bill.can_be_paid else ""
    return OrderOut(
        number=order.number,
        status=order.status,
        items=[OrderLineOut(**row) for row in order.line_rows],
        goods_total=order.goods_total,
        discount=order.discount,
        adjustments=[describe_adjustment(row) for row in order.adjustment_rows],
        delivery_price=order.delivery_price,
        total=order.total,
        currency=order.currency,
        user=OrderUserOut(name=order.name, email=order.email, phone=order.phone),
        pay_url=pay_url,
        placed_at=order.placed_at,
        paid_at=order.paid_at,
        needs_refund=order.needs_refund,
        bill=OrderBillOut(
            id=bill.pk,
            status=bill.status,
            amount=bill.amount,
            currency=bill.currency,
            pay_url=pay_url,
            create_time=bill.created_at,
            expire_time=bill.expires_at,
        ),
        delivery=describe_delivery(order),
    )


def describe_adjustment(row: dict[str, Any]) -> AdjustmentOut:
    """What was taken off as JSON has it, in the active language."""
    label = localize(SimpleNamespace(**row), "label")
    return AdjustmentOut(kind=row["kind"], code=row["code"], label=label, amount=row["amount"])


def describe_delivery(order: Order) -> OrderDeliveryOut:
    """A delivery as JSON has it."""
    delivery = order.delivery
    slot = delivery.slot
    return OrderDeliveryOut(
        status=delivery.status,
        zone=delivery.zone.name,
        slot=SlotOut(id=slot.pk, starts_at=slot.starts_at, ends_at=slot.ends_at),
        address=delivery.address_fields,
        recipient=delivery.recipient,
        phone=delivery.phone,
        comment=delivery.comment,
        price=delivery.price,
    )


def _look_up(task_id: str) -> tuple[str, datetime | None, Any]:
    """What Redis knows of the task: its status, when it was done, and what it returned or failed with."""
    if not is_broker_there():
        return UNHEARD_OF
    try:
        task = AsyncResult(task_id)
        return str(task.status), task.date_done, task.result
    except (KombuError, RedisError, OSError):
        return UNHEARD_OF


def describe_task(task_id: str, bill: Bill) -> TaskOut:
    """How the task stands; where Redis forgot it or is away, the bill says whether its work is done."""
    status, date_done, result = _look_up(task_id)
    if status == "PENDING" and bill.is_final:
        status, date_done, result = (
            "SUCCESS",
            bill.status_changed_at,
            {"bill": str(bill.pk), "status": bill.status},
        )
    if result is not None and not isinstance(result, dict):
        result = str(result)
    return TaskOut(id=task_id, status=status, date_done=date_done, result=result)
