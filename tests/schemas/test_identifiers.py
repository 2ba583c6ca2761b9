"""Identifiers: one canonical spelling for a valid one, `None` for anything else (DOMAIN.md §7)."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.identifiers import (
    CHECK_LETTERS,
    LINKING,
    Scheme,
    canonical,
    canonical_cro,
    canonical_pnc,
)

SHARED = Path(__file__).parents[3] / "shared" / "vectors" / "identifiers.json"
VECTORS: dict[str, Any] = json.loads(SHARED.read_text()) if SHARED.exists() else {}
YEARS = st.integers(1950, date.today().year)


def shared(*path: str) -> list[Any]:
    """The published vectors at a path, where they are there; otherwise none."""
    found: Any = VECTORS
    for name in path:
        found = found.get(name, {})
    return list(found)


def letter(digits: str) -> str:
    """The check letter worked out by long division, apart from the code under test."""
    remainder = 0
    for digit in digits:
        remainder = (remainder * 10 + "0123456789".index(digit)) % 23
    return "ZABCDEFGHJKLMNPQRTUVWXY"[remainder]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2010/0000123K", "2010/0000123K"),
        ("2010/123K", "2010/0000123K"),
        ("10/123K", "2010/0000123K"),
        ("20100000123K", "2010/0000123K"),
        ("10123K", "2010/0000123K"),
        ("1999/0012345Z", "1999/0012345Z"),
        ("99/12345Z", "1999/0012345Z"),
        ("2010/0000123L", None),
        ("2010/0000123k", None),
        ("2010/0000123", None),
        ("2010/00000123K", None),
        ("010/123K", None),
        ("2010/R", None),
        ("٢٠١٠/123K", None),
        ("2010/0000123K\n", None),
        ("", None),
    ],
)
def test_pnc(text: str, expected: str | None) -> None:
    assert canonical_pnc(text, 2026) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("000123/10Y", "000123/10Y"),
        ("123/10Y", "000123/10Y"),
        ("SF10/123C", "SF10/123C"),
        ("SF10/000123C", None),
        ("000123/10C", None),
        ("123/2010Y", None),
        ("sf10/123C", None),
        ("", None),
    ],
)
def test_cro(text: str, expected: str | None) -> None:
    assert canonical_cro(text) == expected


@pytest.mark.parametrize(
    ("scheme", "valid", "invalid"),
    [
        (Scheme.CRN, ["X123456", "AB123456"], ["x123456", "X12345", "X1234567", "ABC123456", ""]),
        (Scheme.NOMS, ["A1234BC"], ["A1234B", "a1234bc", "A12345BC", " A1234BC", ""]),
        (Scheme.VISOR, ["V/10/123", "abc-1"], ["", "/", "a b", "x" * 40]),
        (Scheme.VCMS, ["VC-1"], ["", "VC 1"]),
        (Scheme.BOOKING, ["38412A"], ["", "3"]),
    ],
)
def test_forms(scheme: Scheme, valid: list[str], invalid: list[str]) -> None:
    assert [canonical(scheme, text) for text in valid] == valid
    assert not any(canonical(scheme, text) for text in invalid)


@given(YEARS, st.integers(0, 9_999_999))
def test_every_spelling_of_a_pnc_is_the_same_pnc(year: int, serial: int) -> None:
    check = letter(f"{year % 100:02}{serial:07}")
    spellings = [
        f"{year}/{serial}{check}",
        f"{year}/{serial:07}{check}",
        f"{year}{serial:07}{check}",
    ]
    assert {canonical(Scheme.PNC, text) for text in spellings} == {f"{year}/{serial:07}{check}"}
    for wrong in set("ABCDEFGHIJKLMNOPQRSTUVWXYZ") - {check}:
        assert canonical_pnc(f"{year}/{serial}{wrong}") is None


@given(st.integers(0, 99), st.integers(0, 999_999))
def test_a_cro_is_padded_and_a_file_only_one_is_not(year: int, serial: int) -> None:
    check = letter(f"{year:02}{serial:06}")
    assert canonical(Scheme.CRO, f"{serial}/{year:02}{check}") == f"{serial:06}/{year:02}{check}"
    plain = letter(f"{year:02}{serial}")
    assert canonical_cro(f"SF{year:02}/{serial}{plain}") == f"SF{year:02}/{serial}{plain}"


@given(st.sampled_from(Scheme), st.text(max_size=20))
def test_anything_else_gives_none_or_a_spelling_that_stays(scheme: Scheme, text: str) -> None:
    spelling = canonical(scheme, text)
    assert spelling is None or canonical(scheme, spelling) == spelling


def test_the_century_turns_with_the_year() -> None:
    check = letter("270012345")
    assert canonical_pnc(f"27/12345{check}", 2026) == f"1927/0012345{check}"
    assert canonical_pnc(f"27/12345{check}", 2027) == f"2027/0012345{check}"


def test_what_links_and_what_does_not() -> None:
    assert {Scheme.BOOKING, Scheme.VCMS} == set(Scheme) - LINKING
    assert set(CHECK_LETTERS).isdisjoint("IOS")


READERS: dict[str, Callable[[str], str | None]] = {
    "pnc": lambda text: canonical_pnc(text, VECTORS["reference_year"]),
    "cro": canonical_cro,
}


@pytest.mark.parametrize("scheme", READERS)
def test_published_vectors(scheme: str) -> None:
    read = READERS[scheme]
    for case in (*shared(scheme, "valid"), *shared(scheme, "invalid")):
        assert read(case["input"]) == case["canonical"], case
    for first, second, alike in shared(scheme, "same"):
        assert (read(first) == read(second)) is alike, (first, second)
    for case in shared(scheme, "century"):
        assert canonical_pnc(case["input"], case["reference_year"]) == case["canonical"], case


def test_published_vectors_with_two_right_answers() -> None:
    for case in shared("implementation_defined", "cases"):
        assert READERS[case["kind"]](case["input"]) in case["allowed"], case


@pytest.mark.parametrize("scheme", [Scheme.NOMS, Scheme.CRN])
def test_published_forms(scheme: Scheme) -> None:
    for text in shared("other_identifiers", scheme.value, "valid"):
        assert canonical(scheme, text) == text
    for case in shared("other_identifiers", scheme.value, "invalid"):
        assert canonical(scheme, case["input"]) is None, case
