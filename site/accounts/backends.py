"""Who somebody is: allauth's way, with one query fewer for every page of theirs."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from accounts.models import User
from accounts.services import load_user


class ShopBackend(AuthenticationBackend):
    """Signs people in as allauth does; a session's user knows whether their address is confirmed."""

    def get_user(self, user_id: Any) -> User | None:
        """The user of a session; None for one who is gone or may not sign in any more."""
        user = load_user(user_id)
        return user if user and self.user_can_authenticate(user) else None
