"""Tables as they really come: any form, any delimiter, spoilt by spreadsheets, never guessed."""

import io
import tracemalloc
from datetime import UTC, date, datetime
from itertools import count

import pytest

from adapters.base import AdapterError, Caution, Item, Subject
from adapters.cells import Cell, identifiers_in
from adapters.table_text import MAX_TOGETHER, Line, grouped
from adapters.tables import Column, Table
from schemas.identifiers import Scheme

TABLE = Table(
    [Column("CRN", ("case reference",), required=True), Column("Date of birth", ("dob",)),
     Column("Note")]
)  # fmt: skip
FAMILIES = Table(TABLE.columns, together=("CRN", "Note"))
ROW = "CRN,Date of birth,Note\n{}\n"


def rows(raw: str | bytes) -> list[Cell]:
    return TABLE.rows(raw if isinstance(raw, bytes) else raw.encode())


def refused(raw: str | bytes) -> tuple[str, str]:
    with pytest.raises(AdapterError) as caught:
        rows(raw)
    assert "Nasrin" not in str(caught.value)
    return caught.value.code, caught.value.pointer


def day(text: str) -> tuple[date | None, list[Caution]]:
    (row,) = rows(ROW.format(f'X1,"{text}",'))
    return row["Date of birth"].day(), row.cautions


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("form", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_any_form_delimiter_and_line_end_is_read(ending: str, delimiter: str, form: str) -> None:
    lines = ["CRN,Date of birth,Note", "X1,1990-02-01,“Café” said", 'X2,,"a', 'b"']
    raw = ending.join(lines).replace(",", delimiter).encode(form)
    one, two = rows(raw)
    assert one["Note"].text() == "“Café” said"
    assert one["Date of birth"].day() == date(1990, 2, 1)
    assert two["Note"].text() == "a\nb"
    assumed = [Caution("assumed-encoding", "/row/2")] if form == "cp1252" else []
    assert (one.cautions, two.cautions) == (assumed, [])


@pytest.mark.parametrize(
    "header",
    ["CRN,Date of birth,Note", "crn, DATE_OF_BIRTH ,note", "Case-Reference,DOB (dd/mm/yyyy),Note.",
     "CRN,dateOfBirth,Note,,,", "sep=,\r\nCRN,DOB,Note", '"CRN","Date\nof birth","Note"',
     "\n\nCRN,DOB,Note"],
)  # fmt: skip
def test_headers_are_known_in_any_dress(header: str) -> None:
    (row,) = rows(f"{header}\n\n,,,\nX1,1990-02-01,n,,\n,,")
    assert [row[name].text() for name in ("CRN", "Date of birth", "Note")] == [
        "X1",
        "1990-02-01",
        "n",
    ]
    assert row.cautions == []


def test_words_above_the_header_and_unknown_columns_are_pointed_at() -> None:
    one, two = rows("Residents,\nCRN,Colour,Note\nX1,Nasrin,\nX2,,\n")
    assert one.cautions == [
        Caution("unmapped-body", "/row/1"),
        Caution("unknown-field", "/row/3/column/2"),
    ]
    assert two.cautions == [Caution("unmapped-body", "/row/1")]


def test_a_header_that_comes_again_is_no_row() -> None:
    assert len(rows("CRN,Note\nX1,a\nCRN,Note\nX2,b\n")) == 2


@pytest.mark.parametrize(
    ("raw", "code", "pointer"),
    [
        ("", "unsupported-shape", ""),
        ("a,b\n1,2\n", "unsupported-shape", ""),
        ("CRN,Note\n", "empty-batch", ""),
        ("CRN,Note\n,\n", "empty-batch", ""),
        ("CRN,Note\n\nX1,Smith, Nasrin\n", "ragged-row", "/row/3/column/3"),
        ("CRN,Note,CRN\nX1,,Nasrin\n", "duplicate-key", "/row/2/column/CRN"),
        ('CRN,Note\nX1,"Nasrin" said\n', "not-csv", "/row/2"),
        ('CRN,Note\nX1,"Nasrin\nX2,\n', "not-csv", "/row/2"),
        (f'CRN,Note\nX1,"{"Nasrin" * 30_000}\n', "too-long", "/row/2"),
        (f"CRN,Note\nX1,{'Nasrin,' * 200_000}\n", "too-long", ""),
        ("CRN,Note\nX1,\x00\n", "bad-character", "/row/2"),
        ("CRN,Note\nX1,a\n".encode("utf-16-le"), "bad-character", "/row/2"),
        ("CRN,Note\nX1,a\n".encode("utf-16")[:-1], "unknown-encoding", ""),
        (b"CRN,Note\nX1,\x81\n", "unknown-encoding", "/row/2"),
        (b"\xef\xbb\xbfCRN,Note\nX1,\xe9\n", "unknown-encoding", "/row/2"),
    ],
)
def test_what_cannot_be_told_apart_is_refused_and_placed(
    raw: str | bytes, code: str, pointer: str
) -> None:
    assert refused(raw) == (code, pointer)


def test_cells_that_moved_in_a_row_of_empty_ends_are_found_by_what_they_are() -> None:
    """An extra empty cell is nothing, unless a day is looked for and words stand there."""
    fine, moved = rows("CRN,Note,Date of birth\nX1,Place,1/2/1990,,\nX2,Place, Nasrin,\n,")
    assert fine["Date of birth"].day() == date(1990, 2, 1)
    assert fine.cautions == []
    with pytest.raises(AdapterError, match="ragged-row at /row/3/column/Date of birth"):
        moved["Date of birth"].day()


def test_a_short_row_and_a_column_that_stands_twice_are_pointed_at() -> None:
    short, same = rows("CRN,Date of birth,Note,crn\nX1\nX2,,,X2\n")
    assert short.cautions == [Caution("ragged-row", "/row/2/column/Date of birth")]
    assert same.cautions == [Caution("duplicate-key", "/row/3/column/CRN")]


@pytest.mark.parametrize(
    "text", ["1990-02-01", "01/02/1990", "1/2/1990", "1.2.1990", " 1/2/1990 9:30", "1 Feb 1990",
             "1-feb-1990", "01 February 1990", "1990-02-01T00:00:00Z", "1/2/1990 00:00:00"],
)  # fmt: skip
def test_a_day_is_read_day_first_or_by_the_name_of_its_month(text: str) -> None:
    assert day(text) == (date(1990, 2, 1), [])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("01/02/90", "two-digit-year"),
        ("1-Feb-90", "two-digit-year"),
        ("32905", "serial-date"),
        ("32905.5", "serial-date"),
        ("02/13/1990", "month-first-date"),
        ("31/02/1990", "unreadable-date"),
        ("########", "unreadable-date"),
        ("1990", "unreadable-date"),
        ("01/01/1900", "placeholder"),
    ],
)
def test_what_a_spreadsheet_made_of_a_day_is_not_guessed_back(text: str, code: str) -> None:
    assert day(text) == (None, [Caution(code, "/row/2/column/Date of birth")])


def test_beside_a_date_with_its_month_first_no_other_is_believed() -> None:
    (row,) = rows(ROW.format("X1,1/2/1990,02/13/1990"))
    assert row["Date of birth"].day() is None
    assert row.cautions == [Caution("month-first-date", "/row/2/column/Date of birth")]


@pytest.mark.parametrize("table", [TABLE, FAMILIES])
@pytest.mark.parametrize("form", ["utf-8", "utf-8-sig", "utf-16"])
def test_one_date_with_its_month_first_leaves_none_of_its_table_believed(
    table: Table, form: str
) -> None:
    """Whichever row it is in, also where each payload is read again alone."""
    below = "X1,1/2/1990,\nX2,14/2/1990,\nX3,1990-02-01,\nX4,02/13/1990,\n"
    raw = f"sep=,\nResidents\nCRN,DOB,Note\n{below}".encode(form)
    items = table.split(raw)
    alone = [table.rows(item.raw)[0] for item in items]
    days = [row["Date of birth"].day() for row in alone]
    assert days == [None, date(1990, 2, 14), date(1990, 2, 1), None]
    assert [row.cautions[1:] for row in alone] == [
        [Caution("month-first-date", "/row/3/column/Date of birth")] if day is None else []
        for day in days
    ]
    assert [item.placed("/row/3") for item in items] == [f"/row/{row}" for row in (3, 4, 5, 6)]
    assert [table.split(item.raw) for item in items] == [[Item(item.raw)] for item in items]
    assert table.rows(raw)[0]["Date of birth"].day() is None


@pytest.mark.parametrize("ending", ["", ",,", '"'])
def test_that_dates_are_doubtful_may_be_said_of_a_table(ending: str) -> None:
    quote = ending if ending == '"' else ""
    raw = f"{quote}dates=month-first{ending}\r\nCRN,DOB,Note\r\nX1,1/2/1990,\r\nX2,,\r\n"
    for item in TABLE.split(raw.encode()):
        assert item.raw.count(b"month-first") == 1
    assert rows(raw)[0]["Date of birth"].day() is None


def test_numbers_flags_and_times_may_have_blanks_around_them() -> None:
    number, yes, moment = rows("CRN,Note\nX1, 7 \nX1, Yes \nX1,1/2/2024 9:30\n")
    assert (number["Note"].integer(), number["Note"].number(), number["CRN"].word()) == (7, 7, "X1")
    assert yes["Note"].flag() is True
    assert moment["Note"].time() == datetime(2024, 2, 1, 9, 30, tzinfo=UTC)
    assert rows("CRN,Note\nX1,\n")[0]["Note"].integer() is None


@pytest.mark.parametrize(
    ("scheme", "text", "verified", "codes"),
    [
        (Scheme.CRN, " X123456 ", True, []),
        (Scheme.CRN, "x123456", False, ["unverified-identifier"]),
        (Scheme.NOMS, "1.2E+10", False, ["spreadsheet-number", "unverified-identifier"]),
        (Scheme.VISOR, "1.2E10", False, ["spreadsheet-number"]),
        (Scheme.VISOR, "12345", False, ["spreadsheet-number"]),
        (Scheme.VISOR, "03-Apr", False, ["spreadsheet-number"]),
        (Scheme.VISOR, "V-0123", True, []),
    ],
)
def test_a_reference_that_became_a_number_is_kept_unverified(
    scheme: Scheme, text: str, verified: bool, codes: list[str]
) -> None:
    (row,) = rows(f"CRN,Note\n{text},\n")
    (one,) = identifiers_in("house", [(scheme, row["CRN"])])
    assert (one.value, one.verified) == (text.strip(), verified)
    assert [caution.code for caution in row.cautions] == codes


def test_the_subject_of_the_push_counts_as_named() -> None:
    (row,) = rows("CRN,Note\n,a\n")
    subject = Subject(Scheme.CRN, "X123456")
    (one,) = identifiers_in("house", [(Scheme.CRN, row["CRN"])], subject)
    assert (one.value, one.verified) == ("X123456", True)


def test_one_row_is_one_payload_with_the_header_and_its_own_bytes() -> None:
    raw = 'A list\r\nCRN,Note\r\n\r\nX1,"a\r\nb"\r\n,\r\nX2,caf\xe9'.encode("cp1252")
    one, two = TABLE.split(raw)
    assert one.raw == b'A list\r\nCRN,Note\r\nX1,"a\r\nb"\r\n'
    assert two.raw == b"A list\r\nCRN,Note\r\nX2,caf\xe9"
    assert (one.rows, two.rows) == ((2, 4), (2, 6))
    assert two.placed("/row/3/column/CRN") == "/row/6/column/CRN"
    assert [two.placed(same) for same in ("/row/1", "/row/9", "/cases/0", "")] == [
        "/row/1",
        "/row/9",
        "/cases/0",
        "",
    ]
    assert TABLE.split(two.raw) == [Item(two.raw)]


def test_a_row_without_a_line_end_gets_one_only_where_another_follows() -> None:
    raw = b"CRN,Note\nX1,a\nX2,b\nX1,c"
    one, two = FAMILIES.split(raw)
    assert (one.raw, two.raw) == (b"CRN,Note\nX1,a\nX1,c", b"CRN,Note\nX2,b\n")


def test_rows_that_share_a_value_directly_or_through_others_stay_together() -> None:
    raw = b"CRN,Note\nX1,a\nX2,b\n,\nX1,c\nX3,\nX2,c\nX4,c\n"
    assert [item.rows for item in FAMILIES.split(raw)] == [(1, 2, 3, 5, 7, 8), (1, 6)]


def test_rows_that_must_be_held_together_are_held_to_a_limit_that_the_refusal_names() -> None:
    endless = (Line(number, "X1,a\n" * 1000, []) for number in count(2))
    with pytest.raises(AdapterError, match=f"at most {MAX_TOGETHER} characters") as caught:
        grouped(endless, lambda row: [row.number % 7])
    assert caught.value.code == "too-long"


def test_a_bad_row_costs_only_itself() -> None:
    good, bad, after = TABLE.split(b'CRN,Note\nX1,a\nX2,"b"c\nX3,d\n')
    assert TABLE.rows(good.raw)
    with pytest.raises(AdapterError, match="not-csv"):
        TABLE.rows(bad.raw)
    assert TABLE.rows(after.raw)


def test_a_closed_table_has_no_place_for_what_it_does_not_know() -> None:
    closed = Table(TABLE.columns, closed=True)
    assert closed.rows(b"CRN,Colour\nX1,\n")
    with pytest.raises(AdapterError) as caught:
        closed.rows(b"CRN,Colour\nX1,Nasrin\n")
    assert (caught.value.code, caught.value.pointer) == ("unknown-column", "/row/2/column/2")


def test_a_file_is_cut_while_it_is_read_and_never_held() -> None:
    rows = b"".join(b"X%d,%b\n" % (number, b"n" * 200) for number in range(2_000))
    file = io.BytesIO(b"CRN,Note\n" + rows)
    tracemalloc.start()
    try:
        items = TABLE.items(file)
        assert next(items).rows == (1, 2)
        assert file.tell() < len(rows) // 2
        assert sum(1 for _ in items) == 1_999
        assert tracemalloc.get_traced_memory()[1] < len(rows) // 2
    finally:
        tracemalloc.stop()
