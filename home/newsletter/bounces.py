"""Reading what the mail server tells of addresses: a CSV file of address, kind and date."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from home.newsletter.models import Subscriber
from home.newsletter.services import suppress

COLUMNS = 3
HEADER = "address"
UNREADABLE = "\N{REPLACEMENT CHARACTER}"  # what stands for bytes that are no text
REASONS = {"bounce": Subscriber.Reason.BOUNCE, "complaint": Subscriber.Reason.COMPLAINT}


class BadLine(Exception):
    """The line says nothing that could be believed; the text says why."""


@dataclass
class Report:
    """What came of a file; `bad` has the number of each bad line and what is wrong with it."""

    suppressed: int = 0
    unchanged: int = 0
    bad: list[tuple[int, str]] = field(default_factory=list)


def import_bounces(lines: Iterable[str]) -> Report:
    """Suppress each address that the lines tell of; the same file again changes nothing."""
    report = Report()
    for number, line in enumerate(lines, start=1):
        row = next(iter(read_rows([line])), [])
        if not row or (number == 1 and row[0].lower() == HEADER):
            continue
        try:
            address, reason, at = read_line(row)
        except BadLine as fault:
            report.bad.append((number, str(fault)))
            continue
        if suppress(email=address, reason=reason, at=at):
            report.suppressed += 1
        else:
            report.unchanged += 1
    return report


def read_rows(lines: Iterable[str]) -> Iterator[list[str]]:
    """The cells of each line that has any, without the space around them."""
    for row in csv.reader(line.replace("\0", UNREADABLE) for line in lines):
        cells = [cell.strip() for cell in row]
        if any(cells):
            yield cells


def read_line(row: list[str]) -> tuple[str, str, datetime]:
    """Address, reason and time of one line. Raises BadLine."""
    if len(row) != COLUMNS:
        raise BadLine(f"{len(row)} columns in place of address, kind, date")
    address, kind, date = row
    try:
        validate_email(address)
    except ValidationError as error:
        raise BadLine(f"{address!r} is no address") from error
    if UNREADABLE in address:
        raise BadLine(f"{address!r} is no address")
    if kind.lower() not in REASONS:
        raise BadLine(f"{kind!r} is neither bounce nor complaint")
    return address, REASONS[kind.lower()], read_time(date)


def read_time(text: str) -> datetime:
    """A date, or a date and time, in ISO 8601; ours where it names no zone. Raises BadLine."""
    try:
        moment = parse_datetime(text)
        day = None if moment else parse_date(text)
    except ValueError as error:
        raise BadLine(f"{text!r} is no date") from error
    if moment is None and day is not None:
        moment = datetime(day.year, day.month, day.day)  # noqa: DTZ001 -- it gets our zone below
    if moment is None:
        raise BadLine(f"{text!r} is no date")
    return timezone.make_aware(moment) if timezone.is_naive(moment) else moment
