"""Payment providers: one folder each, chosen by code. Deleting a folder and its line removes a provider."""

from importlib import import_module
from typing import cast

from payments.providers.base import PaymentProvider, Unsupported

# Read when asked for, so that one provider's libraries and settings never burden another.
PROVIDERS = {
    "qiwi": "payments.providers.qiwi.provider",
    "yookassa": "payments.providers.yookassa.provider",
}


def get_provider(code: str) -> PaymentProvider:
    """Return the provider, configured from the settings as they are now. Raises Unsupported."""
    if code not in PROVIDERS:
        message = f"No payment provider is called {code!r}"
        raise Unsupported(message)
    module = import_module(PROVIDERS[code])
    return cast("PaymentProvider", module.build_provider())
