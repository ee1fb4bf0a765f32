"""Where the shop delivers to, and where people come for their berries themselves."""

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.localized import Localized
from core.vat import VatCode
from shop.delivery.validators import list_lines, validate_postcodes


class DeliveryZone(models.Model):
    """A way of delivery with its price: an area a courier drives to, or a point where people come."""

    class Kind(models.TextChoices):
        COURIER = "courier", _("courier, to the door")
        PICKUP = "pickup", _("pick-up point")

    kind = models.CharField(_("way of delivery"), max_length=8, choices=Kind, default=Kind.COURIER)
    code = models.SlugField(_("code"), unique=True)
    name_ru = models.CharField(_("name in Russian"), max_length=100)
    name_en = models.CharField(_("name in English"), max_length=100)
    description_ru = models.CharField(_("description in Russian"), max_length=250, blank=True)
    description_en = models.CharField(_("description in English"), max_length=250, blank=True)
    places = models.TextField(
        _("cities and districts"),
        blank=True,
        help_text=_("One a line, as people write them: Химки. Their addresses belong to this area."),
    )
    postcodes = models.TextField(
        _("postcodes"),
        blank=True,
        validators=[validate_postcodes],
        help_text=_("One a line: 141400, or from–to: 101000-129999. They count more than cities."),
    )
    price = models.DecimalField(
        _("price, ₽"), max_digits=10, decimal_places=2, validators=[MinValueValidator(0)]
    )
    free_from = models.DecimalField(
        _("free from a sum of, ₽"), max_digits=10, decimal_places=2, null=True, blank=True
    )
    min_order = models.DecimalField(_("least order, ₽"), max_digits=10, decimal_places=2, default=0)
    vat_code = models.PositiveSmallIntegerField(_("VAT"), choices=VatCode, default=VatCode.TWENTY_TWO)
    cold_chain_ru = models.CharField(
        _("how the berries are kept cold, in Russian"),
        max_length=250,
        blank=True,
        help_text=_("Shown when an order is placed: «Везём в термосумках при +2…+6 °C»."),
    )
    cold_chain_en = models.CharField(
        _("how the berries are kept cold, in English"), max_length=250, blank=True
    )
    city = models.CharField(_("city"), max_length=100, blank=True)
    street = models.CharField(_("street"), max_length=150, blank=True)
    house = models.CharField(_("house, building"), max_length=30, blank=True)
    hours_ru = models.CharField(
        _("opening hours in Russian"), max_length=150, blank=True, help_text=_("«ежедневно, 10:00–21:00»")
    )
    hours_en = models.CharField(_("opening hours in English"), max_length=150, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_active = models.BooleanField(_("active"), default=True)

    name = Localized("name")
    description = Localized("description")
    cold_chain = Localized("cold_chain")
    hours = Localized("hours")

    class Meta:
        verbose_name = _("delivery zone")
        verbose_name_plural = _("delivery zones")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(price__gte=0), name="zone_price_not_negative"),
            models.CheckConstraint(condition=Q(min_order__gte=0), name="zone_min_order_not_negative"),
            models.CheckConstraint(condition=Q(vat_code__in=VatCode.values), name="zone_vat_code_known"),
            models.CheckConstraint(
                condition=~Q(kind="pickup") | ~(Q(city="") | Q(street="") | Q(house="")),
                name="zone_pickup_has_an_address",
                violation_error_message=_("A pick-up point needs its city, street and house."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Tell an editor what is missing, beside the field."""
        missing = [name for name in ("city", "street", "house") if not getattr(self, name)]
        if self.is_pickup and missing:
            raise ValidationError(
                dict.fromkeys(missing, _("A pick-up point needs its city, street and house."))
            )

    @property
    def is_pickup(self) -> bool:
        """Whether the shopper comes here for the order."""
        return self.kind == self.Kind.PICKUP

    @property
    def address(self) -> dict[str, str]:
        """Where a pick-up point is, by the fields of an address; of an area, nothing but empty ones."""
        return {"city": self.city, "street": self.street, "house": self.house}

    @property
    def one_line(self) -> str:
        """Where a pick-up point is, for people."""
        return ", ".join(part for part in self.address.values() if part)

    @property
    def place_list(self) -> list[str]:
        """The cities and districts, one each."""
        return list_lines(self.places)

    @property
    def postcode_list(self) -> list[str]:
        """The postcodes and ranges of them, one each."""
        return list_lines(self.postcodes)
