#!/usr/bin/env python3
"""Django's commands, with or without the project installed."""

import os
import sys
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent


def main() -> None:
    # `site` is a plain folder on the path; its name belongs to the standard library, so it is no package.
    sys.path.insert(0, str(BASE_DIR / "site"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anyberry.settings.development")  # noqa: TID251
    from django.core.management import execute_from_command_line

    from anyberry.engines import EngineError

    try:
        execute_from_command_line(sys.argv)
    except EngineError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
