"""What a berry tastes like and what it is good for: facts people search by."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class Tag(models.TextChoices):
    """Tastes, then uses."""

    SWEET = "sweet", _("sweet")
    SWEET_AND_SOUR = "sweetandsour", _("sweet and sour")
    SOUR = "sour", _("sour")
    TART = "tart", _("astringent")
    BITTER = "bitter", _("slightly bitter")
    FRAGRANT = "fragrant", _("fragrant")
    JUICY = "juicy", _("juicy")
    LARGE = "large", _("large")
    SEEDLESS = "seedless", _("no seeds to notice")
    VITAMIN_C = "vitaminc", _("rich in vitamin C")
    FRESH = "fresh", _("to eat fresh")
    JAM = "jam", _("for jam")
    JELLY = "jelly", _("for jelly")
    DRINKS = "drinks", _("for drinks and compote")
    BAKING = "baking", _("for baking")
    DESSERT = "dessert", _("for desserts")
    SAUCE = "sauce", _("for sauces and meat")
    FREEZING = "freezing", _("for freezing")
    TEA = "tea", _("for tea")
    LIQUEUR = "liqueur", _("for liqueurs")
    CHILDREN = "children", _("for children")


def sign_tag(tag: str) -> str:
    """The tag as a word that nobody writes, by which the search finds it."""
    return f"tagged{tag}"


class Tagged(models.Model):
    """A record with tags, such as [Tag.SOUR, Tag.DRINKS]."""

    tags = ArrayField(
        models.CharField(max_length=20, choices=Tag),
        verbose_name=_("taste and use"),
        help_text=_("People find the berry by these: “sour”, “for jam”."),
        default=list,
        blank=True,
    )

    class Meta:
        abstract = True
