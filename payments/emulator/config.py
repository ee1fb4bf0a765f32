"""How an emulator is set up: by options, or by the environment where an option is left out."""

import argparse
import os
from collections.abc import Sequence
from dataclasses import dataclass

PROVIDERS = ("qiwi", "yookassa")
# The account an emulator answers for where nobody names another one: siteId, shopId.
ACCOUNTS = {"qiwi": "9hh4jb-00", "yookassa": "506751"}
SECRETS = {"qiwi": "QIWI_SECRET_KEY", "yookassa": "YOOKASSA_SECRET_KEY"}
SITES = {"qiwi": "QIWI_SITE_ID", "yookassa": "YOOKASSA_SHOP_ID"}


@dataclass(slots=True)
class Config:
    """One emulated account. `callback_url` may be changed while it runs."""

    secret: str
    provider: str = "qiwi"
    host: str = "127.0.0.1"
    port: int = 8001
    # QIWI: siteId; YooKassa: shopId.
    site_id: str = ""
    callback_url: str = ""
    public_url: str = ""
    state: str = ":memory:"
    # Real QIWI repeats a notification for a day; 0.001 makes a quarter of an hour one second.
    retry_scale: float = 0.001
    control_token: str = ""
    # What a second PUT of one bill gets; QIWI documents neither: the bill as it is, or a conflict.
    repeat_conflicts: bool = False
    # Seconds a bill can still be paid after its time: QIWI's own expiry lags.
    expiry_lag: float = 0.0

    def __post_init__(self) -> None:
        self.site_id = self.site_id or ACCOUNTS[self.provider]


def parse_arguments(arguments: Sequence[str]) -> Config:
    """Read the command line; whatever it leaves out comes from the environment, then from the defaults."""
    parser = argparse.ArgumentParser(
        prog="python -m payments.emulator",
        description="A payment provider that runs on a laptop. No money moves.",
        epilog="Options left out are read from QIWI_SECRET_KEY, QIWI_SITE_ID (YOOKASSA_SECRET_KEY, "
        "YOOKASSA_SHOP_ID) and EMULATOR_HOST, _PORT, _CALLBACK_URL, _PUBLIC_URL, _STATE, _RETRY_SCALE, "
        "_CONTROL_TOKEN.",
    )
    parser.add_argument("--host", default=_read("EMULATOR_HOST", "127.0.0.1"))
    parser.add_argument("--port", type=int, default=int(_read("EMULATOR_PORT", "8001")))
    parser.add_argument("--provider", choices=PROVIDERS, default=_read("EMULATOR_PROVIDER", "qiwi"))
    parser.add_argument("--secret", default="", help="the key the shop has for this provider")
    parser.add_argument("--site-id", "--shop-id", default="", help="the account: siteId or shopId")
    parser.add_argument("--callback-url", default=_read("EMULATOR_CALLBACK_URL", ""), help="empty: silence")
    parser.add_argument(
        "--public-url", default=_read("EMULATOR_PUBLIC_URL", ""), help="as the browser sees it"
    )
    parser.add_argument("--state", default=_read("EMULATOR_STATE", ":memory:"), help="file that survives")
    parser.add_argument("--retry-scale", type=float, default=float(_read("EMULATOR_RETRY_SCALE", "0.001")))
    parser.add_argument("--control-token", default=_read("EMULATOR_CONTROL_TOKEN", ""))
    parser.add_argument("--repeat-conflicts", action="store_true", help="answer a second PUT with 409")
    parser.add_argument("--expiry-lag", type=float, default=0.0, metavar="SECONDS")
    options = parser.parse_args(arguments)
    options.secret = options.secret or _read(SECRETS[options.provider], "")
    options.site_id = options.site_id or _read(SITES[options.provider], "")
    if not options.secret:
        parser.error(f"--secret (or {SECRETS[options.provider]}) is needed")
    return Config(**vars(options))


def _read(name: str, default: str) -> str:
    return os.environ.get(name, default)  # noqa: TID251 (the emulator has no Django settings)
