"""What follows a commit and may not undo it."""

from collections.abc import Callable
from functools import partial, update_wrapper
from typing import ParamSpec

from django.db import transaction

Given = ParamSpec("Given")


def after_commit(action: Callable[Given, object], *args: Given.args, **kwargs: Given.kwargs) -> None:
    """Do it once the surrounding transaction is committed, at once where there is none.

    What it raises is logged and stops nothing: the work is done, and what else follows it goes on.
    """
    # Django names what failed, and a bare partial has no name.
    transaction.on_commit(update_wrapper(partial(action, *args, **kwargs), action), robust=True)
