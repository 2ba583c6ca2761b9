"""Entries are sealed in the log's own canonical JSON, and their ids come in the order of time."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from audit.entry import canonical_json
from audit.usual import usual_forms
from gateway.exchange import entry_id
from gateway.record import canonical
from gateway.store import checkpoints
from tests.gateway.world import Gateway

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


def test_what_the_gateway_writes_is_what_the_log_takes_in_without_parsing(gateway: Gateway) -> None:
    """A member that the log does not know of would cost every entry a parse."""
    gateway.responsible("PP").get(f"/v1/persons/crn:{gateway.hero.crn}/mappa")
    with gateway.reading() as connection:
        [newest] = checkpoints.after(connection, gateway.entries() - 1, 1)
    _, identity, time, agency, salt, text = newest
    assert usual_forms(identity, time, agency, bytes.fromhex(salt), text.encode()) is not None
