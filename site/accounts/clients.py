"""Where a request comes from, as far as our proxies can be believed."""

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest


def get_ip_address(request: HttpRequest) -> str | None:
    """The visitor's address; None where the server does not know it (a unix socket without a proxy)."""
    try:
        address: str = get_adapter(request).get_client_ip(request)
    except PermissionDenied:
        return None
    return address
