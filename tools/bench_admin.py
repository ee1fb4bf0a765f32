"""`make bench-admin`: how long staff wait for the list of orders when there are 100,000 of them.

The list is measured inside the application (`tools/bench_kit.py` says what that holds), as a manager sees it:
plain, filtered and searched, beside Wagtail's own page explorer and a trivial view in the same run.
`ARGS="--orders 5000"` makes it smaller. The database is the benchmark's own and goes with it.
"""

import argparse
import os
import sys
import time
from typing import Any

from tools.bench_admin_orders import grow_orders
from tools.bench_kit import Browser, Figures, measure, measure_yardstick, own_database, print_table, sign_in

ORDERS = 100_000
BERRIES = 200
RUNS = 20
GOAL_MS = 500
LIST = "/admin/snippets/shop/order/"


def describe_pages() -> dict[str, str]:
    """The addresses, with an order's number, phone and e-mail address in them."""
    from django.utils import timezone  # noqa: PLC0415 (Django has to be set up first)

    from shop.catalog.pages import CatalogPage  # noqa: PLC0415
    from shop.orders.models import Order  # noqa: PLC0415

    order = Order.objects.order_by("pk")[Order.objects.count() // 2]
    zone, slot = order.delivery.zone_id, order.delivery.slot_id
    today = timezone.localdate().isoformat()
    catalog = CatalogPage.objects.order_by("pk")[0].pk
    return {
        "page explorer of Wagtail": f"/admin/pages/{catalog}/",
        "orders": LIST,
        "orders, page 500": f"{LIST}?p=500",
        "orders, by total": f"{LIST}?ordering=-total",
        "orders, paid": f"{LIST}?status=paid",
        "orders, delivered": f"{LIST}?status=delivered",
        "orders, being packed": f"{LIST}?delivery=packing",
        "orders, today": f"{LIST}?day={today}",
        "orders, one slot": f"{LIST}?slot={slot}",
        "orders, one zone": f"{LIST}?zone={zone}",
        "orders, refund due": f"{LIST}?money=due",
        "orders, does not match": f"{LIST}?money=mismatch",
        "orders, number": f"{LIST}?q={order.number}",
        "orders, last 4 digits": f"{LIST}?q={order.phone[-4:]}",
        "orders, phone": f"{LIST}?q=8 ({order.phone[2:5]}) {order.phone[5:]}".replace(" ", "%20"),
        "orders, e-mail": f"{LIST}?q={order.email}",
        "orders, name": f"{LIST}?q=%D0%9A%D0%BB%D1%8E%D0%BA%D0%B2%D0%B8%D0%BD",
        "one order": f"{LIST}inspect/{order.pk}/",
        "packing list": "/admin/packing/",
    }


def measure_pages(manager: Browser) -> list[Figures]:
    """Each page, after a first look that fills the caches."""
    figures = []
    for name, path in describe_pages().items():
        manager.get(path)
        figures.append(measure(name, RUNS, lambda path=path: manager.get(path)))  # type: ignore[misc]
    return figures


def make_manager() -> Any:
    """Somebody who may see everything, so that all buttons are drawn."""
    from accounts.models import User  # noqa: PLC0415 (Django has to be set up first)

    return User.objects.create_superuser(email="bench@example.org", password=None)


def main() -> int:
    """Load, measure, print."""
    parser = argparse.ArgumentParser(description="Measure the admin's list of orders.")
    parser.add_argument("--orders", type=int, default=ORDERS)
    count = parser.parse_args().orders
    with own_database("_bench_admin"):
        from django.core.management import call_command  # noqa: PLC0415 (Django is set up now)
        from django.utils import timezone  # noqa: PLC0415

        started = time.monotonic()
        call_command("load_demo", berries=BERRIES, verbosity=0)
        grow_orders(count, timezone.now())
        print(f"\n{count:,} orders, loaded in {time.monotonic() - started:.0f} s")
        figures = measure_pages(sign_in(make_manager()))
        print_table(figures, measure_yardstick(RUNS * 5), note="")
    slowest = find_slowest(figures)
    print(f"\nThe slowest list, {slowest.name}: p95 {slowest.p95:.0f} ms (goal: {GOAL_MS}).")
    print(f"Load of the machine meanwhile: {os.getloadavg()[0]:.1f}.")
    return judge(slowest, count)


def find_slowest(figures: list[Figures]) -> Figures:
    """The list that keeps staff waiting longest; Wagtail's explorer and the pages of one order are none."""
    return max((one for one in figures if one.name.startswith("orders")), key=lambda one: one.p95)


def judge(slowest: Figures, count: int) -> int:
    """What the program ends with: the goal is one for so many orders, fewer or more prove nothing."""
    return int(count == ORDERS and slowest.p95 > GOAL_MS)


if __name__ == "__main__":
    sys.exit(main())
