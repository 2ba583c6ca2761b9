"""The quick way of reading an entry says exactly what parsing it would say, or nothing."""

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from audit.entry import canonical_json, identity, read_object
from audit.errors import FormatError
from audit.sealed import SealedEntry, read_line
from audit.usual import usual_identity
from tests.audit.logs import sealed

ENTRY = json.loads(sealed(4).sealed) | {"justification": "naïve “quotes”\u2028"}
USUAL = canonical_json(ENTRY).decode()
PIECES = [*'"\\{}[],:0123-.eE+ \n\t\x00', "null", "true", '""', '"id":', '"time":"x",', "é", "01"]
PLACE = st.integers(0, len(USUAL))


def parsed(text: str) -> tuple[str, str, str] | None:
    """What the verifier reads; None for what it refuses."""
    try:
        return identity(read_object(text, "the entry"), "the entry")
    except FormatError:
        return None


def test_the_form_that_the_gateway_writes_is_the_usual_one() -> None:
    assert usual_identity(USUAL.encode(), USUAL) == parsed(USUAL) != None  # noqa: E711


def test_escapes_are_left_to_the_parser() -> None:
    text = canonical_json(ENTRY | {"justification": 'a "quoted" word'}).decode()
    assert usual_identity(text.encode(), text) is None
    assert parsed(text) is not None


@given(st.lists(st.tuples(PLACE, st.integers(0, 3), st.sampled_from(PIECES)), max_size=3))
@example([(len(USUAL) - 1, 1, "")])
@example([(1, 0, '"id":"other",')])
def test_a_changed_entry_is_never_read_differently(changes: list[tuple[int, int, str]]) -> None:
    text = USUAL
    for place, cut, piece in changes:
        text = text[:place] + piece + text[place + cut :]
    quick = usual_identity(text.encode(), text)
    assert quick is None or quick == parsed(text)


TEXT = st.text(st.characters(codec="utf-8"), max_size=20)
VALUES = st.none() | TEXT | st.integers(-5, 2**53 - 1) | st.lists(TEXT, max_size=3) | st.booleans()


@given(st.dictionaries(st.sampled_from(sorted(ENTRY)), VALUES, max_size=4), TEXT)
def test_what_a_log_takes_the_verifier_reads_back(fields: dict[str, object], other: str) -> None:
    whole = ENTRY | fields
    data = canonical_json(whole)
    for entry_id in (str(whole["id"]), other):
        entry = SealedEntry(entry_id, ENTRY["time"], ENTRY["agency"], b"s" * 32, data)
        try:
            leaf, line = entry.written()
        except FormatError:
            assert parsed(data.decode()) != (entry.id, entry.time, entry.agency)
            continue
        assert (leaf, line) == (entry.leaf(), entry.line())
        assert read_line(line) == entry


@pytest.mark.parametrize(
    "data", [b"\xff", USUAL.encode("utf-16"), b"\xef\xbb\xbf" + USUAL.encode()]
)
def test_other_encodings_are_refused(data: bytes) -> None:
    entry = SealedEntry(ENTRY["id"], ENTRY["time"], ENTRY["agency"], b"s" * 32, data)
    with pytest.raises(FormatError):
        entry.written()
