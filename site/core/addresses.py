"""Addresses that a visitor's browser sends in its headers: anybody may have written them."""

from urllib.parse import SplitResult, urlsplit


def split_address(address: str) -> SplitResult:
    """The parts of an address; all of them are empty where it is none (`http://[`)."""
    try:
        return urlsplit(address)
    except ValueError:
        return urlsplit("")
