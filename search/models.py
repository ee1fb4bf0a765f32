"""What editors teach the search: other words for what the shop sells, and pages that come first."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from search.cleaning import split_words


class Language(models.TextChoices):
    """The languages of queries, each by its own name."""

    RU = "ru", "Русский"
    EN = "en", "English"


class Typed(models.Model):
    """Something people type, kept in the form in which queries are compared."""

    language = models.CharField(_("language"), max_length=2, choices=Language, default=Language.RU)
    typed = models.CharField(
        _("what people type"),
        max_length=100,
        help_text=_("A word or a few: “victoria”. Case doesn’t matter."),
    )

    class Meta:
        abstract = True

    def save(self, *args: object, **kwargs: object) -> None:
        """Keep the words as queries are compared: small letters, е for ё, one space between words."""
        self.typed = " ".join(split_words(self.typed))
        super().save(*args, **kwargs)  # type: ignore[arg-type]  # what Django's own save takes

    def clean(self) -> None:
        """Refuse what no query can be."""
        super().clean()
        self.typed = " ".join(split_words(self.typed))
        if not self.typed:
            raise ValidationError({"typed": _("Write at least one word.")})


class Synonym(Typed):
    """Another word for what the shop has: who types the one finds the other too."""

    means = models.CharField(
        _("what to look for as well"), max_length=100, help_text=_("The shop’s own word: “strawberry”.")
    )

    class Meta:
        verbose_name = _("synonym")
        verbose_name_plural = _("synonyms")
        ordering = ["language", "typed", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["language", "typed", "means"],
                name="synonym_once",
                violation_error_message=_("This synonym exists already."),
            ),
            models.CheckConstraint(condition=~Q(typed="") & ~Q(means=""), name="synonym_has_words"),
        ]

    def __str__(self) -> str:
        return f"{self.typed} → {self.means}"

    def save(self, *args: object, **kwargs: object) -> None:
        """Keep both sides as queries are compared."""
        self.means = " ".join(split_words(self.means))
        super().save(*args, **kwargs)

    def clean(self) -> None:
        """Refuse a synonym without words, or of itself."""
        super().clean()
        self.means = " ".join(split_words(self.means))
        if not self.means:
            raise ValidationError({"means": _("Write at least one word.")})
        if self.means == self.typed:
            raise ValidationError({"means": _("A word is no synonym of itself.")})


class Promotion(Typed):
    """A page that comes first for a query."""

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="+", verbose_name=_("page"))
    position = models.PositiveSmallIntegerField(
        _("position"), default=1, help_text=_("Lower numbers come first.")
    )

    class Meta:
        verbose_name = _("promoted result")
        verbose_name_plural = _("promoted results")
        ordering = ["language", "typed", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["language", "typed", "page"],
                name="promotion_once",
                violation_error_message=_("This page is promoted for these words already."),
            ),
            models.CheckConstraint(condition=~Q(typed=""), name="promotion_has_words"),
        ]

    def __str__(self) -> str:
        return f"{self.typed} → {self.page.title}"

    def clean(self) -> None:
        """Refuse a page of another language: nobody would ever see it."""
        super().clean()
        if self.page_id and self.page.locale.language_code != self.language:
            raise ValidationError({"page": _("This page is in another language.")})


from search.log import OpenedPage, SearchedQuery  # noqa: E402, F401 -- the models of the log, for Django to find
