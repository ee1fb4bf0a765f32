"""`manage.py import_bounces FILE`: stop writing to addresses that bounce or complained."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from home.newsletter.bounces import import_bounces


class Command(BaseCommand):
    """Reads a CSV file of address, kind (bounce or complaint) and date. Running it again changes nothing."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One file."""
        parser.add_argument("file", type=Path, help="CSV: address,kind,date; kind is bounce or complaint")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import the good lines, and fail at the end where there were bad ones."""
        try:
            with options["file"].open(encoding="utf-8-sig", errors="replace", newline="") as lines:
                report = import_bounces(lines)
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror}") from error
        for number, fault in report.bad:
            self.stderr.write(f"line {number}: {fault}")
        self.stdout.write(f"{report.suppressed} suppressed, {report.unchanged} known or no subscribers")
        if report.bad:
            raise CommandError(f"{len(report.bad)} lines could not be read; the others were imported")
