"""Excel and CSV files as people send them: which sheets they have, the head of each, and its rows.

Nothing is executed and no formula is computed; merged cells have the value of their first one everywhere; a file that is
built to exhaust the server is refused. Rows come one by one, so that a long file needs no more memory than a short one.
"""
import csv
import io
import itertools
import re
import zipfile
from datetime import date, datetime

from openpyxl import load_workbook
from openpyxl.utils import range_boundaries

from .errors import BadInput
from .text import clean_line

MOST_ROWS = 50_000
MOST_COLUMNS = 60
MOST_MERGED = 20_000
MOST_UNPACKED = 400 * 1024 * 1024
MOST_PARTS = 2_000
HEAD_ROWS = 20  # within them stands the head
SEPARATORS = ',;\t|'
_MERGED = re.compile(rb'<mergeCell ref="([A-Z]{1,3}[0-9]{1,7}:[A-Z]{1,3}[0-9]{1,7})"')


class Book:
    """The sheets of one file.

    :param data: bytes of an XLSX or CSV file
    :raises BadInput: ``sheet_unreadable``, ``sheet_too_big``
    """

    def __init__(self, data):
        self._data = data
        self._archive = _opened(data) if data[:2] == b'PK' else None
        if self._archive:
            try:
                self._book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
            except Exception:
                # a damaged workbook makes the reader raise almost anything
                raise BadInput('sheet_unreadable') from None
            self.names = [sheet.title for sheet in self._book.worksheets]
        else:
            self._text = _decoded(data)
            self.names = ['']

    def head(self, name):
        """``(row number, [texts])`` of the row that names the columns, or ``(0, [])`` in an empty sheet."""
        for number, values in itertools.islice(self._all(name), HEAD_ROWS):
            texts = [cell_text(value) for value in values]
            while texts and not texts[-1]:
                texts.pop()
            if sum(map(bool, texts)) >= 2:
                return number, texts
        return 0, []

    def rows(self, name, after=0):
        """``(row number, [values])`` of the filled rows below the head, and below row ``after``.

        :raises BadInput: ``sheet_too_big`` beyond ``MOST_ROWS``
        """
        first = max(self.head(name)[0], after)
        for number, values in self._all(name):
            if number > MOST_ROWS:
                raise BadInput('sheet_too_big', rows=MOST_ROWS)
            if number > first and any(cell_text(value) for value in values):
                yield number, values

    def _all(self, name):
        if not self._archive:
            yield from enumerate(([*row[:MOST_COLUMNS]] for row in _csv_rows(self._text)), 1)
            return
        sheet = self._book[name]
        sheet.reset_dimensions()  # what programs note there is often wrong
        merged = self._merged(sheet)
        kept = {}
        try:
            for number, row in enumerate(sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS), 1):
                values = list(row)
                for at, first in merged.get(number, ()):
                    values += [None] * (at + 1 - len(values))
                    if first == (number, at):
                        kept[first] = values[at]
                    else:
                        values[at] = kept.get(first)
                while values and values[-1] is None:
                    values.pop()
                yield number, values
        except (ValueError, KeyError, TypeError, SyntaxError, zipfile.BadZipFile):
            raise BadInput('sheet_unreadable') from None

    def _merged(self, sheet):
        """``{row: [(column, (row, column) of the first cell)]}`` of the merged cells."""
        found = {}
        count = 0
        for match in _MERGED.finditer(self._archive.read(sheet._worksheet_path)):
            left, top, right, bottom = range_boundaries(match[1].decode())
            for row in range(top, min(bottom, MOST_ROWS) + 1):
                for column in range(left, min(right, MOST_COLUMNS) + 1):
                    count += 1
                    if count > MOST_MERGED:
                        raise BadInput('sheet_too_big', rows=MOST_ROWS)
                    found.setdefault(row, []).append((column - 1, (top, left - 1)))
        return found


def cell_text(value):
    """What a person reads in a cell, in one clean line: whole numbers without a fraction, days as ``YYYY-MM-DD``."""
    if value is None or isinstance(value, bool):
        return '' if value is None else str(int(value))
    if isinstance(value, datetime | date):
        return value.strftime('%Y-%m-%d')
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    return clean_line(str(value))


def _opened(data):
    """The archive of a workbook, which does not unpack to more than a server can hold and defines no entities."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError):
        raise BadInput('sheet_unreadable') from None
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise BadInput('sheet_too_big', rows=MOST_ROWS)
    for part in parts:
        if part.filename.endswith(('.xml', '.rels')):
            with archive.open(part) as stream:
                if b'<!' in stream.read(1024).replace(b'<!--', b''):
                    raise BadInput('sheet_unreadable')
    return archive


def _decoded(data):
    if b'\0' in data[:4096]:
        raise BadInput('sheet_unreadable')
    for encoding in ('utf-8-sig', 'cp1256'):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadInput('sheet_unreadable')


def _csv_rows(text):
    first = text.splitlines()[0] if text.strip() else ''
    separator = max(SEPARATORS, key=first.count)
    try:
        yield from csv.reader(io.StringIO(text), delimiter=separator)
    except csv.Error:
        raise BadInput('sheet_unreadable') from None
