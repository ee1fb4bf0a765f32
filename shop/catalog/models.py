"""The catalog's facts: berries, packs, lots and every movement of stock. One row for all languages."""

from datetime import date
from decimal import Decimal
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.localized import Localized
from core.vat import VatCode
from shop.catalog.choices import MONTHS, SEASON_ENDS_SOON, SeasonState
from shop.catalog.pricing import PRICE_RULES, DaysBetween, Markdown, Priced, shown_price
from shop.catalog.tags import Tagged


class Category(models.Model):  # type: ignore[django-manager-missing]  # Wagtail's page managers are untyped
    """A kind of berries that shoppers browse by; its words are on a CategoryPage."""

    code = models.SlugField(_("code"), unique=True)
    name_ru = models.CharField(_("name in Russian"), max_length=100)
    name_en = models.CharField(_("name in English"), max_length=100)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    name = Localized("name")

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.name


class BerryQuerySet(models.QuerySet["Berry"]):
    """Berries as the shop asks for them."""

    def active(self) -> Self:
        """Berries that are sold at all."""
        return self.filter(is_active=True)

    def in_season(self, month: int) -> Self:
        """Berries that ripen in the month (1–12)."""
        return self.filter(season_months__contains=[month])

    def with_facts(self, today: date) -> Self:
        """Each berry with its default pack's `price`, `stock` in packs and `next_best_before`."""
        packs = Pack.objects.filter(berry=OuterRef("pk"), is_default=True).order_by()
        lots = Lot.objects.sellable(today).filter(pack__berry=OuterRef("pk")).order_by()
        stock = lots.values("pack__berry").annotate(sum=Sum("left")).values("sum")
        return self.annotate(
            price=Subquery(packs.values(shown=shown_price())[:1]),
            stock=Coalesce(Subquery(stock), 0),
            next_best_before=Subquery(lots.order_by("best_before").values("best_before")[:1]),
        )


class Berry(Tagged):  # type: ignore[django-manager-missing]  # Wagtail's page managers are untyped
    """What is sold: a variety of one origin. The words about it are on BerryPages."""

    code = models.SlugField(_("code"), max_length=80, unique=True)
    kind_ru = models.CharField(_("kind in Russian"), max_length=60, help_text=_("For example: raspberry."))
    kind_en = models.CharField(_("kind in English"), max_length=60)
    variety_ru = models.CharField(_("variety in Russian"), max_length=80, blank=True)
    variety_en = models.CharField(_("variety in English"), max_length=80, blank=True)
    origin_ru = models.CharField(_("origin in Russian"), max_length=120)
    origin_en = models.CharField(_("origin in English"), max_length=120)
    season_months = ArrayField(
        models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(12)]),
        verbose_name=_("season"),
        help_text=_("Months in which it ripens, as numbers: 6,7,8."),
        default=list,
        blank=True,
    )
    vat_code = models.PositiveSmallIntegerField(_("VAT"), choices=VatCode, default=VatCode.TEN)
    categories = models.ManyToManyField(
        Category, related_name="berries", verbose_name=_("categories"), blank=True
    )
    related = models.ManyToManyField("self", verbose_name=_("goes well with"), blank=True)
    is_active = models.BooleanField(_("on sale"), default=True)
    popularity = models.PositiveIntegerField(
        _("popularity"), default=0, editable=False, help_text=_("Packs sold in the last 30 days.")
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now, db_index=True)

    kind = Localized("kind")
    variety = Localized("variety")
    origin = Localized("origin")

    price: Decimal | None  # these three only on berries from with_facts()
    stock: int
    next_best_before: date | None

    objects = BerryQuerySet.as_manager()

    class Meta:
        verbose_name = _("berry")
        verbose_name_plural = _("berries")
        ordering = ["kind_ru", "variety_ru", "pk"]
        indexes = [
            GinIndex(fields=["season_months"], name="berry_season_gin"),
            models.Index(fields=["-popularity", "-created_at"], name="berry_popular_first"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(season_months__contained_by=list(MONTHS)),
                name="berry_season_is_months",
                violation_error_message=_("Months are numbers from 1 to 12."),
            ),
            models.CheckConstraint(condition=Q(vat_code__in=VatCode.values), name="berry_vat_code_known"),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """Kind and variety, for records and snapshots: «Клубника «Азия»»."""
        return f"{self.kind} «{self.variety}»" if self.variety else self.kind

    def is_in_season(self, on: date) -> bool:
        """Whether it ripens in the month of that day."""
        return on.month in self.season_months

    def get_season_state(self, on: date) -> SeasonState:
        """In season or not on that day, and whether that changes soon."""
        has_next_month = on.month % 12 + 1 in self.season_months
        if not self.is_in_season(on):
            return SeasonState.STARTS_SOON if has_next_month else SeasonState.OUT_OF_SEASON
        is_ending = not has_next_month and on.day >= SEASON_ENDS_SOON
        return SeasonState.ENDS_SOON if is_ending else SeasonState.IN_SEASON


class PackQuerySet(models.QuerySet["Pack"]):
    """Packs with what is known of their stock now."""

    def for_sale(self) -> Self:
        """Active packs of active berries."""
        return self.filter(is_active=True, berry__is_active=True)

    def with_left(self, today: date) -> Self:
        """Each pack with `left`: packs in stock that are not past their best-before date."""
        lots = Lot.objects.sellable(today).filter(pack=OuterRef("pk")).order_by().values("pack")
        return self.annotate(left=Coalesce(lots.annotate(sum=Sum("left")).values("sum")[:1], 0))

    def with_next_lot(self, today: date) -> Self:
        """Each pack with dates, farm and markdown of the lot sold next; None without stock."""
        lots = Lot.objects.sellable(today).filter(pack=OuterRef("pk")).first_expired_first()
        names = ("harvested_on", "best_before", "farm_ru", "farm_en")
        packs = self.annotate(**{f"next_{name}": Subquery(lots.values(name)[:1]) for name in names})
        days = DaysBetween(OuterRef("next_best_before"), Value(today))
        steps = Markdown.objects.filter(is_active=True, days_left__gte=days).order_by("days_left")
        return packs.annotate(
            next_percent=Subquery(steps.values("percent")[:1]),
            next_step=Subquery(steps.values("days_left")[:1]),
        )

    def in_stock(self, today: date) -> Self:
        """Packs of which at least one can be sold today."""
        return self.filter(Exists(Lot.objects.sellable(today).filter(pack=OuterRef("pk"))))


class Pack(Priced):
    """What is bought: a punnet, box or bucket of one berry."""

    class Container(models.TextChoices):
        PUNNET = "punnet", _("punnet")
        BOX = "box", _("box")
        BUCKET = "bucket", _("bucket")

    berry = models.ForeignKey(Berry, on_delete=models.PROTECT, related_name="packs", verbose_name=_("berry"))
    weight_g = models.PositiveIntegerField(_("net weight, g"), validators=[MinValueValidator(1)])
    container = models.CharField(_("container"), max_length=10, choices=Container, default=Container.PUNNET)
    is_default = models.BooleanField(
        _("default"), default=False, help_text=_("Shown in lists and added by one click.")
    )
    is_active = models.BooleanField(_("on sale"), default=True)

    left: int  # packs in stock; only on packs from with_left()
    next_harvested_on: date | None  # these three only on packs from with_next_lot()
    next_farm_ru: str | None
    next_farm_en: str | None

    objects = PackQuerySet.as_manager()

    class Meta:
        verbose_name = _("pack")
        verbose_name_plural = _("packs")
        ordering = ["berry", "weight_g", "pk"]
        indexes = [models.Index(shown_price(), condition=Q(is_default=True), name="pack_shown_price")]
        constraints = [
            models.UniqueConstraint(fields=["berry", "weight_g", "container"], name="pack_once_a_berry"),
            models.UniqueConstraint(
                fields=["berry"], condition=Q(is_default=True), name="pack_one_default_a_berry"
            ),
            models.CheckConstraint(condition=Q(weight_g__gt=0), name="pack_weight_positive"),
            *PRICE_RULES,
        ]

    def __str__(self) -> str:
        return _("%(berry)s, %(weight)s g") % {"berry": self.berry, "weight": self.weight_g}


class LotQuerySet(models.QuerySet["Lot"]):
    """Lots in the order they are sold."""

    def sellable(self, today: date) -> Self:
        """Lots with something left that are not past their best-before date."""
        return self.filter(left__gt=0, best_before__gte=today)

    def first_expired_first(self) -> Self:
        """The order of sale: what expires first goes first."""
        return self.order_by("best_before", "pk")

    def locked(self) -> Self:
        """The rows locked in key order, so that two buyers never wait for each other in a ring."""
        return self.order_by("pk").select_for_update(of=("self",))


class Lot(models.Model):
    """What is in stock: one harvest of a pack. Changed only by shop.catalog.services."""

    pack = models.ForeignKey(Pack, on_delete=models.PROTECT, related_name="lots", verbose_name=_("pack"))
    farm_ru = models.CharField(_("farm in Russian"), max_length=120, blank=True)
    farm_en = models.CharField(_("farm in English"), max_length=120, blank=True)
    harvested_on = models.DateField(_("harvested"))
    best_before = models.DateField(_("best before"))
    received = models.PositiveIntegerField(_("received, packs"), validators=[MinValueValidator(1)])
    left = models.PositiveIntegerField(_("left, packs"))
    received_at = models.DateTimeField(_("received at"), default=timezone.now)

    farm = Localized("farm")

    objects = LotQuerySet.as_manager()

    class Meta:
        verbose_name = _("lot")
        verbose_name_plural = _("lots")
        ordering = ["best_before", "pk"]
        indexes = [models.Index(fields=["pack", "best_before"], condition=Q(left__gt=0), name="lot_sellable")]
        constraints = [
            models.CheckConstraint(
                condition=Q(left__gte=0, left__lte=F("received")), name="lot_left_within_received"
            ),
            models.CheckConstraint(
                condition=Q(best_before__gte=F("harvested_on")), name="lot_dates_in_order"
            ),
        ]

    def __str__(self) -> str:
        return _("lot %(number)s") % {"number": self.pk}


class StockMovement(models.Model):
    """One change of a lot, never edited: `left` of a lot is the sum of its movements."""

    class Kind(models.TextChoices):
        RECEIVED = "received", _("received")
        SOLD = "sold", _("sold")
        RETURNED = "returned", _("returned to stock")
        WRITTEN_OFF = "written_off", _("written off")

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="movements", verbose_name=_("lot"))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    quantity = models.IntegerField(_("packs"), help_text=_("Positive into stock, negative out of it."))
    reference = models.CharField(_("order or reason"), max_length=100, blank=True, db_index=True)
    by = models.ForeignKey(
        User, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("stock movement")
        verbose_name_plural = _("stock movements")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["received", "returned"], quantity__gt=0)
                | Q(kind__in=["sold", "written_off"], quantity__lt=0),
                name="movement_sign_fits_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.quantity:+d}"
