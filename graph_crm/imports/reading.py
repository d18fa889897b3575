"""A file becomes a sheet of rows, or one clear refusal that says where it is broken and what to do.

Nothing is repaired: a file whose rows cannot be told apart for certain is refused as a whole.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from charset_normalizer import from_bytes

from graph_crm.imports.types import BrokenFiles, Problem, ProblemCode, Row, Sheet
from graph_crm.language import Sentence, say

LARGEST_FILE: Final = 256 * 1024 * 1024
LONGEST_FIELD: Final = 100_000
MOST_COLUMNS: Final = 500
MOST_PROBLEMS: Final = 100
DELIMITERS: Final = (",", ";", "\t", "|")
SAMPLE_BYTES: Final = 256 * 1024

# UTF-32 first: its mark begins like that of UTF-16.
BYTE_ORDER_MARKS: Final = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

# What a detector may answer for a file that is not UTF-8: what spreadsheets write on one system or another.
LIKELY_ENCODINGS: Final = [
    "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "mac_roman", "cp850",
    "cp932", "gb18030", "big5", "cp949",
]  # fmt: skip

WESTERN: Final = "cp1252"
AS_LITTLE_CHAOS: Final = 0.01

OTHER_FORMATS: Final = (
    (b"PK\x03\x04", "XLSX/ZIP"),
    (b"\xd0\xcf\x11\xe0", "XLS"),
    (b"%PDF", "PDF"),
    (b"\x1f\x8b", "GZIP"),
)


class Broken(Exception):
    """One problem of the file that is being read."""

    def __init__(
        self, sentence: Sentence, *, row: int = 0, column: str | None = None, value: str | None = None
    ) -> None:
        super().__init__(sentence.text)
        self.sentence = sentence
        self.row = row
        self.column = column
        self.value = value


def read_files(paths: Sequence[Path]) -> list[Sheet]:
    """Each file as a sheet. Raises `BrokenFiles` with the problems of all files."""
    sheets: list[Sheet] = []
    problems: list[Problem] = []
    for path in paths:
        try:
            sheets.append(read_file(path))
        except BrokenFiles as broken:
            problems += broken.problems
    if problems:
        raise BrokenFiles.of(problems)
    return sheets


def read_file(path: Path) -> Sheet:
    """A CSV file as a sheet. Raises `BrokenFiles`."""
    file = path.name
    try:
        content = bytes_of(path)
        return sheet_of(file, content)
    except Broken as broken:
        problem = Problem(
            ProblemCode.BROKEN, file, broken.row, broken.column, shortened(broken.value), broken.sentence
        )
        raise BrokenFiles.of([problem]) from None


def bytes_of(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise Broken(say("{file} is larger than {limit} MB. Split it.", file=path.name, limit=LARGEST_FILE >> 20))
        return path.read_bytes()
    except (FileNotFoundError, IsADirectoryError):
        raise Broken(say("{file} is no file that can be read. Check the path.", file=path.name)) from None
    except OSError as error:
        raise Broken(
            say("{file} cannot be opened ({reason}).", file=path.name, reason=error.strerror or "?")
        ) from None


def sheet_of(file: str, content: bytes) -> Sheet:
    """The sheet that these bytes are. Raises `Broken` or `BrokenFiles`."""
    for mark, name in OTHER_FORMATS:
        if content.startswith(mark):
            raise Broken(
                say(
                    "{file} is a file of another format ({format}), not CSV. Open it and save it as CSV (UTF-8).",
                    file=file,
                    format=name,
                )
            )
    text, encoding = decoded(file, content)
    if not text.strip():
        raise Broken(say("{file} is empty. A header row and at least one row were expected.", file=file))
    text, declared = without_separator_line(text)
    lines = list(io.StringIO(text, newline=""))
    refuse_nul(file, lines)
    delimiter = declared or delimiter_of(lines)
    records = records_of(file, lines, delimiter)
    columns = header_of(file, records[0])
    rows = rows_of(file, records[1:], columns)
    if not rows:
        raise Broken(
            say("{file} has a header and no rows. At least one row was expected under it.", file=file), row=1
        )
    return Sheet(file, hashlib.sha256(content).hexdigest(), encoding, delimiter, columns, rows)


def decoded(file: str, content: bytes) -> tuple[str, str]:
    """The text and the encoding it was in: its byte order mark, UTF-8, else what a detector finds."""
    for mark, encoding in BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return decoded_as(file, content, encoding), encoding.removesuffix("-sig")
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    sample = content[:SAMPLE_BYTES]
    sample = sample[: sample.rfind(b"\n") + 1] or sample
    if encoding := wide_encoding(sample):
        return decoded_as(file, content, encoding), encoding
    encoding = likeliest(sample)
    return decoded_as(file, content, encoding), encoding


def likeliest(sample: bytes) -> str:
    """The encoding that makes most sense of bytes that are not UTF-8; western Europe's when it makes as much."""
    matches = list(from_bytes(sample, cp_isolation=LIKELY_ENCODINGS))
    if not matches or any(
        WESTERN in match.could_be_from_charset and match.chaos <= matches[0].chaos + AS_LITTLE_CHAOS
        for match in matches
    ):
        return WESTERN
    return matches[0].encoding


def wide_encoding(sample: bytes) -> str | None:
    """UTF-16 without a mark: every other byte of ordinary text is zero."""
    if len(sample) < 4 or sample.count(0) < len(sample) * 0.4:
        return None
    return "utf-16-le" if sample[1::2].count(0) > sample[::2].count(0) else "utf-16-be"


def decoded_as(file: str, content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise Broken(
            say(
                "{file}, line {line}: these bytes are no text in {encoding}. Save the file as CSV (UTF-8).",
                file=file,
                line=line,
                encoding=encoding,
            ),
            row=line,
        ) from None


def without_separator_line(text: str) -> tuple[str, str | None]:
    """Spreadsheets may begin with a line `sep=;` that names the separator."""
    first, _, rest = text.partition("\n")
    named = first.strip().lower()
    if named.startswith("sep=") and len(named) == 5:
        return rest, named[4]
    return text, None


def refuse_nul(file: str, lines: Sequence[str]) -> None:
    for number, line in enumerate(lines, start=1):
        if "\x00" in line:
            raise Broken(
                say(
                    "{file}, line {line}: it holds a NUL character, which is no text. Export the file again.",
                    file=file,
                    line=number,
                ),
                row=number,
            )


def delimiter_of(lines: Sequence[str]) -> str:
    """The separator that cuts the header into most columns, and the next rows into as many."""
    sample = list(lines[:50])
    best, best_score = ",", (0, 0)
    for delimiter in DELIMITERS:
        try:
            records = [record for record in csv.reader(sample, delimiter=delimiter) if record]
        except csv.Error:
            continue
        width = len(records[0])
        if width > 1:
            agreeing = sum(len(record) == width for record in records)
            score = (agreeing * 2 > len(records), width)
            if score > best_score:
                best, best_score = delimiter, score
    return best


def records_of(file: str, lines: list[str], delimiter: str) -> list[tuple[int, int, list[str]]]:
    """Spreadsheet row, first line and cells of each record that holds anything."""
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    records: list[tuple[int, int, list[str]]] = []
    number, line = 0, 1
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return records
        except csv.Error as error:
            raise broken_record(file, lines, line, number, delimiter, str(error)) from None
        if any(cells):
            records.append((number, line, cells))
        line = reader.line_num + 1


def broken_record(file: str, lines: Sequence[str], line: int, number: int, delimiter: str, reason: str) -> Broken:
    """What is wrong with the record that begins on this line."""
    column, closed = open_quote(lines[line - 1 :], delimiter)
    place = {"file": file, "row": number, "line": line, "column": column}
    if "field larger" in reason:
        return too_long(file, number, line, str(column))
    if closed:
        return Broken(
            say(
                "{file}, row {row} (line {line}), column {column}: text follows the quote that closes the cell. A "
                'quote inside a quoted cell is written twice (""). Mend this row.',
                **place,
            ),
            row=number,
            column=str(column),
        )
    return Broken(
        say(
            "{file}, row {row} (line {line}), column {column}: a quote opens here and is never closed, so the rest "
            "of the file belongs to this cell. Close the quote or remove it.",
            **place,
        ),
        row=number,
        column=str(column),
    )


def too_long(file: str, number: int, line: int, column: str) -> Broken:
    return Broken(
        say(
            "{file}, row {row} (line {line}), column {column}: the cell is longer than {limit} characters. A quote "
            "that is never closed makes such cells: check it, or shorten the text.",
            file=file,
            row=number,
            line=line,
            column=column,
            limit=LONGEST_FIELD,
        ),
        row=number,
        column=column,
    )


def open_quote(lines: Sequence[str], delimiter: str) -> tuple[int, bool]:
    """The column at which a record goes wrong, and whether its quote was closed before that."""
    column, state = 1, "start"
    for line in lines:
        for character in line:
            match state:
                case "start" | "plain":
                    if character == delimiter:
                        column, state = column + 1, "start"
                    elif character == '"' and state == "start":
                        state = "quoted"
                    elif character in "\r\n":
                        return column, False
                    else:
                        state = "plain"
                case "quoted":
                    if character == '"':
                        state = "closing"
                case _:
                    if character == '"':
                        state = "quoted"
                    elif character == delimiter:
                        column, state = column + 1, "start"
                    else:
                        return column, True
    return column, False


def header_of(file: str, record: tuple[int, int, list[str]]) -> tuple[str, ...]:
    """The names of the columns, each once."""
    number, _, cells = record
    columns = tuple(cell.strip() for cell in cells)
    while columns and not columns[-1]:
        columns = columns[:-1]
    if len(columns) > MOST_COLUMNS:
        raise Broken(
            say("{file} has more than {limit} columns. Leave out what is not needed.", file=file, limit=MOST_COLUMNS),
            row=number,
        )
    first: dict[str, int] = {}
    for position, column in enumerate(columns, start=1):
        if not column:
            raise Broken(
                say("{file}: column {position} has no name. Name it or remove it.", file=file, position=position),
                row=number,
                column=str(position),
            )
        key = column.casefold()
        if key in first:
            raise Broken(
                say(
                    "{file}: columns {first} and {second} are both named {name}. Give one of them another name or "
                    "remove it.",
                    file=file,
                    first=first[key],
                    second=position,
                    name=column,
                ),
                row=number,
                column=column,
            )
        first[key] = position
    return columns


def rows_of(file: str, records: Sequence[tuple[int, int, list[str]]], columns: tuple[str, ...]) -> list[Row]:
    """The rows, each as wide as the header. Raises `BrokenFiles` with every row that is not."""
    width = len(columns)
    rows: list[Row] = []
    problems: list[Problem] = []
    for number, line, cells in records:
        extra = cells[width:]
        if len(cells) < width or any(extra):
            problems.append(
                Problem(
                    ProblemCode.BROKEN,
                    file,
                    number,
                    columns[min(len(cells), width) - 1],
                    None,
                    say(
                        "{file}, row {row} (line {line}): it has {found} cells where the header has {expected}. "
                        "Check its quotes and separators.",
                        file=file,
                        row=number,
                        line=line,
                        found=len(cells),
                        expected=width,
                    ),
                )
            )
            if len(problems) == MOST_PROBLEMS:
                break
            continue
        for column, cell in zip(columns, cells, strict=False):
            if len(cell) > LONGEST_FIELD:
                raise too_long(file, number, line, column)
        rows.append(Row(number, line, tuple(cells[:width])))
    if problems:
        raise BrokenFiles.of(problems)
    return rows


def shortened(value: str | None) -> str | None:
    return value if value is None or len(value) <= 200 else f"{value[:199]}…"
