"""The quick way of reading an entry says exactly what parsing it would say, or nothing."""

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from audit.entry import canonical_json, identity, read_object
from audit.errors import FormatError
from audit.sealed import SealedEntry, read_line
from audit.usual import usual_forms
from tests.audit.logs import sealed

ENTRY = json.loads(sealed(4).sealed) | {"justification": "none needed"}
NAMED = ENTRY["id"], ENTRY["time"], ENTRY["agency"]
USUAL = canonical_json(ENTRY).decode()
PIECES = [*'"\\{}[],:0123-.eE+ \n\t\x00', "null", "true", '""', '"id":', '"time":"x",', "é", "01"]
PLACE = st.integers(0, len(USUAL))
SALT = bytes(range(32))


def entry_of(text: str) -> SealedEntry:
    return SealedEntry(*NAMED, SALT, text.encode())


def carefully(entry: SealedEntry) -> tuple[bytes, bytes] | None:
    """Leaf and line of an entry by parsing it; None where it is refused."""
    try:
        entry.check()
    except FormatError:
        return None
    return entry.leaf(), entry.line()


def test_the_form_that_the_gateway_writes_is_the_usual_one() -> None:
    assert usual_forms(*entry_of(USUAL)) == carefully(entry_of(USUAL)) != None  # noqa: E711


@pytest.mark.parametrize("justification", ['a "quoted" word', "naïve", "two\nlines", "\x7f\u2028"])
def test_what_is_not_usual_is_taken_all_the_same(justification: str) -> None:
    entry = entry_of(canonical_json(ENTRY | {"justification": justification}).decode())
    assert usual_forms(*entry) is None
    assert entry.written() == carefully(entry)


@given(st.lists(st.tuples(PLACE, st.integers(0, 3), st.sampled_from(PIECES)), max_size=3))
@example([(len(USUAL) - 1, 1, "")])
@example([(1, 0, '"id":"other",')])
def test_a_changed_entry_is_never_taken_differently(changes: list[tuple[int, int, str]]) -> None:
    text = USUAL
    for place, cut, piece in changes:
        text = text[:place] + piece + text[place + cut :]
    entry = entry_of(text)
    assert usual_forms(*entry) in (None, carefully(entry))


TEXT = st.text(st.characters(codec="utf-8"), max_size=20)
VALUES = st.none() | TEXT | st.integers(-5, 2**53 - 1) | st.lists(TEXT, max_size=3) | st.booleans()


@given(st.dictionaries(st.sampled_from(sorted(ENTRY)), VALUES, max_size=4), TEXT)
def test_what_a_log_takes_the_verifier_reads_back(fields: dict[str, object], other: str) -> None:
    whole = ENTRY | fields
    data = canonical_json(whole)
    for entry_id in (str(whole["id"]), other):
        entry = SealedEntry(entry_id, *NAMED[1:], SALT, data)
        try:
            leaf, line = entry.written()
        except FormatError:
            assert parsed(data) != (entry_id, *NAMED[1:])
            continue
        assert (leaf, line) == (entry.leaf(), entry.line())
        assert read_line(line) == entry


def parsed(data: bytes) -> tuple[str, str, str] | None:
    """What the verifier reads; None for what it refuses."""
    try:
        return identity(read_object(data, "the entry"), "the entry")
    except FormatError:
        return None


@pytest.mark.parametrize(
    "data", [b"\xff", USUAL.encode("utf-16"), b"\xef\xbb\xbf" + USUAL.encode()]
)
def test_other_encodings_are_refused(data: bytes) -> None:
    with pytest.raises(FormatError):
        SealedEntry(*NAMED, SALT, data).written()


def test_a_short_salt_or_a_name_that_is_no_text_is_refused() -> None:
    for entry in (
        SealedEntry(*NAMED, SALT[1:], USUAL.encode()),
        SealedEntry("\ud800", *NAMED[1:], SALT, USUAL.encode()),
    ):
        with pytest.raises(FormatError):
            entry.written()
