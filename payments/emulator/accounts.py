"""Which providers there are to emulate."""

from payments.emulator.app import Emulator
from payments.emulator.config import Config
from payments.emulator.qiwi.app import QiwiEmulator
from payments.emulator.yookassa.app import YooKassaEmulator

ACCOUNTS: dict[str, type[Emulator]] = {"qiwi": QiwiEmulator, "yookassa": YooKassaEmulator}


def open_account(config: Config) -> Emulator:
    """Open an emulated account with the provider the config names."""
    return ACCOUNTS[config.provider](config)
