"""Tables of the admin as spreadsheets: nothing in them is computed, letters and times stay readable."""

import datetime as dt
import logging
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.admin.views.mixins import SpreadsheetExportMixin

logger = logging.getLogger(__name__)

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n")
BYTE_ORDER_MARK = "\ufeff".encode()
CHUNK = 1_000


def neutralize_formula(text: str) -> str:
    """The text so that a spreadsheet shows it and never computes it."""
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text


def tell_local_time(moment: dt.datetime) -> dt.datetime:
    """The moment in the shop's time zone, to the second, without naming the zone: spreadsheets know none."""
    return timezone.localtime(moment).replace(tzinfo=None, microsecond=0)


class SafeExportMixin(SpreadsheetExportMixin):
    """A list whose export holds what strangers typed: text stays text in CSV and in XLSX.

    `export_right` is asked for, where there is one. CSV is written while it is read from the database; a
    workbook is made in memory, so that it holds `most_rows` at most.
    """

    request: HttpRequest
    export_right = ""
    most_rows = 20_000
    custom_value_preprocess = SpreadsheetExportMixin.custom_value_preprocess | {
        dt.datetime: {
            SpreadsheetExportMixin.FORMAT_XLSX: tell_local_time,
            SpreadsheetExportMixin.FORMAT_CSV: lambda moment: f"{tell_local_time(moment):%Y-%m-%d %H:%M:%S}",
        },
        str: {SpreadsheetExportMixin.FORMAT_CSV: neutralize_formula},
    }

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Refuse the file to those who may only look at the list."""
        if self.is_export and not self.may_export:
            raise PermissionDenied
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response

    @property
    def may_export(self) -> bool:
        """Whether the user may take the list away as a file."""
        return not self.export_right or self.request.user.has_perm(self.export_right)

    @property
    def show_export_buttons(self) -> bool:
        """Shown to those who may."""
        return bool(self.list_export) and self.may_export

    def as_spreadsheet(self, queryset: Sequence[Any], spreadsheet_format: str) -> HttpResponseBase:
        """The file; or, for a workbook that would be too large, the list again with a word about it."""
        if spreadsheet_format == self.FORMAT_XLSX and bool(queryset[self.most_rows : self.most_rows + 1]):
            messages.error(
                self.request,
                _("A workbook holds %(count)d rows at most: narrow the list, or take CSV.")
                % {"count": self.most_rows},
            )
            query = self.request.GET.copy()
            query.pop("export")
            return redirect(f"{self.request.path}?{query.urlencode()}")
        logger.info(
            "User %s exports %s as %s", self.request.user.pk, self.export_filename, spreadsheet_format
        )
        response: HttpResponseBase = super().as_spreadsheet(queryset, spreadsheet_format)
        return response

    def stream_csv(self, queryset: Sequence[Any]) -> Iterator[bytes]:
        """The table, with the mark by which spreadsheets know Cyrillic letters."""
        yield BYTE_ORDER_MARK
        yield from super().stream_csv(read_in_chunks(queryset))

    def write_xlsx(self, queryset: Sequence[Any], output: Any) -> None:
        """The workbook."""
        super().write_xlsx(read_in_chunks(queryset), output)


class ChunkedRows:
    """Rows of a query as Wagtail's export reads them, without ever holding all of them."""

    def __init__(self, queryset: QuerySet[Any]) -> None:
        self.queryset = queryset
        self.model = queryset.model  # headings are taken from it

    def __iter__(self) -> Iterator[Any]:
        return self.queryset.iterator(chunk_size=CHUNK)


def read_in_chunks(rows: Any) -> Iterable[Any]:
    """Rows of a query a chunk at a time; those that are here already as they are."""
    return ChunkedRows(rows) if isinstance(rows, QuerySet) else rows
