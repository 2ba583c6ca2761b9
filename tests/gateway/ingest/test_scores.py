"""Scores of several systems and assessors: side by side, the newest of each, nothing settled."""

from datetime import date
from typing import Any

from gateway.demo.payloads import oasys_rosh, visor_nominal
from gateway.demo.people import Character
from gateway.ingest.scores import side_by_side
from schemas.rosh import RiskScore, Rosh
from tests.gateway.ingest.cases import known, push, read
from tests.gateway.world import Gateway

OLD, NEW = date(2026, 1, 5), date(2026, 4, 6)


def score(band: str | None, by: str | None = None, on: date | None = NEW, **more: Any) -> RiskScore:
    facts: dict[str, Any] = {"tool": "RM2000", "scale": "S", "band": band} | more
    return RiskScore(assessed_by=by, assessed_on=on, **facts)


def standing(*told: tuple[str, RiskScore]) -> tuple[list[tuple[str | None, str | None]], int]:
    """(who, band) of the scores that stand, and how many scales differ."""
    records = [(system, "2026-05-01T00:00:00Z", Rosh(scores=[one])) for system, one in told]
    scores, differing = side_by_side(records)
    return [(s.assessed_by or s.system, s.band) for s in scores], len(differing)


def test_two_assessors_who_differ_are_both_shown_with_the_difference() -> None:
    told = [("rm2000", score("HIGH", "police")), ("rm2000", score("MEDIUM", "probation", OLD))]
    assert standing(*told) == ([("police", "HIGH"), ("probation", "MEDIUM")], 1)
    assert standing(*reversed(told)) == standing(*told)


def test_of_one_assessor_the_newest_stands() -> None:
    told = ("rm2000", score("HIGH", "police", OLD)), ("visor", score("LOW", "Police"))
    assert standing(*told) == ([("Police", "LOW")], 0)


def test_one_assessor_told_twice_for_one_day_is_shown_twice_only_where_it_differs() -> None:
    same = ("rm2000", score("Very High", "police")), ("visor", score("VERY_HIGH", "police"))
    assert standing(*same) == ([("police", "Very High")], 0)
    other = ("rm2000", score("HIGH", "police")), ("visor", score("LOW", "police"))
    assert standing(*other) == ([("police", "HIGH"), ("police", "LOW")], 1)


def test_scales_tools_generations_and_static_or_dynamic_are_never_compared() -> None:
    told = [
        ("a", score("LOW")),
        ("b", score("HIGH", scale="V")),
        ("c", score("HIGH", tool="OSP/C")),
        ("d", score("LOW", tool="OSP/DC")),
        ("e", score("HIGH", tool="RSR", static_or_dynamic="STATIC")),
        ("f", score("LOW", tool="RSR", static_or_dynamic="DYNAMIC")),
    ]
    found, differing = standing(*told)
    assert (len(found), differing) == (6, 0)


def test_a_figure_and_a_band_that_cannot_be_compared_do_not_differ() -> None:
    told = ("a", score(None, score=3.0)), ("b", score("HIGH")), ("c", score("HIGH", score=3.0))
    assert standing(*told)[1] == 0
    assert standing(*told, ("d", score(None, score=4.0)))[1] == 1


def test_without_a_day_the_documents_own_time_decides() -> None:
    told = ("a", score("LOW", "police", None)), ("b", score("HIGH", "police", date(2026, 5, 2)))
    assert standing(*told) == ([("police", "HIGH")], 0)
    assert side_by_side([]) == ([], [])


def row(person: Character, agency: str, on: str, level: str, **more: str) -> dict[str, str]:
    facts = {"agency": agency, "assessmentDate": on, "sexualScale": level}
    return {"crn": person.crn} | facts | more


def test_scored_twice_by_two_agencies_both_answer_with_the_difference(gateway: Gateway) -> None:
    person = known(gateway)
    push(gateway, "visor", visor_nominal(person))
    police = row(person, "police", "2026-01-15", "HIGH", violenceScale="LOW")
    push(gateway, "rm2000", [police])
    header = "CRN,Agency,Assessment date,Sexual scale,Violence scale"
    push(gateway, "rm2000", f"{header}\n{person.crn},probation,20/02/2026,Medium,Low\n")
    for staff in (person.staff("PP"), person.staff("OM")):
        found = read(gateway, f"crn:{person.crn}", "rosh", staff)["data"]
        assert [(s["scale"], s["assessedBy"], s["band"]) for s in found["scores"]] == [
            ("S", "police", "HIGH"),
            ("S", "probation", "Medium"),
            ("V", "police", "LOW"),
            ("V", "probation", "Low"),
        ]
        (difference,) = found["scoreDisagreements"]
        assert (difference["tool"], difference["scale"]) == ("RM2000", "S")
        assert [(v["assessedBy"], v["band"]) for v in difference["views"]] == [
            ("police", "HIGH"), ("probation", "Medium"),
        ]  # fmt: skip


def test_a_newer_score_of_the_same_agency_takes_the_place_of_its_older(gateway: Gateway) -> None:
    person = known(gateway)
    push(gateway, "rm2000", [row(person, "police", "2026-03-15", "LOW")])
    push(gateway, "rm2000", [row(person, "police", "2026-01-15", "HIGH")])
    push(gateway, "rm2000", [row(person, "probation", "2026-02-20", "LOW")])
    found = read(gateway, f"crn:{person.crn}", "rosh")["data"]
    assert [(s["assessedBy"], s["band"]) for s in found["scores"]] == [
        ("police", "LOW"), ("probation", "LOW"),
    ]  # fmt: skip
    assert found["scoreDisagreements"] == []


def test_scores_stand_beside_the_levels_of_the_assessment(gateway: Gateway) -> None:
    person = known(gateway)
    push(gateway, "oasys", oasys_rosh(person))
    push(gateway, "rm2000", [row(person, "police", "2026-01-15", "HIGH")])
    answer = read(gateway, f"crn:{person.crn}", "rosh")
    assert answer["meta"]["source"] == "oasys"
    assert answer["data"]["inCommunity"]
    assert ("RM2000", "rm2000") in {(s["tool"], s["system"]) for s in answer["data"]["scores"]}


def test_both_agencies_rows_leave_in_the_table_of_scores(gateway: Gateway) -> None:
    person = known(gateway)
    for agency, level in (("police", "HIGH"), ("probation", "LOW")):
        push(gateway, "rm2000", [row(person, agency, "2026-01-15", level)])
    answer = gateway.staff(person.staff("PP")).get(
        f"/v1/persons/crn:{person.crn}/exports/rm2000/scores.csv"
    )
    assert answer.status_code == 200, answer.text
    again = push(gateway, "rm2000", answer.content.decode("utf-8-sig"))
    assert {item["outcome"] for item in again} == {"unchanged"}
