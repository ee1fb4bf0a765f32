"""Who can sign in to the demo: one person for each role, with a password of this installation's own."""

import json
import secrets
from dataclasses import dataclass
from pathlib import Path

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.models import Group
from django.db import transaction

from accounts.models import Address, User
from accounts.roles import COURIERS, EDITORS, MANAGERS, MODERATORS, PACKERS
from accounts.services import save_default_address

Logins = dict[str, dict[str, str]]


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
    Person("moderator", "moderator@anyberry.example", "Мария Правдина", group=MODERATORS, is_staff=True),
    Person("manager", "manager@anyberry.example", "Михаил Складский", group=MANAGERS, is_staff=True),
    Person("packer", "packer@anyberry.example", "Пётр Лукошкин", group=PACKERS, is_staff=True),
    Person("courier", "courier@anyberry.example", "Кирилл Возилов", phone="+79997654321", group=COURIERS),
    Person("owner", "owner@anyberry.example", "Ольга Ягодина", is_staff=True, is_owner=True),
)


def load_people() -> User:
    """Make each person that is missing; write var/demo-users.json. The owner."""
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
