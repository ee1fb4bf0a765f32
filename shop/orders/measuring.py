"""A paid order as counters of visits are told of it: goods and sums, nothing of the buyer."""

from typing import Any

from shop.orders.models import Order


def describe_purchase(order: Order) -> dict[str, Any]:
    """The goods and what they cost; delivery is no revenue of the goods."""
    products = [
        {
            "id": str(line.pack_id),
            "name": line.title,
            "variant": f"{line.weight_g} g",
            "price": float(line.price),
            "quantity": line.quantity,
        }
        for line in order.lines.all()
    ]
    total = {"id": order.number, "revenue": float(order.total), "shipping": float(order.delivery_price)}
    return {"event": "purchase", "order": total, "products": products}
