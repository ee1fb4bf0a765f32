"""Packs in the admin: what they cost, and since when that has been asked."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.snippets.views.snippets import EditView

from core.money import format_money, price_per_kg
from shop.catalog.models import Pack
from shop.catalog.pricing import PriceReason

PACK_PANELS = [
    FieldPanel("berry"),
    FieldRowPanel([FieldPanel("weight_g"), FieldPanel("container"), FieldPanel("price")]),
    MultiFieldPanel(
        [
            FieldRowPanel([FieldPanel("sale_price"), FieldPanel("sale_from"), FieldPanel("sale_until")]),
            FieldPanel("lowest_price"),
        ],
        heading=_("Sale and markdown"),
        help_text=_(
            "The price is struck out only where it was asked for at least a week before the lower one began."
        ),
    ),
    FieldRowPanel([FieldPanel("is_default"), FieldPanel("is_active")]),
]


def describe_price_now(pack: Pack) -> str:
    """«273 ₽ (best before soon)», or nothing where it is the usual price."""
    price = pack.get_price(timezone.now())
    return f"{format_money(price.amount)} ({PriceReason(price.reason).label})" if price.reason else "—"


def describe_per_kg(pack: Pack) -> str:
    """What a kilogram costs now."""
    return format_money(price_per_kg(pack.get_price(timezone.now()).amount, pack.weight_g))


class PackEditView(EditView):
    """Edits a pack; another price is a price that was never asked before."""

    def save_instance(self) -> Pack:
        """Note since when the price is asked, then save as ever."""
        if "price" in self.form.changed_data:
            self.form.instance.price_since = timezone.now()
        pack: Pack = super().save_instance()
        return pack
