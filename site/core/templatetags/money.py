"""Amounts and weights as people write them."""

from decimal import Decimal

from django import template
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from core.money import NBSP, Money, format_money

register = template.Library()
GRAMS_IN_KG = 1000


@register.filter
def money(amount: Decimal | Money | None) -> str:
    """«1 234,50 ₽» in Russian, "₽1,234.50" in English; nothing for nothing."""
    if amount is None or amount == "":
        return ""
    return str(amount) if isinstance(amount, Money) else format_money(amount)


@register.filter
def weight(grams: int | None) -> str:
    """«500 г», «1,5 кг»: kilograms from 1,000 grams on."""
    if not grams:
        return ""
    if grams < GRAMS_IN_KG:
        return keep_together(_("%(weight)s g") % {"weight": grams})
    kilograms = (Decimal(grams) / GRAMS_IN_KG).normalize()
    return keep_together(_("%(weight)s kg") % {"weight": number_format(f"{kilograms:f}", use_l10n=True)})


@register.filter
def per_kg(amount: Decimal | None) -> str:
    """«780 ₽/кг», from the price of a kilogram."""
    return _("%(price)s/kg") % {"price": money(amount)} if amount is not None else ""


@register.filter
def keep_together(text: str) -> str:
    """The text on one line: its spaces become no-break ones."""
    return str(text).replace(" ", NBSP)
