"""Users in the Wagtail admin: ours sign in by e-mail and have one field for what they are called."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from wagtail.users.forms import UserCreationForm as WagtailCreationForm
from wagtail.users.forms import UserEditForm as WagtailEditForm
from wagtail.users.views.users import CreateView, EditView
from wagtail.users.views.users import UserViewSet as WagtailUserViewSet

from accounts.mailboxes import follow_email
from accounts.models import User

FIELDS = ["email", "name", "phone", "language", "is_superuser", "groups"]


class UserCreationForm(WagtailCreationForm):
    """A new user."""

    first_name = last_name = None

    class Meta:
        model = User
        fields = FIELDS
        widgets = {"groups": forms.CheckboxSelectMultiple}

    def clean_email(self) -> str:
        """Addresses are stored in lower case."""
        email: str = self.cleaned_data["email"]
        return email.lower()


class UserEditForm(WagtailEditForm):
    """A user that exists; one who is not active can't sign in."""

    first_name = last_name = None

    class Meta:
        model = User
        fields = [*FIELDS, "is_active"]
        widgets = {"groups": forms.CheckboxSelectMultiple}

    def clean_email(self) -> str:
        """Addresses are stored in lower case."""
        email: str = self.cleaned_data["email"]
        return email.lower()


class OwnersOnlyMixin:
    """Only owners (superusers) make owners, and nobody else touches their accounts."""

    request: HttpRequest

    def get_form(self, form_class: Any = None) -> forms.ModelForm[User]:
        """The form; the switch that makes an owner is locked for everybody else."""
        form: forms.ModelForm[User] = super().get_form(form_class)  # type: ignore[misc]  # Wagtail's views have it
        if "is_superuser" in form.fields:  # nobody is asked about themselves
            form.fields["is_superuser"].disabled = not self.request.user.is_superuser
        return form


class UserCreateView(OwnersOnlyMixin, CreateView):
    """Make a user, whose address is confirmed when they first sign in."""

    def save_instance(self) -> User:
        """Store the user and their address."""
        user: User = super().save_instance()
        follow_email(user=user)
        return user


class UserEditView(OwnersOnlyMixin, EditView):
    """Change a user."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Refuse to show an owner's account to those who are none."""
        super().setup(request, *args, **kwargs)
        if self.object.is_superuser and not request.user.is_superuser:
            raise PermissionDenied

    def save_instance(self) -> User:
        """Store the user; another address has to be confirmed, and the old one is told."""
        old: str = self.form.initial["email"]
        user: User = super().save_instance()
        if user.email != old:
            follow_email(user=user, old=old)
        return user


class UserViewSet(WagtailUserViewSet):
    """The users' part of the admin."""

    add_view_class = UserCreateView
    edit_view_class = UserEditView
    create_template_name = "accounts/admin/create.html"
    edit_template_name = "accounts/admin/edit.html"

    def get_form_class(self, for_update: bool = False) -> type[forms.ModelForm[User]]:  # noqa: FBT001, FBT002 -- Wagtail's signature
        """Our forms."""
        return UserEditForm if for_update else UserCreationForm
