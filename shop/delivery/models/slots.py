"""When the shop delivers: slots, the weekly templates they are made from, and the days nobody drives."""

from datetime import date, datetime, time, timedelta
from typing import Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from shop.delivery.models.zones import DeliveryZone

PICKUP_ONLY = Q(kind=DeliveryZone.Kind.PICKUP)
WEEK_HOURS = 7 * 24
# No delivery is planned before or after: nearer to the ends of the calendar days can't be reckoned with.
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2999, 12, 31)


def format_day(day: date) -> str:
    """«вторник, 24 ноября», in the active language."""
    text = date_format(day, "l, j E", use_l10n=False)
    # Russian writes days and months small, which Django's own names don't.
    return text.lower() if (get_language() or "").startswith("ru") else text


def is_beyond_plans(day: date | None) -> bool:
    """Whether it is a day, but one on which nothing can ever be delivered."""
    return day is not None and not FIRST_DAY <= day <= LAST_DAY


class Closure(models.Model):
    """A day in the shop's time zone on which nothing is delivered: its slots take no orders."""

    date = models.DateField(_("day"), unique=True)
    reason_ru = models.CharField(_("reason in Russian"), max_length=150)
    reason_en = models.CharField(_("reason in English"), max_length=150)

    class Meta:
        verbose_name = _("day without delivery")
        verbose_name_plural = _("days without delivery")
        ordering = ["-date"]

    def __str__(self) -> str:
        return f"{self.date:%d.%m.%Y}, {self.reason_ru}"

    def clean(self) -> None:
        """Refuse a day on which nothing could be delivered anyway."""
        if is_beyond_plans(self.date):
            raise ValidationError({"date": _("There is no delivery on such a day.")})


class DeliverySlotQuerySet(models.QuerySet["DeliverySlot"]):
    """Slots as a shopper may choose them."""

    def on_day(self, day: date) -> Self:
        """Slots that begin on a day of the shop's time zone."""
        if is_beyond_plans(day):
            return self.none()
        start = timezone.make_aware(datetime.combine(day, time.min))
        end = timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
        return self.filter(starts_at__gte=start, starts_at__lt=end)

    def upcoming(self, now: datetime) -> Self:
        """Slots whose cut-off is still ahead, full ones included; none of a day without delivery."""
        closed = Closure.objects.filter(date=OuterRef("day"))
        open_days = self.alias(day=TruncDate("starts_at")).filter(~Exists(closed))
        return open_days.filter(is_active=True, cut_off_at__gt=now)

    def free(self, now: datetime) -> Self:
        """Slots that still take an order."""
        return self.upcoming(now).filter(taken__lt=F("capacity"))

    def serving(self, zone: DeliveryZone) -> Self:
        """Slots in which orders of the zone are delivered: the courier's, or the pick-up point's own."""
        return self.filter(point=zone if zone.is_pickup else None)

    def locked(self) -> Self:
        """Slots, their rows locked until the transaction ends, in key order; orders are locked before."""
        return self.order_by("pk").select_for_update(of=("self",))


class DeliverySlot(models.Model):
    """A stretch of time in which a number of orders can be delivered, or picked up at a point."""

    point = models.ForeignKey(
        DeliveryZone,
        on_delete=models.PROTECT,
        related_name="slots",
        null=True,
        blank=True,
        limit_choices_to=PICKUP_ONLY,
        verbose_name=_("pick-up point"),
        help_text=_("Empty: the courier's."),
    )
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    cut_off_at = models.DateTimeField(_("orders until"))
    capacity = models.PositiveSmallIntegerField(_("capacity, orders"))
    taken = models.PositiveSmallIntegerField(_("taken, orders"), default=0)
    is_active = models.BooleanField(_("active"), default=True)

    objects = DeliverySlotQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery slot")
        verbose_name_plural = _("delivery slots")
        ordering = ["starts_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["point", "starts_at", "ends_at"], name="slot_once_a_point", nulls_distinct=False
            ),
            models.CheckConstraint(condition=Q(taken__lte=F("capacity")), name="slot_taken_within_capacity"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="slot_ends_after_start"),
            models.CheckConstraint(
                condition=Q(cut_off_at__lte=F("starts_at")), name="slot_cut_off_before_start"
            ),
        ]

    def __str__(self) -> str:
        start, end = timezone.localtime(self.starts_at), timezone.localtime(self.ends_at)
        return f"{start:%d.%m.%Y %H:%M}–{end:%H:%M}"

    @property
    def is_full(self) -> bool:
        """Whether it takes no more orders."""
        return self.taken >= self.capacity

    @property
    def left(self) -> int:
        """How many more orders it takes."""
        return max(self.capacity - self.taken, 0)

    @property
    def hours_label(self) -> str:
        """«10:00–14:00», in the shop's time zone."""
        start, end = timezone.localtime(self.starts_at), timezone.localtime(self.ends_at)
        return f"{start:%H:%M}–{end:%H:%M}"

    @property
    def label(self) -> str:
        """«вторник, 24 ноября, 10:00–14:00», in the shop's time zone and the active language."""
        return f"{format_day(timezone.localtime(self.starts_at).date())}, {self.hours_label}"


class SlotTemplate(models.Model):
    """What slots of one weekday are made from. One that ends at or before its beginning ends the next day."""

    class Weekday(models.IntegerChoices):
        MONDAY = 0, _("Monday")
        TUESDAY = 1, _("Tuesday")
        WEDNESDAY = 2, _("Wednesday")
        THURSDAY = 3, _("Thursday")
        FRIDAY = 4, _("Friday")
        SATURDAY = 5, _("Saturday")
        SUNDAY = 6, _("Sunday")

    point = models.ForeignKey(
        DeliveryZone,
        on_delete=models.CASCADE,
        related_name="templates",
        null=True,
        blank=True,
        limit_choices_to=PICKUP_ONLY,
        verbose_name=_("pick-up point"),
        help_text=_("Empty: the courier's."),
    )
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday)
    starts = models.TimeField(_("begins"))
    ends = models.TimeField(_("ends"), help_text=_("00:00 is midnight at the end of the day."))
    capacity = models.PositiveSmallIntegerField(_("capacity, orders"), validators=[MinValueValidator(1)])
    cut_off_hours = models.PositiveSmallIntegerField(
        _("orders until so many hours before"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(WEEK_HOURS)],
    )
    cut_off_time = models.TimeField(
        _("or until this time of the day before"), null=True, blank=True, help_text=_("One of the two.")
    )
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("weekly slot")
        verbose_name_plural = _("weekly slots")
        ordering = ["point", "weekday", "starts"]
        constraints = [
            models.UniqueConstraint(
                fields=["point", "weekday", "starts", "ends"], name="slot_template_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=Q(weekday__gte=0, weekday__lte=6), name="slot_template_weekday_known"
            ),
            models.CheckConstraint(
                condition=~Q(starts=F("ends")),
                name="slot_template_has_length",
                violation_error_message=_("It has to end at another time than it begins."),
            ),
            models.CheckConstraint(
                condition=Q(cut_off_hours__isnull=True, cut_off_time__isnull=False)
                | Q(cut_off_hours__isnull=False, cut_off_time__isnull=True),
                name="slot_template_one_cut_off",
                violation_error_message=_("Say until when orders are taken, one way or the other."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()}, {self.starts:%H:%M}–{self.ends:%H:%M}"
