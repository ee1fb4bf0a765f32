"""What must hold at any moment, whatever failed: stock, slots, sums, money, deliveries and cheques agree.

Each check is one statement that asks the database who breaks its rule: a subject, and what is wrong with it.
A statement sees one moment of the database, so the checks may run while people buy. What constraints hold (an
order's total, a line's total, one cheque an order, one order a bill) is not asked for again.
"""

from dataclasses import dataclass

from django.db import connection

CHECKS = {
    # --- Stock ------------------------------------------------------------------
    "what is left of a lot is the sum of its movements": """
        SELECT 'lot ' || lot.id,
            format('left %s, movements %s', lot.left, coalesce(sum(movement.quantity), 0))
        FROM shop_lot lot LEFT JOIN shop_stockmovement movement ON movement.lot_id = lot.id
        GROUP BY lot.id HAVING lot.left <> coalesce(sum(movement.quantity), 0)""",
    "a lot was received once": """
        SELECT 'lot ' || lot.id, format('received %s, in %s movements', lot.received, count(movement.id))
        FROM shop_lot lot
        LEFT JOIN shop_stockmovement movement ON movement.lot_id = lot.id AND movement.kind = 'received'
        GROUP BY lot.id HAVING count(movement.id) <> 1 OR lot.received <> sum(movement.quantity)""",
    "the lots of an order line are as many packs as were bought and not taken off again": """
        SELECT 'order ' || o.number, format(
            'line %s: bought %s, taken off %s, of lots %s',
            line.id, line.quantity, line.quantity_returned, line.lots)
        FROM shop_orderline line JOIN shop_order o ON o.id = line.order_id
        WHERE line.quantity - line.quantity_returned <> (
            SELECT coalesce(sum((lot ->> 1)::int), 0) FROM jsonb_array_elements(line.lots) lot
        )""",
    "an order holds its packs exactly as long as they are to be delivered": """
        WITH wanted AS (
            SELECT o.number, (lot ->> 0)::bigint lot_id, sum((lot ->> 1)::int) packs
            FROM shop_order o
            JOIN shop_delivery delivery ON delivery.id = o.delivery_id AND delivery.status <> 'canceled'
            JOIN shop_orderline line ON line.order_id = o.id
            CROSS JOIN jsonb_array_elements(line.lots) lot
            GROUP BY o.number, lot_id
        ), held AS (
            SELECT reference AS number, lot_id, -sum(quantity) packs FROM shop_stockmovement
            WHERE kind IN ('sold', 'returned') AND reference LIKE 'AB-%'
            GROUP BY reference, lot_id
        )
        SELECT 'order ' || number,
            format('lot %s: %s wanted, %s held', lot_id, coalesce(wanted.packs, 0), coalesce(held.packs, 0))
        FROM wanted FULL JOIN held USING (number, lot_id)
        WHERE coalesce(wanted.packs, 0) <> coalesce(held.packs, 0)""",
    # --- Delivery ---------------------------------------------------------------
    "as many places of a slot are taken as deliveries hold one": """
        SELECT 'slot ' || slot.id, format('taken %s, held by %s', slot.taken, count(delivery.id))
        FROM shop_deliveryslot slot
        LEFT JOIN shop_delivery delivery ON delivery.slot_id = slot.id AND delivery.status <> 'canceled'
        GROUP BY slot.id HAVING slot.taken <> count(delivery.id)""",
    "a delivery belongs to an order": """
        SELECT 'delivery ' || delivery.id, format('%s, of no order', delivery.status)
        FROM shop_delivery delivery
        WHERE NOT EXISTS (SELECT FROM shop_order o WHERE o.delivery_id = delivery.id)""",
    "a delivery begins when its order is paid and is canceled when it is given up": """
        SELECT 'order ' || o.number, format('order %s, delivery %s', o.status, delivery.status)
        FROM shop_order o JOIN shop_delivery delivery ON delivery.id = o.delivery_id
        WHERE CASE
            WHEN o.status = 'pending' THEN delivery.status <> 'waiting'
            WHEN o.status IN ('rejected', 'expired') THEN delivery.status <> 'canceled'
            WHEN o.status = 'refunded' THEN delivery.status IN ('waiting', 'packing')
            WHEN delivery.status = 'canceled' THEN o.status <> 'paid' OR NOT EXISTS (
                SELECT FROM shop_orderevent event WHERE event.order_id = o.id AND event.event = 'canceled'
            )
            ELSE delivery.status = 'waiting'
        END""",
    # --- Sums -------------------------------------------------------------------
    "the goods of an order cost what its lines cost": """
        SELECT 'order ' || o.number, format(
            'goods %s less %s, lines %s', o.goods_total, o.discount, coalesce(sum(line.total), 0))
        FROM shop_order o LEFT JOIN shop_orderline line ON line.order_id = o.id
        GROUP BY o.id HAVING o.goods_total - o.discount <> coalesce(sum(line.total), 0)""",
    "a discount is the sum of its parts, and has a label": """
        SELECT 'order ' || o.number, format('discount %s, parts %s', o.discount, sum(line.discount))
        FROM shop_order o LEFT JOIN shop_orderline line ON line.order_id = o.id
        GROUP BY o.id HAVING o.discount <> coalesce(sum(line.discount), 0) OR o.discount <> (
            SELECT coalesce(sum(amount), 0) FROM shop_orderadjustment
            WHERE order_id = o.id AND kind = 'voucher')""",
    "a voucher was used as often as orders hold a use of it": """
        SELECT 'voucher ' || voucher.code, format('used %s, held by %s', voucher.used, count(held.id))
        FROM shop_voucher voucher
        LEFT JOIN shop_voucheruse held ON held.voucher_id = voucher.id AND held.returned_at IS NULL
        GROUP BY voucher.id HAVING voucher.used <> count(held.id)""",
    "an order holds its voucher exactly as long as it is to be delivered": """
        SELECT 'order ' || o.number, format('delivery %s, given back %s', delivery.status, held.returned_at)
        FROM shop_order o
        JOIN shop_delivery delivery ON delivery.id = o.delivery_id
        JOIN shop_voucheruse held ON held.reference = o.number
        WHERE (delivery.status = 'canceled') <> (held.returned_at IS NOT NULL)""",
    "a delivery costs what its order says": """
        SELECT 'order ' || o.number, format('order %s, delivery %s', o.delivery_price, delivery.price)
        FROM shop_order o JOIN shop_delivery delivery ON delivery.id = o.delivery_id
        WHERE o.delivery_price <> delivery.price""",
    "a bill asks for what its order costs": """
        SELECT 'order ' || o.number,
            format('order %s %s, bill %s %s', o.total, o.currency, bill.amount, bill.currency)
        FROM shop_order o JOIN payments_bill bill ON bill.id = o.bill_id
        WHERE o.total <> bill.amount OR o.currency <> bill.currency""",
    "the lines of a fiscal receipt cost what its bill asks for": """
        SELECT 'bill ' || bill.id, format('bill %s, receipt %s', bill.amount, receipt.total)
        FROM payments_bill bill
        CROSS JOIN LATERAL (
            SELECT coalesce(sum((line ->> 'unit_price')::numeric * (line ->> 'quantity')::int), 0) AS total
            FROM jsonb_array_elements(bill.receipt -> 'lines') line
        ) receipt
        WHERE jsonb_typeof(bill.receipt) = 'object' AND receipt.total <> bill.amount""",
    # --- Money ------------------------------------------------------------------
    "a bill belongs to an order": """
        SELECT 'bill ' || bill.id, format('%s, of no order', bill.status)
        FROM payments_bill bill WHERE NOT EXISTS (SELECT FROM shop_order o WHERE o.bill_id = bill.id)""",
    "an order is paid exactly when its bill is": """
        SELECT 'order ' || o.number, format('order %s, paid %s; bill %s', o.status, o.paid_at, bill.status)
        FROM shop_order o JOIN payments_bill bill ON bill.id = o.bill_id
        WHERE (o.paid_at IS NOT NULL) <> (bill.status = 'paid')""",
    "an order waits for its money only while its bill can be paid": """
        SELECT 'order ' || o.number, format('order %s, bill %s', o.status, bill.status)
        FROM shop_order o JOIN payments_bill bill ON bill.id = o.bill_id
        WHERE o.status = 'pending' AND bill.status NOT IN ('created', 'waiting')""",
    "the bill of an order that was given up is closed or about to be": """
        SELECT 'order ' || o.number, format('order %s, bill %s', o.status, bill.status)
        FROM shop_order o JOIN payments_bill bill ON bill.id = o.bill_id
        WHERE o.status IN ('rejected', 'expired') AND bill.status IN ('created', 'waiting')
            AND bill.reject_requested_at IS NULL""",
    "an order is placed once and paid once": """
        SELECT 'order ' || o.number, format('%s × %s', count(*), event.event)
        FROM shop_orderevent event JOIN shop_order o ON o.id = event.order_id
        WHERE event.event IN ('placed', 'paid')
        GROUP BY o.id, event.event HAVING count(*) > 1""",
    # --- Refunds ----------------------------------------------------------------
    "no more goes back than was paid": """
        SELECT 'bill ' || bill.id,
            format('bill %s of %s, back %s', bill.status, bill.amount, sum(refund.amount))
        FROM payments_bill bill
        JOIN payments_refund refund ON refund.bill_id = bill.id AND refund.status <> 'failed'
        GROUP BY bill.id HAVING bill.status <> 'paid' OR sum(refund.amount) > bill.amount""",
    "an order that goes on is refunded exactly when all of its money went back": """
        SELECT 'order ' || o.number,
            format('%s, %s of %s went back', o.status, coalesce(done.total, 0), o.total)
        FROM shop_order o
        LEFT JOIN (
            SELECT bill_id, sum(amount) AS total FROM payments_refund WHERE status = 'done' GROUP BY bill_id
        ) done ON done.bill_id = o.bill_id
        WHERE o.status IN ('paid', 'in_delivery', 'delivered', 'refunded')
            AND (o.status = 'refunded') <> (coalesce(done.total, 0) >= o.total)""",
    "money for an order that was given up is marked as due until it went back": """
        SELECT 'order ' || o.number, format(
            '%s, marked %s, %s of %s went back', o.status, o.needs_refund, coalesce(done.total, 0), o.total)
        FROM shop_order o
        LEFT JOIN (
            SELECT bill_id, sum(amount) AS total FROM payments_refund WHERE status = 'done' GROUP BY bill_id
        ) done ON done.bill_id = o.bill_id
        WHERE o.status IN ('rejected', 'expired')
            AND o.needs_refund <> (o.paid_at IS NOT NULL AND coalesce(done.total, 0) < o.total)""",
    "an order is marked as owed exactly while somebody has to see to that": """
        SELECT 'order ' || o.number,
            format('marked %s, open mismatches %s', o.needs_refund, count(mismatch.id))
        FROM shop_order o
        LEFT JOIN shop_mismatch mismatch ON mismatch.order_id = o.id
            AND mismatch.settled_at IS NULL AND mismatch.kind IN ('paid_late', 'refund_due')
        GROUP BY o.id HAVING o.needs_refund <> (count(mismatch.id) > 0)""",
    # --- Cheques ----------------------------------------------------------------
    "an order that was paid and goes on has its cheque, and no other has": """
        SELECT 'order ' || o.number,
            format('order %s, cheque %s', o.status, coalesce(cheque.status, 'missing'))
        FROM shop_order o LEFT JOIN shop_cheque cheque ON cheque.order_id = o.id
        WHERE (cheque.id IS NOT NULL) <> (o.status IN ('paid', 'in_delivery', 'delivered', 'refunded'))""",
}


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule that was broken: which, by whom ("order AB-7K3F9Q"), and how."""

    check: str
    subject: str
    detail: str


def find_violations() -> list[Violation]:
    """Everything that breaks a rule now; nothing, if the house is in order."""
    return [violation for check in CHECKS for violation in run_check(check)]


def run_check(check: str) -> list[Violation]:
    """What breaks one rule, in the order of its subjects."""
    with connection.cursor() as cursor:
        cursor.execute(CHECKS[check])
        return sorted(
            (Violation(check, subject, detail) for subject, detail in cursor.fetchall()),
            key=lambda violation: (violation.subject, violation.detail),
        )
