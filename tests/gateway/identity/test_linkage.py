"""What the linkage proposes, and what it must never propose: twins, siblings, father and son."""

import subprocess
import sys
from math import log2
from pathlib import Path
from typing import Any

import pytest

from bench.identity import measure, picture
from bench.synthetic import population
from gateway.identity import linkage
from gateway.identity.describe import described
from gateway.identity.weights import COMPARISONS, LOWER, PRIOR, UPPER

PNC, NEXT = "2001/0012345X", "2001/0012346Y"
HOME, AWAY = "LS1 4AP", "NE1 7RU"


def record(
    forenames: str = "Kelvin",
    surname: str = "Larkspur",
    born: str | None = "1970-03-04",
    postcode: str | None = HOME,
    **more: Any,
) -> dict[str, Any]:
    return {
        "name": {"forenames": forenames.split(), "surname": surname},
        "dateOfBirth": born,
        "addresses": [{"postcode": postcode}],
        "gender": "Male",
        **more,
    }


def number(scheme: str, value: str, verified: bool = True) -> dict[str, Any]:
    return {"identifiers": [{"scheme": scheme, "value": value, "verified": verified}]}


def weight(one: dict[str, Any], other: dict[str, Any]) -> float:
    """What speaks for one person in these two, in bits; far below zero where nothing does."""
    found = linkage.pairs([described("a", one), described("b", other)], -60)
    return found[0].weight if found else -60


ONE_PERSON = {
    "the same": record(),
    "swapped names": record("Larkspur", "Kelvin"),
    "a letter of the surname left out": record(surname="Larkpur"),
    "a hyphen and capitals": record("KELVIN", "LARKSPUR"),
    "day and month swapped": record(born="1970-04-03"),
    "a digit of the year wrong": record("Kelvin Aled", born="1971-03-04"),
    "a changed surname at the same address": record(surname="Overbury"),
    "a changed surname, the former as an alias": record(
        surname="Overbury", postcode=AWAY, aliases=[{"surname": "Larkspur"}]
    ),
    "moved": record(postcode=AWAY),
    "initials": record("Kelvin A"),
    "a mistyped forename, a PNC without its letter": record(
        "Kelvn", **number("pnc", PNC[:-1], verified=False)
    ),
}
RELATIVES = {
    "a twin of a similar name": record("Kelvyn Aled"),
    "a twin of a similar name without others": record("Kelvan"),
    "a twin of another name": record("Torin"),
    "a twin with the next PNC, a digit of it wrong": record(
        "Kelvyn", **number("pnc", "2001/0012346X", verified=False)
    ),
    "a sibling born the same day": record("Kelvyn", born="1972-03-04"),
    "a son of the same name": record("Kelvin Aled", born="1990-03-04"),
    "a son whose birthday is not known": record("Kelvin Aled", born=None),
    "a stranger of the same name": record(born="1955-11-23", postcode=AWAY),
    "a stranger of the same birthday": record("Torin", "Grimshaw", postcode=AWAY),
}
FIRST = record("Kelvin Aled", **number("pnc", PNC))


@pytest.mark.parametrize("what", ONE_PERSON)
def test_one_person_is_proposed_whatever_was_mistyped(what: str) -> None:
    assert weight(FIRST, ONE_PERSON[what]) > UPPER


@pytest.mark.parametrize("what", RELATIVES)
def test_relatives_and_strangers_are_not_proposed(what: str) -> None:
    assert weight(FIRST, RELATIVES[what]) < UPPER


def test_two_valid_numbers_speak_against_one_person() -> None:
    assert weight(FIRST, record(**number("pnc", NEXT))) < weight(FIRST, record()) - 5


def test_nothing_known_says_nothing() -> None:
    assert weight({"name": {}}, {"name": {}}) == -60
    assert linkage.pairs([], LOWER) == []
    assert linkage.pairs([described("a", record())], LOWER) == []


def test_the_parts_of_the_evidence_add_up_and_hold_no_values() -> None:
    two = [described("a", FIRST), described("b", record("Kelvin A"))]
    (found,) = linkage.pairs(two, UPPER)
    parts = sum(part.weight for part in found.evidence)
    assert found.weight == pytest.approx(log2(PRIOR) + parts, abs=0.05)
    assert [part.comparison for part in found.evidence] == [one.name for one in COMPARISONS]
    told = str(found)
    assert not any(value in told for value in ("Kelvin", "kelvin", "1970", "LS1"))
    assert linkage.pairs(reversed(two), UPPER) == [found], "whatever the order"


def test_on_an_invented_population_no_relatives_are_proposed_and_few_are_missed() -> None:
    measured = measure(6000, seed=328)
    assert {bad for bad, _ in measured.relatives.values()} == {0}
    assert all(count > 80 for _, count in measured.relatives.values())
    assert measured.heaviest_relatives < UPPER
    assert measured.at_upper.precision > 0.998
    assert measured.at_upper.recall >= 0.95
    drawn = picture(measured)
    assert drawn.startswith("<svg")
    assert f"recall {measured.at_upper.recall:.4f}" in drawn


def test_where_memory_is_short_no_name_is_written_to_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(linkage, "MEMORY", "6MB")
    made = population(3000, seed=1).records.items()
    with pytest.raises(linkage.LinkageUnavailableError, match="6MB of memory are too little"):
        linkage.pairs((described(*one) for one in made), LOWER)
    assert list(tmp_path.iterdir()) == []


def test_without_the_extra_it_says_what_to_install() -> None:
    code = (
        "import sys; sys.modules['splink'] = None\n"
        "from gateway.identity import linkage\n"
        "try: linkage.pairs([], 0)\n"
        "except linkage.LinkageUnavailableError as error: print(error)\n"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert "mappa-gateway[identity]" in answer.stdout
    assert "Splink" not in answer.stderr
