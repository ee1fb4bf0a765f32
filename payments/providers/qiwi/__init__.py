"""QIWI's P2P bills (closed in February 2024; spoken here with our emulator)."""
