"""Which payment provider the demo plays: QIWI, or YooKassa with `PAYMENT_PROVIDER=yookassa make demo`."""

import secrets
from collections.abc import Mapping
from pathlib import Path

from anyberry.demo.ports import HOST

SHOP_ID = "506751"  # the account that the emulated YooKassa answers for
PROVIDERS = ("qiwi", "yookassa")


class ProviderUnknown(Exception):
    """The demo can't play this provider. Its text is one sentence a person can act on."""


def choose_provider(given: Mapping[str, str]) -> str:
    """The provider the environment names, QIWI where it names none. Raises ProviderUnknown."""
    provider = given.get("PAYMENT_PROVIDER") or "qiwi"
    if provider not in PROVIDERS:
        raise ProviderUnknown(f"PAYMENT_PROVIDER must be {' or '.join(PROVIDERS)}, not {provider!r}.")
    return provider


def describe_provider(given: Mapping[str, str], emulator_url: str) -> dict[str, str]:
    """The environment in which the shop takes money at the emulator. Raises ProviderUnknown."""
    provider = choose_provider(given)
    if provider == "yookassa":
        return {
            "PAYMENT_PROVIDER": provider,
            "YOOKASSA_API_URL": f"{emulator_url}/v3",
            "YOOKASSA_SHOP_ID": SHOP_ID,
            "YOOKASSA_SECRET_KEY": given.get("YOOKASSA_SECRET_KEY") or secrets.token_urlsafe(24),
            # It signs nothing: the shop believes the emulator for where it is.
            "YOOKASSA_NOTIFY_NETWORKS": f"{HOST}/32",
        }
    return {
        "PAYMENT_PROVIDER": provider,
        "QIWI_API_URL": emulator_url,
        "QIWI_SECRET_KEY": given.get("QIWI_SECRET_KEY") or secrets.token_urlsafe(24),
    }


def list_emulator_options(environment: Mapping[str, str], shop_url: str, folder: Path) -> list[str]:
    """The options of the emulator that plays this environment's provider; its memory is in the folder."""
    provider = choose_provider(environment)
    secret = environment[f"{provider.upper()}_SECRET_KEY"]
    # Each provider remembers its own bills: those of the other are not its business.
    state = "emulator.sqlite3" if provider == "qiwi" else f"emulator-{provider}.sqlite3"
    # One word: a secret may begin with a dash, and would be taken for an option.
    options = ["--provider", provider, f"--secret={secret}", "--state", str(folder / state)]
    options += ["--callback-url", f"{shop_url}/api/v1/{provider}/callback/"]
    return [*options, "--shop-id", SHOP_ID] if provider == "yookassa" else options
