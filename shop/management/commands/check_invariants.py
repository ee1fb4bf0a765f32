"""`manage.py check_invariants`: do stock, orders, bills, refunds, deliveries and cheques agree?"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from shop.orders.invariants import CHECKS, find_violations


class Command(BaseCommand):
    help = "Name everything that breaks a rule that must always hold; exit with 1 if anything does."

    def handle(self, *args: Any, **options: Any) -> None:
        violations = find_violations()
        for violation in violations:
            self.stderr.write(f"{violation.subject}: {violation.detail} ({violation.check})")
        if violations:
            raise CommandError(f"Broken: {len(violations)}.")
        self.stdout.write(f"All {len(CHECKS)} checks hold.")
