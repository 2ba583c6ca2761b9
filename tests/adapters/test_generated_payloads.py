"""No answer that an upstream system's own description allows breaks an adapter. The short form;
`make fuzz` is the long one. Without the descriptions beside the repository it is skipped."""

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from tests.adapters.upstream import __main__ as command
from tests.adapters.upstream import operations as described
from tests.adapters.upstream.making import Maker
from tests.adapters.upstream.operations import READ_BY, Operation, operations
from tests.adapters.upstream.outcomes import CRASHED, outcome, payload, tally

EACH = 12
OPERATIONS = operations()
OWN = Path(__file__).with_name("upstream") / "person-api.json"
DOCUMENT: dict[str, Any] = json.loads(OWN.read_bytes())
PERSON: dict[str, Any] = DOCUMENT["components"]["schemas"]["Person"]
AMBIGUOUS = {"type", "oneOf", "anyOf"}
"""Not asserted: `nullable` is no word of JSON Schema, and some choices allow one value twice."""


@pytest.mark.skipif(not OPERATIONS, reason="the OpenAPI files are not beside the repository")
@pytest.mark.parametrize("system", sorted(set(READ_BY.values())))
def test_what_the_descriptions_allow_is_mapped_or_refused_by_name(system: str) -> None:
    answers = [one for one in OPERATIONS if one.system == system]
    assert answers, "no description of this system is there"
    for operation in answers:
        counts, crashes = tally(operation, 0, EACH)
        assert crashes == []
        assert counts.total() == EACH


def test_what_is_made_is_what_the_schema_allows() -> None:
    for operation in [*OPERATIONS, Operation("cpr", "here", PERSON, DOCUMENT)]:
        schema = {"components": operation.document.get("components", {})} | operation.schema
        validator = jsonschema_rs.Draft202012Validator(schema)
        for seed in range(3):
            made = json.loads(payload(operation, seed))
            problems = [e for e in validator.iter_errors(made) if e.kind.name not in AMBIGUOUS]
            assert [str(error) for error in problems] == [], operation.name


def test_the_same_number_makes_the_same_payload_and_others_differ() -> None:
    made = [Maker(DOCUMENT, str(seed)).value(PERSON) for seed in range(30)]
    assert made == [Maker(DOCUMENT, str(seed)).value(PERSON) for seed in range(30)]
    assert all(one["kind"]["is"] == "Tagged" for one in made)
    assert {"born", "aliases", "more"} <= set().union(*made)
    assert {one["lastName"] is None for one in made} == {True, False}


def test_the_command_tells_what_became_of_each_and_fails_on_a_crash(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(described, "OPENAPI", tmp_path)
    assert command.main(["--count", "4"]) == 2
    (tmp_path / "core-person-record.json").write_text(json.dumps(DOCUMENT))
    assert command.main(["--count", "4"]) == 0
    assert "4 payloads of 1 operations; crashed: 0" in capsys.readouterr().out
    monkeypatch.setitem(READ_BY, "core-person-record", "no-such-adapter")
    assert command.main(["--count", "2"]) == 1
    told = capsys.readouterr().out
    assert "core-person-record: GET /person, seed 0: KeyError" in told
    assert "crashed: 2" in told


def test_the_words_for_what_became_of_a_payload() -> None:
    assert outcome("cpr", b"[]") == "empty-batch"
    assert outcome("cpr", b"{}") == "unsupported-shape"
    assert outcome("cpr", b'{"identifiers": {}, "lastName": "Larkspur"}') == "mapped"
    assert CRASHED not in {outcome("cpr", b"7"), outcome("cpr", b"[7, 8]")}
