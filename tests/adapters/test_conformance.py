"""Every adapter in the registry is held to the suite that anybody's adapter is held to."""

from pathlib import Path

from adapters.fields import leaves, told
from adapters.registry import HOUSE
from adapters.testing.suite import *  # noqa: F403
from adapters.testing.tested import Candidate
from schemas.person import Person

OWN_WORDS = {"cpr", "approved_premises"}
"""The core person record and the residents' list are passed on in their own words: no code is
looked up, none is unknown."""


def test_every_package_of_an_adapter_is_registered() -> None:
    home = Path(__file__).parents[2] / "adapters"
    packages = {file.parts[-2] for file in home.glob("*/__init__.py")}
    assert packages - {"testing"} == set(HOUSE)


def test_every_adapter_that_looks_codes_up_is_tried_with_an_unknown_one() -> None:
    untried = {system for system in HOUSE if not Candidate.of(system).unknown_code}
    assert untried == OWN_WORDS


def test_every_adapter_declares_what_its_format_holds_and_most_write_it() -> None:
    assert all(adapter.lines for adapter in HOUSE.values())
    assert {system for system, one in HOUSE.items() if not one.exports} == {"cpr", "ppud"}
    assert all(one.exports[0].readable for one in HOUSE.values() if one.exports)


def test_paths_and_what_a_document_tells_in_them() -> None:
    assert leaves(Person)[:3] == ["name.forenames", "name.surname", "name.dateOfBirth"]
    document = {
        "name": {"surname": "Alder", "forenames": []},
        "addresses": [{"lines": ["1 High Street"], "type": "Main"}, {"lines": []}, {"type": ""}],
        "gender": None,
    }
    assert told(document, ["name", "addresses[].lines", "gender"]) == {
        "name": {"surname": "Alder"},
        "addresses": [{"lines": ["1 High Street"]}],
    }
