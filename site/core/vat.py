"""VAT rates by the codes that receipts use (54-FZ; YooKassa's `vat_code`)."""

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _


class VatCode(models.IntegerChoices):
    """A rate as a receipt line names it. Fresh berries are taxed at 10 %, services at 22 % since 2026."""

    NONE = 1, _("No VAT")
    ZERO = 2, _("VAT 0%")
    TEN = 3, _("VAT 10%")
    FIVE = 7, _("VAT 5%")
    SEVEN = 8, _("VAT 7%")
    TWENTY_TWO = 11, _("VAT 22%")

    @property
    def rate(self) -> Decimal:
        """The percentage; zero where no VAT is charged."""
        return VAT_RATES[self]


VAT_RATES = {
    VatCode.NONE: Decimal(0),
    VatCode.ZERO: Decimal(0),
    VatCode.TEN: Decimal(10),
    VatCode.FIVE: Decimal(5),
    VatCode.SEVEN: Decimal(7),
    VatCode.TWENTY_TWO: Decimal(22),
}
