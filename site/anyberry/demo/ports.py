"""Ports of 127.0.0.1."""

import socket

HOST = "127.0.0.1"
LAST_PORT = 65535


def is_free(port: int) -> bool:
    """Tell whether a server could listen on the port now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def find_free_port(start: int) -> int:
    """The first free port from `start` on."""
    for port in range(start, LAST_PORT + 1):
        if is_free(port):
            return port
    raise LookupError(f"no free port from {start} on")
