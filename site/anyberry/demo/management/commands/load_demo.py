"""`./manage.py load_demo`: the demo shop; with `--berries 10000` a big catalog beside it, for measuring."""

import logging
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from anyberry.demo.bulk import load_bulk
from anyberry.demo.loader import commit_without_waiting, load_demo
from anyberry.demo.source import DemoContentError

MOST_BERRIES = 1_000_000


class Command(BaseCommand):
    help = "Load the demo shop. Run again, it adds what is missing and keeps everything else as it is."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--berries",
            type=int,
            default=0,
            metavar="N",
            help="fill the catalog up to N invented berries for measuring",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, and say how long it took. Raises CommandError where the content is broken."""
        if not 0 <= options["berries"] <= MOST_BERRIES:
            raise CommandError(f"--berries must be between 0 and {MOST_BERRIES}")
        started = time.monotonic()
        # Wagtail tells of every page and every index entry.
        logging.disable(logging.INFO)
        try:
            with commit_without_waiting():
                load_demo(self.say)
                if options["berries"]:
                    load_bulk(options["berries"], say=self.say)
        except DemoContentError as error:
            raise CommandError(str(error)) from error
        finally:
            logging.disable(logging.NOTSET)
        self.stdout.write(f"The demo shop is loaded ({time.monotonic() - started:.1f} s).")

    def say(self, text: str) -> None:
        """Tell what is being loaded, for those who asked to be told."""
        if self.verbosity > 1:
            self.stdout.write(f"  {text} …")

    def execute(self, *args: Any, **options: Any) -> str | None:
        self.verbosity = int(options["verbosity"])
        return super().execute(*args, **options)
