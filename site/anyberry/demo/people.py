"""Who can sign in to the demo: one person for each role, with a password of this installation's own."""

import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import Q
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

from accounts.models import Address, User
from accounts.services import save_default_address

Logins = dict[str, dict[str, str]]

# Groups by their codes in the permissions below; names are what the admin shows.
EDITORS = "Editors"
MANAGERS = "Managers"

PAGE_RIGHTS = ("add", "change", "publish", "lock", "unlock")
COLLECTION_RIGHTS = (
    "add_image",
    "change_image",
    "choose_image",
    "add_document",
    "change_document",
    "choose_document",
)
EDITOR_RIGHTS = ("wagtailadmin.access_admin", "wagtail_localize.submit_translation")
MANAGER_RIGHTS = (
    "wagtailadmin.access_admin",
    *(
        f"shop.{verb}_{model}"
        for model in ("berry", "pack", "category")
        for verb in ("add", "change", "view")
    ),
    *(
        f"shop.{verb}_{model}"
        for model in ("deliveryslot", "deliveryzone")
        for verb in ("add", "change", "view")
    ),
    *("shop.add_lot", "shop.view_lot", "shop.view_stockmovement"),
    *(
        "shop.view_order",
        "shop.change_order",
        "shop.view_cheque",
        "shop.view_delivery",
        "shop.change_delivery",
    ),
)


@dataclass(frozen=True, slots=True)
class Person:
    """One of the demo's users."""

    role: str
    email: str
    name: str
    phone: str = ""
    group: str = ""
    is_staff: bool = False
    is_owner: bool = False


PEOPLE = (
    Person("shopper", "shopper@anyberry.example", "Анна Малинина", phone="+79991234567"),
    Person("editor", "editor@anyberry.example", "Елена Словарёва", group=EDITORS, is_staff=True),
    Person("manager", "manager@anyberry.example", "Михаил Складский", group=MANAGERS, is_staff=True),
    Person("owner", "owner@anyberry.example", "Ольга Ягодина", is_staff=True, is_owner=True),
)


def load_people() -> User:
    """Make the groups, and each person that is missing; write var/demo-users.json. The owner."""
    load_groups()
    logins = read_logins()
    known = dict(logins)
    for person in PEOPLE:
        logins[person.role] = load_person(person, known.get(person.role))
    if logins != known:
        write_logins(logins)
    return User.objects.get(email=next(person.email for person in PEOPLE if person.is_owner))


@transaction.atomic
def load_person(person: Person, known: dict[str, str] | None) -> dict[str, str]:
    """Make the person where missing; their address and password. A known password is kept."""
    password = known["password"] if known else secrets.token_urlsafe(9)
    user = User.objects.filter(email=person.email).first()
    if user is None:
        user = User.objects.create_user(
            person.email,
            password,
            name=person.name,
            phone=person.phone,
            is_staff=person.is_staff,
            is_superuser=person.is_owner,
        )
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        furnish_person(user, person)
    elif known is None:
        user.set_password(password)
        user.save(update_fields=["password"])
    return {"email": person.email, "password": password}


def furnish_person(user: User, person: Person) -> None:
    """Put a new person into their group; a shopper gets an address."""
    if person.group:
        user.groups.add(Group.objects.get(name=person.group))
    if person.role == "shopper":
        address = Address(
            city="Москва", street="улица Покровка", house="12", flat="34", entrance="2", floor="5"
        )
        save_default_address(user=user, address=address)


def load_groups() -> None:
    """The two groups of staff, with at least the rights they need; rights given in the admin stay."""
    editors, _created = Group.objects.get_or_create(name=EDITORS)
    editors.permissions.add(*find_permissions(EDITOR_RIGHTS))
    root, collection = Page.get_first_root_node(), Collection.get_first_root_node()
    for permission in find_permissions(f"wagtailcore.{verb}_page" for verb in PAGE_RIGHTS):
        GroupPagePermission.objects.get_or_create(group=editors, page=root, permission=permission)
    image_rights = Permission.objects.filter(
        content_type__app_label__in=["wagtailimages", "wagtaildocs"], codename__in=COLLECTION_RIGHTS
    )
    for permission in image_rights:
        GroupCollectionPermission.objects.get_or_create(
            group=editors, collection=collection, permission=permission
        )
    managers, _created = Group.objects.get_or_create(name=MANAGERS)
    managers.permissions.add(*find_permissions(MANAGER_RIGHTS))


def find_permissions(names: Iterable[str]) -> list[Permission]:
    """Permissions by `app.codename`. Raises LookupError for a name that stands for none."""
    wanted = list(names)
    condition = Q(pk=None)
    for name in wanted:
        app, codename = name.split(".")
        condition |= Q(content_type__app_label=app, codename=codename)
    found = list(Permission.objects.filter(condition).select_related("content_type"))
    missing = set(wanted) - {f"{p.content_type.app_label}.{p.codename}" for p in found}
    if missing:
        raise LookupError(f"No such permissions: {', '.join(sorted(missing))}")
    return found


def read_logins() -> Logins:
    """What an earlier run wrote; nothing on the first one."""
    path = locate_logins()
    return json.loads(path.read_text()) if path.exists() else {}


def write_logins(logins: Logins) -> None:
    """Write the passwords for people on this machine to read, and nobody else."""
    path = locate_logins()
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".new")
    unfinished.touch(mode=0o600)
    unfinished.write_text(json.dumps(logins, indent=2, ensure_ascii=False) + "\n")
    unfinished.replace(path)


def locate_logins() -> Path:
    """Where `make demo` looks for who can sign in."""
    return Path(settings.VAR_DIR) / "demo-users.json"
