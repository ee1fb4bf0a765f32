"""What shoppers may choose in a list of berries, and the states of a season."""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Sort(models.TextChoices):
    """The orders of a list; in each of them what is sold out comes last."""

    POPULAR = "popular", _("Popular first")
    NEW = "new", _("New first")
    PRICE = "price", _("Cheap first")
    PRICE_DOWN = "-price", _("Expensive first")
    PRICE_PER_KG = "price_per_kg", _("By price per kilogram")
    NAME = "name", _("By name")


MONTHS = range(1, 13)
SEASON_ENDS_SOON = 15  # the day of its last month from which a season is said to end


class SeasonState(StrEnum):
    """Where a day stands in a berry's year, as shoppers are told."""

    IN_SEASON = "in_season"
    ENDS_SOON = "ends_soon"
    STARTS_SOON = "starts_soon"
    OUT_OF_SEASON = "out_of_season"
