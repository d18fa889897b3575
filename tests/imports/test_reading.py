"""A file becomes rows, or one sentence that says where it is broken and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph_crm.imports.child import read_apart
from graph_crm.imports.reading import read_file, read_files
from graph_crm.imports.types import BrokenFiles, Sheet
from graph_crm.language import Language

TABLE = "Nom,Prénom,Ville\nLefèvre,Thérèse,Besançon\nDuprès,Hélène,Nîmes\n"


def sheet(folder: Path, content: bytes, name: str = "people.csv") -> Sheet:
    path = folder / name
    path.write_bytes(content)
    return read_file(path)


def refusal(folder: Path, content: bytes, name: str = "people.csv") -> str:
    with pytest.raises(BrokenFiles) as caught:
        sheet(folder, content, name)
    return caught.value.sentence.read(Language.EN)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_accents_survive_every_encoding_and_separator(tmp_path: Path, encoding: str, delimiter: str) -> None:
    read = sheet(tmp_path, TABLE.replace(",", delimiter).encode(encoding))
    assert read.columns == ("Nom", "Prénom", "Ville")
    assert [row.cells for row in read.rows] == [("Lefèvre", "Thérèse", "Besançon"), ("Duprès", "Hélène", "Nîmes")]
    assert read.delimiter == delimiter


def test_polish_and_russian_files_are_read_in_their_own_encoding(tmp_path: Path) -> None:
    polish = "Nazwisko;Miasto\nŁukasiewicz;Łódź\nZażółć;Gdańsk\nWiśniewski;Kraków\nŚwierczyński;Poznań\n"
    russian = "Имя;Город\nИванов;Москва\nПетров;Санкт-Петербург\nСидоров;Нижний Новгород\n"
    assert sheet(tmp_path, polish.encode("cp1250")).rows[0].cells == ("Łukasiewicz", "Łódź")
    assert sheet(tmp_path, russian.encode("cp1251")).rows[0].cells == ("Иванов", "Москва")


def test_quotes_hold_separators_and_lines(tmp_path: Path) -> None:
    read = sheet(tmp_path, b'Name,Note\n"Bond, Williams","first line\nsecond ""line"""\nPlain,text\n')
    assert [row.cells for row in read.rows] == [
        ("Bond, Williams", 'first line\nsecond "line"'),
        ("Plain", "text"),
    ]
    assert [(row.number, row.line) for row in read.rows] == [(2, 2), (3, 4)]


def test_a_line_that_names_the_separator_is_no_header(tmp_path: Path) -> None:
    assert sheet(tmp_path, b"sep=;\r\nName;City\r\nAna;Paris\r\n").columns == ("Name", "City")


def test_blank_rows_are_no_rows_but_count(tmp_path: Path) -> None:
    read = sheet(tmp_path, b"Name,City\n\nAna,Paris\n,\nBo,Lyon\n")
    assert [(row.number, row.cells[0]) for row in read.rows] == [(3, "Ana"), (5, "Bo")]


def test_a_quote_that_is_never_closed_names_its_row_and_column(tmp_path: Path) -> None:
    content = b'Name,City,Note\nAna,Paris,ok\nBo,"Lyon,never closed\nCy,Nice,ok\n'
    assert refusal(tmp_path, content) == (
        "people.csv, row 3 (line 3), column 2: a quote opens here and is never closed, so the rest of the file "
        "belongs to this cell. Close the quote or remove it. Nothing was imported."
    )


def test_text_after_a_closing_quote_names_its_row_and_column(tmp_path: Path) -> None:
    content = b'Name,Note\n"two\nlines",fine\n"Bo","the "best" one"\n'
    assert refusal(tmp_path, content) == (
        "people.csv, row 3 (line 4), column 2: text follows the quote that closes the cell. A quote inside a quoted "
        'cell is written twice (""). Mend this row. Nothing was imported.'
    )


def test_every_ragged_row_is_listed(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_bytes(b"Name,City\nAna\nBo,Lyon\nCy,Nice,extra\n")
    with pytest.raises(BrokenFiles) as caught:
        read_file(path)
    assert [(problem.row, problem.sentence.read(Language.EN)) for problem in caught.value.problems] == [
        (
            2,
            "people.csv, row 2 (line 2): it has 1 cells where the header has 2. Check its quotes and separators.",
        ),
        (
            4,
            "people.csv, row 4 (line 4): it has 3 cells where the header has 2. Check its quotes and separators.",
        ),
    ]


def test_two_columns_of_one_name_are_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path, b"Name,Phone,phone\nAna,1,2\n").startswith(
        "people.csv: columns 2 and 3 are both named phone."
    )


def test_a_column_without_a_name_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path, b"Name,,City\nAna,1,Paris\n").startswith("people.csv: column 2 has no name.")


@pytest.mark.parametrize("content", [b"", b"\n\n", b"  \n", "\ufeff".encode()])
def test_an_empty_file_is_refused(tmp_path: Path, content: bytes) -> None:
    assert refusal(tmp_path, content).startswith("people.csv is empty.")


def test_a_header_alone_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path, b"Name,City\n\n").startswith("people.csv has a header and no rows.")


def test_a_nul_character_is_refused_with_its_line(tmp_path: Path) -> None:
    assert refusal(tmp_path, b"Name,City\nAna,Pa\x00ris\n").startswith("people.csv, line 2: it holds a NUL character")


@pytest.mark.parametrize("length", [100_001, 200_000])
def test_a_cell_of_a_book_is_refused(tmp_path: Path, length: int) -> None:
    content = b"Name,Note\nAna,short\nBo," + b"x" * length + b"\n"
    assert "row 3 (line 3), column" in refusal(tmp_path, content)
    assert "is longer than 100,000 characters" in refusal(tmp_path, content)


@pytest.mark.parametrize(
    ("start", "name"), [(b"PK\x03\x04", "XLSX/ZIP"), (b"\xd0\xcf\x11\xe0", "XLS"), (b"%PDF", "PDF")]
)
def test_a_file_of_another_format_is_refused_whatever_its_name(tmp_path: Path, start: bytes, name: str) -> None:
    assert refusal(tmp_path, start + b"rest").startswith(f"people.csv is a file of another format ({name})")


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "nowhere.csv", tmp_path):
        with pytest.raises(BrokenFiles, match="is no file that can be read"):
            read_file(path)


def test_the_problems_of_all_files_are_listed_together(tmp_path: Path) -> None:
    (tmp_path / "one.csv").write_bytes(b"Name\n")
    (tmp_path / "two.csv").write_bytes(b"")
    (tmp_path / "good.csv").write_bytes(b"Name\nAna\n")
    with pytest.raises(BrokenFiles) as caught:
        read_files([tmp_path / "one.csv", tmp_path / "good.csv", tmp_path / "two.csv"])
    assert [problem.file for problem in caught.value.problems] == ["one.csv", "two.csv"]
    assert "There is 1 more problem like it. Nothing was imported." in str(caught.value)


def test_another_process_reads_the_same_and_refuses_the_same(tmp_path: Path) -> None:
    good, broken = tmp_path / "good.csv", tmp_path / "broken.csv"
    good.write_bytes(b"Name,City\nAna,Paris\n")
    broken.write_bytes(b'Name,City\nAna,"Paris\n')
    assert read_apart([good]) == read_files([good])
    with pytest.raises(BrokenFiles, match="never closed"):
        read_apart([good, broken])
