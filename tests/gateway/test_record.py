"""Entries are sealed in the log's own canonical JSON, and their ids come in the order of time."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from audit.entry import canonical_json
from gateway.exchange import entry_id
from gateway.record import canonical

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.none() | TEXT | st.integers(-(2**53) + 1, 2**53 - 1)
NAMES = st.text(st.characters(codec="ascii"))


@given(st.dictionaries(NAMES, VALUES | st.lists(TEXT | st.dictionaries(NAMES, VALUES))))
def test_it_is_the_form_that_the_log_and_its_verifier_expect(entry: dict[str, Any]) -> None:
    assert canonical(entry).encode() == canonical_json(entry)


def test_ids_grow_with_time_and_are_never_the_same() -> None:
    moment = datetime(2026, 6, 1, 9, tzinfo=UTC)
    ids = [entry_id(moment + timedelta(milliseconds=n)) for n in range(100)]
    assert ids == sorted(ids)
    assert {len(one) for one in ids} == {32}
    assert entry_id(moment) != entry_id(moment)
