"""What a bill is for, line by line: the data of a fiscal receipt (54-FZ), frozen with the bill.

VAT codes, subjects, modes and measures are words of the law's formats; providers pass them on to the till.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from decimal import ROUND_DOWN, Decimal
from typing import Any, Self

from core.money import round_money

# Modes of the law: paid before anything was handed over, and handed over against what was paid before.
PREPAID, SETTLED = "full_prepayment", "full_payment"
MAX_LINES = 80
MAX_DESCRIPTION = 128
KOPECK = Decimal("0.01")


class ReceiptInvalid(ValueError):
    """Lines that no till would take: their sum is another one than the bill's, or there are too many."""


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """One line: `quantity` pieces for `unit_price` each, VAT included."""

    description: str
    quantity: int
    unit_price: Decimal
    vat_code: int
    subject: str = "commodity"
    mode: str = PREPAID
    measure: str = "piece"

    @property
    def total(self) -> Decimal:
        """What the line costs."""
        return self.unit_price * self.quantity


@dataclass(frozen=True, slots=True)
class ReceiptDraft:
    """A receipt to be made by the provider's till and sent to `email`."""

    email: str
    lines: tuple[ReceiptLine, ...]

    @property
    def total(self) -> Decimal:
        """What all lines cost."""
        return sum((line.total for line in self.lines), Decimal())

    def check(self, amount: Decimal) -> None:
        """Raise ReceiptInvalid unless a till would take it for a payment of `amount`."""
        if not self.email or not 0 < len(self.lines) <= MAX_LINES:
            message = f"a receipt needs an address and 1 to {MAX_LINES} lines"
            raise ReceiptInvalid(message)
        for line in self.lines:
            is_whole = round_money(line.unit_price) == line.unit_price
            if not line.description or line.quantity < 1 or line.unit_price < 0 or not is_whole:
                message = f"no till takes this line: {line.description!r}"
                raise ReceiptInvalid(message)
        if self.total != amount:
            message = f"the lines cost {self.total}, the bill is of {amount}"
            raise ReceiptInvalid(message)

    def write(self) -> dict[str, Any]:
        """Return it in a form JSON can hold; prices are text."""
        lines = [asdict(line) | {"unit_price": str(line.unit_price)} for line in self.lines]
        return {"email": self.email, "lines": lines}

    @classmethod
    def read(cls, data: Mapping[str, Any] | None) -> Self | None:
        """Return what `write` wrote; None where there was none."""
        if not data:
            return None
        lines = [
            ReceiptLine(**(line | {"unit_price": Decimal(line["unit_price"])})) for line in data["lines"]
        ]
        return cls(email=data["email"], lines=tuple(lines))

    def settled(self) -> Self:
        """Return the same lines, handed over against what was paid before."""
        return replace(self, lines=tuple(replace(line, mode=SETTLED) for line in self.lines))

    def take_share(self, amount: Decimal) -> Self:
        """Return a receipt of `amount`, a part of this one: one line for each VAT code, in proportion.

        For a refund of a part that nobody assigned to lines. An accountant may rather name the lines.
        """
        codes = list(dict.fromkeys(line.vat_code for line in self.lines if line.total))
        shares = _share([_sum_of(self.lines, code) for code in codes], amount)
        lines = [
            _merge([line for line in self.lines if line.vat_code == code], share)
            for code, share in zip(codes, shares, strict=True)
            if share
        ]
        return type(self)(email=self.email, lines=tuple(lines))


def _sum_of(lines: Sequence[ReceiptLine], vat_code: int) -> Decimal:
    return sum((line.total for line in lines if line.vat_code == vat_code), Decimal())


def _share(weights: Sequence[Decimal], amount: Decimal) -> list[Decimal]:
    """Divide the amount by weight, to the kopeck; the last one takes what rounding leaves."""
    whole = sum(weights, Decimal())
    shares = [(amount * weight / whole).quantize(KOPECK, ROUND_DOWN) for weight in weights[:-1]]
    return [*shares, amount - sum(shares, Decimal())]


def _merge(lines: Sequence[ReceiptLine], share: Decimal) -> ReceiptLine:
    first = lines[0]
    names = ", ".join(dict.fromkeys(line.description for line in lines))
    return ReceiptLine(
        names[:MAX_DESCRIPTION], 1, share, first.vat_code, first.subject, first.mode, first.measure
    )
