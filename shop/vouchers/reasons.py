"""Why a voucher is not taken: a code for programs, a sentence for people."""

from decimal import Decimal
from enum import StrEnum

from django.utils.translation import gettext as _

from core.money import format_money


class Reason(StrEnum):
    """What stands against a voucher."""

    UNKNOWN = "unknown"
    EARLY = "early"
    OVER = "over"
    USED_UP = "used_up"
    USED_BY_YOU = "used_by_you"
    NOT_FIRST = "not_first"
    BELOW_MINIMUM = "below_minimum"
    CHANGED = "changed"


class VoucherRefused(Exception):
    """The voucher can't be used, or not now; nothing was changed. `least`: the berries it asks for."""

    def __init__(self, reason: Reason, *, least: Decimal = Decimal(0)) -> None:
        super().__init__(str(reason))
        self.reason, self.least = reason, least

    @property
    def message(self) -> str:
        """What happened and what to do, in the active language."""
        return {
            Reason.UNKNOWN: _("We know no such promo code. Please check the letters and digits."),
            Reason.EARLY: _("This promo code is not valid yet."),
            Reason.OVER: _("This promo code is no longer valid."),
            Reason.USED_UP: _("This promo code has been used up by other shoppers."),
            Reason.USED_BY_YOU: _("You have used this promo code already."),
            Reason.NOT_FIRST: _("This promo code is for the first order only."),
            Reason.CHANGED: _("This promo code gives something else now. Please have another look."),
            Reason.BELOW_MINIMUM: _("This promo code is for berries worth %(least)s or more.")
            % {"least": format_money(self.least)},
        }[self.reason]
