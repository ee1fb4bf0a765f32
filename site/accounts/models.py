"""Users, their addresses, and what they agreed to."""

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class UserManager(BaseUserManager["User"]):
    """Makes users; e-mail addresses are stored in lower case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A user with this address; one without a password can only sign in by code."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """An owner: enters the admin and may do everything."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        """The user of an address, however its letters are cased."""
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person, known by e-mail address."""

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=150, blank=True)
    phone = models.CharField(
        _("phone"), max_length=16, blank=True, help_text=_("In international form: +79991234567.")
    )
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES, default="ru")
    is_staff = models.BooleanField(_("staff"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    date_joined = models.DateTimeField(_("joined"), default=timezone.now)

    # Whether the address was confirmed when the user was loaded; only the user of a session comes with it.
    came_confirmed: bool = False

    objects: ClassVar[UserManager] = UserManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_unique_in_any_case"),
        ]

    def __str__(self) -> str:
        return self.email

    # Wagtail's user pages and mails ask for these two names.
    @property
    def first_name(self) -> str:
        """The first word of the name."""
        return self.name.split(" ")[0]

    @property
    def last_name(self) -> str:
        """The rest of the name."""
        return " ".join(self.name.split(" ")[1:])

    def get_full_name(self) -> str:
        """The name, or the address of those who gave none."""
        return self.name or self.email

    def get_short_name(self) -> str:
        """What a mail greets by."""
        return self.first_name or self.email

    def get_username(self) -> str:
        """The e-mail address."""
        return self.email


class AddressFields(models.Model):
    """A postal address in the order Russians write it; shared by the book and the snapshots of deliveries."""

    city = models.CharField(_("city"), max_length=100)
    street = models.CharField(_("street"), max_length=150)
    house = models.CharField(_("house, building"), max_length=30)
    flat = models.CharField(_("flat"), max_length=20, blank=True)
    entrance = models.CharField(_("entrance"), max_length=10, blank=True)
    floor = models.CharField(_("floor"), max_length=10, blank=True)
    intercom = models.CharField(_("intercom"), max_length=20, blank=True)
    postcode = models.CharField(
        _("postcode"),
        max_length=6,
        blank=True,
        validators=[RegexValidator(r"^[0-9]{6}\Z", _("Six digits: 101000."))],
    )

    class Meta:
        abstract = True

    @property
    def one_line(self) -> str:
        """The address as one line, for lists and labels."""
        flat = _("flat %(number)s") % {"number": self.flat} if self.flat else ""
        return ", ".join(part for part in (self.city, self.street, self.house, flat) if part)


class Address(AddressFields):
    """An address in a shopper's book."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="addresses", verbose_name=_("user"))
    is_default = models.BooleanField(_("default"), default=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("address")
        verbose_name_plural = _("addresses")
        ordering = ["-is_default", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(is_default=True), name="address_one_default_a_user"
            ),
        ]

    def __str__(self) -> str:
        return self.one_line


class Consent(models.Model):
    """That a person agreed to a version of a document, when and from where. Never changed, only withdrawn."""

    class Document(models.TextChoices):
        OFFER = "offer", _("Public offer")
        PERSONAL_DATA = "personal_data", _("Processing of personal data")

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="consents", verbose_name=_("user"))
    document = models.CharField(_("document"), max_length=20, choices=Document)
    version = models.CharField(_("version"), max_length=20)
    given_at = models.DateTimeField(_("given"), default=timezone.now)
    ip_address = models.GenericIPAddressField(_("IP address"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["-given_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "document", "version"],
                condition=Q(withdrawn_at=None),
                name="consent_once_a_version",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_document_display()} {self.version}"
