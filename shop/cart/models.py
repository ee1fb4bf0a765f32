"""The cart: one for each user, with the price each line was added at."""

from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q, Sum
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from shop.catalog.models import Pack
from shop.vouchers.models import Voucher, count_uses, has_ordered

MAX_QUANTITY = 99


class Cart(models.Model):
    """A user's cart; its row is what checkouts lock first."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="cart", verbose_name=_("user")
    )
    voucher = models.ForeignKey(
        Voucher,
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("voucher"),
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("cart")
        verbose_name_plural = _("carts")

    def __str__(self) -> str:
        return str(self.user)


class CartLineQuerySet(models.QuerySet["CartLine"]):
    """Lines as pages ask for them."""

    def for_user(self, user: User) -> Self:
        """The lines of the user's own cart, in the order they were added."""
        return self.filter(cart__user=user)

    def with_voucher(self) -> Self:
        """Lines whose cart has its voucher loaded; `voucher_uses`, `has_ordered`: what its user did."""
        return self.select_related("cart__voucher").annotate(
            voucher_uses=count_uses(voucher="cart__voucher", user="cart__user"),
            has_ordered=has_ordered(user="cart__user"),
        )

    def sum_by_berry(self) -> dict[int, int]:
        """Packs of each berry, by the berry's id."""
        sums = self.order_by().values_list("pack__berry_id").annotate(packs=Sum("quantity"))
        return dict(sums)


class CartLine(models.Model):
    """So many packs. Packs are never deleted, so a line can always say what became of its pack."""

    cart = models.ForeignKey(Cart, on_delete=models.CASCADE, related_name="lines", verbose_name=_("cart"))
    pack = models.ForeignKey(Pack, on_delete=models.PROTECT, related_name="+", verbose_name=_("pack"))
    quantity = models.PositiveSmallIntegerField(
        _("quantity"), validators=[MinValueValidator(1), MaxValueValidator(MAX_QUANTITY)]
    )
    price_seen = models.DecimalField(_("price when added, ₽"), max_digits=10, decimal_places=2)
    added_at = models.DateTimeField(_("added"), auto_now_add=True)

    voucher_uses: int  # these two only on lines from with_voucher()
    has_ordered: bool

    objects = CartLineQuerySet.as_manager()

    class Meta:
        verbose_name = _("cart line")
        verbose_name_plural = _("cart lines")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["cart", "pack"], name="cart_line_once_a_pack"),
            models.CheckConstraint(
                condition=Q(quantity__gte=1, quantity__lte=MAX_QUANTITY), name="cart_line_quantity_sane"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pack} × {self.quantity}"
