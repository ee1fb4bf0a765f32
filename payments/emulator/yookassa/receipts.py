"""What YooKassa checks of a receipt before it goes to the till."""

from decimal import Decimal
from typing import Any

from payments.emulator.yookassa.refusals import Refusal

MAX_ITEMS = 80
MAX_DESCRIPTION = 128
MAX_QUANTITY = Decimal("99999.999")
VAT_CODES = range(1, 13)
# «Чеки от ЮKassa» take no other modes.
MODES = frozenset({"full_prepayment", "full_payment"})
SUBJECTS = frozenset({"commodity", "excise", "job", "service", "payment"})
SETTLEMENTS = frozenset({"cashless", "prepayment", "postpayment", "consideration"})
MEASURES = frozenset({"piece", "gram", "kilogram"})


def check_receipt(receipt: Any, value: str) -> None:
    """Raise Refusal unless the till would take the receipt for a payment of this sum."""
    if not isinstance(receipt, dict):
        raise Refusal.about("receipt")
    customer = receipt.get("customer")
    if not isinstance(customer, dict) or "@" not in str(customer.get("email", "")):
        raise Refusal.about("receipt.customer.email")
    items = receipt.get("items")
    if not isinstance(items, list) or not 0 < len(items) <= MAX_ITEMS:
        raise Refusal.about("receipt.items")
    if sum((_read_item(item) for item in items), Decimal()) != Decimal(value):
        raise Refusal.about("receipt.items.amount")


def check_settlement(data: dict[str, Any]) -> str:
    """Return the receipt's type; raise Refusal unless the till would take it as one made after a payment."""
    if data.get("type") not in {"payment", "refund"}:
        raise Refusal.about("type")
    if data.get("send") is not True:
        raise Refusal.about("send")
    parts = data.get("settlements")
    if not isinstance(parts, list) or not parts:
        raise Refusal.about("settlements")
    total = Decimal()
    for part in parts:
        if not isinstance(part, dict) or part.get("type") not in SETTLEMENTS:
            raise Refusal.about("settlements.type")
        total += _read_sum(part.get("amount"))
    check_receipt(data, f"{total:.2f}")
    return str(data["type"])


def register(receipt: dict[str, Any]) -> dict[str, Any]:
    """Return a receipt as it is once the till has had it for a moment: with its numbers of the law."""
    numbers = {"fiscal_document_number": "3986", "fiscal_storage_number": "9288000100115785"}
    return {**receipt, "status": "succeeded", **numbers}


def _read_item(item: Any) -> Decimal:
    """Return what a line costs."""
    if not isinstance(item, dict):
        raise Refusal.about("receipt.items")
    allowed = {"payment_mode": MODES, "payment_subject": SUBJECTS, "measure": MEASURES, "vat_code": VAT_CODES}
    for name, values in allowed.items():
        if item.get(name) not in values:
            raise Refusal.about(f"receipt.items.{name}")
    if not 0 < len(str(item.get("description") or "")) <= MAX_DESCRIPTION:
        raise Refusal.about("receipt.items.description")
    quantity = item.get("quantity")
    if not isinstance(quantity, int | Decimal) or not 0 < Decimal(quantity) <= MAX_QUANTITY:
        raise Refusal.about("receipt.items.quantity")
    return Decimal(quantity) * _read_sum(item.get("amount"))


def _read_sum(amount: Any) -> Decimal:
    if not isinstance(amount, dict) or amount.get("currency") != "RUB":
        raise Refusal.about("receipt.items.amount")
    try:
        return Decimal(str(amount.get("value")))
    except ArithmeticError:
        raise Refusal.about("receipt.items.amount") from None
