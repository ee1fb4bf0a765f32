"""Money: exact decimals with their currency, rounded once per line, half up."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import get_language

CENT = Decimal("0.01")
NBSP = "\N{NO-BREAK SPACE}"
SIGNS = {"RUB": "₽"}


def round_money(amount: Decimal) -> Decimal:
    """The amount in whole kopecks, halves rounded up (away from zero)."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount of one currency; adding two currencies is an error."""

    amount: Decimal
    currency: str = "RUB"

    def __post_init__(self) -> None:
        object.__setattr__(self, "amount", round_money(self.amount))

    def __add__(self, other: "Money") -> "Money":
        if other.currency != self.currency:
            message = f"Cannot add {other.currency} to {self.currency}"
            raise ValueError(message)
        return Money(self.amount + other.amount, self.currency)

    def __mul__(self, quantity: int) -> "Money":
        return Money(self.amount * quantity, self.currency)

    def __str__(self) -> str:
        return format_money(self.amount, self.currency)


def format_money(amount: Decimal, currency: str = "RUB", language: str | None = None) -> str:
    """The amount as people of the language write it: «1 234,50 ₽», "₽1,234.50".

    Kopecks are left out where there are none. Spaces are no-break ones.
    """
    amount = round_money(amount)
    sign = SIGNS.get(currency, currency)
    digits = f"{abs(amount):,.2f}".removesuffix(".00")
    minus = "−" if amount < 0 else ""
    if (language or get_language() or "ru").startswith("ru"):
        return f"{minus}{digits.replace(',', NBSP).replace('.', ',')}{NBSP}{sign}"
    return f"{minus}{sign}{digits}"


def price_per_kg(price: Decimal, weight_g: int) -> Decimal:
    """The price of 1,000 grams, for a price of `weight_g` grams."""
    return round_money(price * 1000 / weight_g)


def included_vat(gross: Decimal, rate: Decimal) -> Decimal:
    """The VAT inside a gross amount; `rate` is a percentage such as 10."""
    return round_money(gross * rate / (100 + rate))
