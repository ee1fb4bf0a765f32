"""The demo's words and numbers, read from the TOML files in `content/`."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

DEMO_DIR = Path(__file__).resolve().parent
CONTENT_DIR = DEMO_DIR / "content"
PICTURES_DIR = DEMO_DIR / "pictures"

Record = dict[str, Any]


class DemoContentError(Exception):
    """A file of the demo's content does not fit; the text names it."""


def read_file(name: str) -> Record:
    """One file of the content as a dictionary. Raises DemoContentError where it is missing or broken."""
    try:
        with (CONTENT_DIR / name).open("rb") as file:
            return tomllib.load(file)
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise DemoContentError(f"content/{name}: {error}") from error


def read_folder(name: str) -> Iterator[Record]:
    """Every file of a folder of the content, in the order of their names."""
    for path in sorted((CONTENT_DIR / name).glob("*.toml")):
        yield read_file(f"{name}/{path.name}")
