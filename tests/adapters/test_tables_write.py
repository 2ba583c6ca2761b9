"""Tables written: what went in comes back, and no spreadsheet runs any of it."""

import csv
import io
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.base import AdapterError
from adapters.cells import guarded, unguarded
from adapters.tables import Column, Table

TABLE = Table([Column("CRN", required=True), Column("Note"), Column("Remark")])
RUNS = re.compile('[\\s"\ufeff]*[=+@\uff1d\uff0b\uff0d\uff20-]')
HEADER = "CRN,Note,Remark"
NASTY = st.text(
    st.sampled_from("=+-@'\"\t\r\n,;|! aé9\uff1d") | st.characters(exclude_categories=["Cs"]),
    max_size=12,
).filter(lambda text: "\x00" not in text)
ATTACKS = [
    "=1+1", "+44 1632 960001", "-2+3+cmd|'/c calc'!A0", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1",
    "'=1", "''=1", "a,=1", "a;=1", 'a;"=1', "a\t=1", "a\n=1", "\uff1d1", "- item\n- item", "-", "=",
    '=HYPERLINK("http://x.example")', ";'=1", '"=1',
]  # fmt: skip


def safe(raw: bytes) -> bool:
    """No cell opens a formula, whichever mark the spreadsheet splits at."""
    text = raw.decode("utf-8-sig")
    own, *others = (
        [cell for row in csv.reader(io.StringIO(text, newline=""), delimiter=mark) for cell in row]
        for mark in ",;\t"
    )
    opens = any(RUNS.match(cell) for cells in (own, *others) for cell in cells)
    return not opens and not any(cell.startswith(("\t", "\r", "\n")) for cell in own)


@pytest.mark.parametrize("text", ATTACKS)
def test_no_formula_is_written_and_every_one_comes_back(text: str) -> None:
    raw = TABLE.write([{"CRN": "X1", "Note": text, "Remark": f"x{text}"}])
    assert safe(raw)
    (row,) = TABLE.rows(raw)
    assert (row.value["Note"], row.value["Remark"]) == (text, f"x{text}")


@given(st.lists(st.fixed_dictionaries({"Note": NASTY, "Remark": NASTY}), min_size=1, max_size=4))
def test_what_is_written_is_read_and_is_safe(rows: list[dict[str, str]]) -> None:
    raw = TABLE.write([{"CRN": "X1"} | row for row in rows])
    assert safe(raw)
    read = [row for item in TABLE.split(raw) for row in TABLE.rows(item.raw)]
    assert [{name: row.value[name] for name in ("Note", "Remark")} for row in read] == rows
    assert [row.cautions for row in read] == [[] for _ in rows]


@given(NASTY)
def test_the_guard_is_taken_away_exactly(text: str) -> None:
    assert unguarded(guarded(text)) == text


def test_ordinary_text_is_left_as_it_is() -> None:
    text = "It's 2-3 days; a+b, c@d.example - he said 'no'"
    assert guarded(text) == text


def test_the_form_is_the_one_spreadsheets_open() -> None:
    raw = TABLE.write([{"CRN": "X1", "Note": 'a "b"\nc'}])
    assert raw == b'\xef\xbb\xbf"CRN","Note","Remark"\r\n"X1","a ""b""\nc",""\r\n'


@settings(max_examples=400)
@given(
    st.binary()
    | st.binary().map(lambda tail: f"{HEADER}\n".encode() + tail)
    | st.text().map(lambda tail: f"{HEADER}\n{tail}".encode("utf-16", "replace"))
    | st.text(st.sampled_from('",;\t\r\n=\x00éCRN ')).map(lambda tail: f"{HEADER}\n{tail}".encode())
)
def test_any_bytes_are_rows_or_a_reason(raw: bytes) -> None:
    try:
        items = TABLE.split(raw)
    except AdapterError as error:
        assert re.fullmatch("[a-z-]+", error.code)  # noqa: PT017
        return
    for item in items:
        assert [one.raw for one in TABLE.split(item.raw)] == [item.raw]
        try:
            (row,) = TABLE.rows(item.raw)
        except AdapterError as error:
            assert error.pointer.startswith("/row/")  # noqa: PT017
        else:
            assert {name: cell for name, cell in row.value.items() if cell.strip()}


@pytest.mark.parametrize(
    "text", ["\n" * 100_000 + "x", "'" * 100_000, ", " * 50_000 + "=", '"' * 100_000 + "x"]
)
def test_long_runs_cost_no_more_than_their_length(text: str) -> None:
    assert unguarded(guarded(text)) == text
