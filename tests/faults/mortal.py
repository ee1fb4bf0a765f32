"""Become another program, one that ends when whoever started it does (where the kernel can do that)."""

import os
import signal
import sys

from anyberry.engines.keeper import build_death_wish

if __name__ == "__main__":
    ask_kernel = build_death_wish(signal.SIGTERM)
    if ask_kernel:
        ask_kernel()
    os.execv(sys.argv[1], sys.argv[1:])  # noqa: S606 -- the command of the test
