"""What other parts of the shop add to an account: panels of its page, a copy of what they keep of somebody,
and what they have to say and do when somebody leaves.

Accounts may not import those that build on them, so they register here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest

from accounts.models import User

# What they keep of a user, ready for JSON.
Copier = Callable[[User], Any]
# Why somebody can't leave yet, as sentences; none where nothing stands against it.
Objector = Callable[[User], list[str]]
# Removes what has to go; called in the transaction that closes the account, which holds the user's row.
Eraser = Callable[[User], None]


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of the account's page: a template, and what it is told (nothing: it is left out)."""

    template: str
    describe: Callable[[HttpRequest, User], Mapping[str, Any] | None]


@dataclass(slots=True)
class Registry:
    """All that registered, in the order they did."""

    copiers: dict[str, Copier] = field(default_factory=dict)
    objectors: list[Objector] = field(default_factory=list)
    erasers: list[Eraser] = field(default_factory=list)
    panels: list[Panel] = field(default_factory=list)


registry = Registry()


def register_copier(name: str, copy: Copier) -> None:
    """Let `copy` (user → what JSON can hold) fill the part `name` of the file with somebody's data."""
    registry.copiers[name] = copy


def register_farewell(*, object_to: Objector | None = None, erase: Eraser | None = None) -> None:
    """Have a say when an account is closed: sentences that stand against it, and what is removed with it."""
    if object_to is not None:
        registry.objectors.append(object_to)
    if erase is not None:
        registry.erasers.append(erase)


def register_panel(panel: Panel) -> None:
    """Show the panel on the account's page."""
    registry.panels.append(panel)


def describe_panels(request: HttpRequest, user: User) -> list[tuple[str, Mapping[str, Any]]]:
    """The templates of the panels that have something to show, and what they show."""
    described = [(panel.template, panel.describe(request, user)) for panel in registry.panels]
    return [(template, context) for template, context in described if context is not None]
