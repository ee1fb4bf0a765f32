"""What must be true of the payment settings before the project starts."""

from collections.abc import Callable, Sequence
from ipaddress import ip_network
from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from payments.providers import PROVIDERS

# The largest network YooKassa names is an IPv6 /32.
MAX_NETWORK = 2**96


@register
def check_payment_provider(
    app_configs: Sequence[AppConfig] | None,
    **kwargs: Any,
) -> list[CheckMessage]:
    """Refuse a provider we don't know, a missing key, and QIWI itself: it is closed."""
    if settings.PAYMENT_PROVIDER not in PROVIDERS:
        known = ", ".join(sorted(PROVIDERS))
        return [Error(f"PAYMENT_PROVIDER must be one of: {known}", id="payments.E001")]
    return CHECKS[settings.PAYMENT_PROVIDER]()


def check_qiwi() -> list[CheckMessage]:
    """Find what is wrong with QIWI's settings."""
    errors: list[CheckMessage] = []
    host = urlsplit(settings.QIWI_API_URL).hostname or ""
    is_closed_bank = host == "qiwi.com" or host.endswith(".qiwi.com")
    if settings.ENVIRONMENT == "production" and (not host or is_closed_bank):
        errors.append(
            Error(
                "QIWI Bank lost its licence in February 2024: nobody can pay there",
                hint="Set QIWI_API_URL to an emulator, or PAYMENT_PROVIDER to a provider that is open.",
                id="payments.E002",
            )
        )
    if not settings.QIWI_SECRET_KEY:
        errors.append(Error("QIWI_SECRET_KEY is empty", id="payments.E003"))
    return errors


def check_yookassa() -> list[CheckMessage]:
    """Find what is wrong with YooKassa's settings."""
    errors: list[CheckMessage] = [
        Error(f"{name} is empty", id="payments.E004")
        for name in ("YOOKASSA_SHOP_ID", "YOOKASSA_SECRET_KEY")
        if not getattr(settings, name)
    ]
    try:
        networks = [ip_network(network) for network in settings.YOOKASSA_NOTIFY_NETWORKS]
    except ValueError as error:
        return [*errors, Error(f"YOOKASSA_NOTIFY_NETWORKS: {error}", id="payments.E005")]
    if settings.ENVIRONMENT == "production" and any(
        network.num_addresses > MAX_NETWORK for network in networks
    ):
        errors.append(Error("YOOKASSA_NOTIFY_NETWORKS trusts half the Internet", id="payments.E006"))
    is_plain = urlsplit(settings.YOOKASSA_API_URL).scheme != "https"
    if settings.ENVIRONMENT == "production" and is_plain:
        errors.append(Error("YOOKASSA_API_URL must be https: it carries the secret key", id="payments.E007"))
    return errors


# How to look at each provider's settings.
CHECKS: dict[str, Callable[[], list[CheckMessage]]] = {"qiwi": check_qiwi, "yookassa": check_yookassa}
