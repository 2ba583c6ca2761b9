"""The recall pack: what is known, from whom and when; what is withheld; what is not held."""

import io
import re
from datetime import UTC, datetime
from typing import Any

import docx
import pytest
from lxml import etree

from adapters.approved_premises import ADAPTER, recall_pack
from adapters.writing import Case
from schemas.kinds import Kind

GENERATED = datetime(2026, 3, 1, 12, tzinfo=UTC)
DOCUMENTS: dict[Kind, dict[str, Any]] = {
    Kind.PERSON: {
        "name": {"surname": "ASHDOWN", "forenames": ["Perrin"]},
        "dateOfBirth": "1988-09-04",
        "identifiers": [
            {"scheme": "crn", "value": "X530001", "verified": True},
            {"scheme": "pnc", "value": "2009/44", "verified": False},
        ],
    },
    Kind.RESIDENCE: {
        "stays": [
            {"premises": "Wren House", "start": "2026-01-12", "telephone": "01632 960211"},
            {"premises": "Larch Lodge", "start": "2025-01-12", "end": "2025-03-03"},
        ]
    },
    Kind.CASE_TEAM: {
        "members": [
            {"agency": "police", "role": "offender-manager", "name": "Ines Howe"},
            {"agency": "probation", "role": "partner", "name": "Gone Before", "end": "2025-01-01"},
        ]
    },
    Kind.MAPPA: {
        "category": 2,
        "level": 3,
        "disagreements": [{"system": "visor", "category": 2, "level": 2}],
    },
    Kind.LICENCE: {
        "status": "ACTIVE",
        "expiry": "2027-01-12",
        "curfew": [{"fromDay": "Monday", "fromTime": "21:00", "untilTime": "07:00"}],
        "conditions": [
            {"type": "standard", "regime": "PSS", "text": "Be of good behaviour."},
            {"type": "additional", "text": "Live where told.", "data": {"place": "Wren House"}},
            {"type": "no-contact", "text": "Not this", "expandedText": "Not <b>VC-1</b>"},
            {"type": "exclusion-zone", "zoneExists": True},
        ],
    },
    Kind.PLAN: {
        "assessmentStatus": "COMPLETE",
        "completed": "2026-06-01T10:00:00Z",
        "newerInProgress": True,
        "contingencyPlans": "Ring the officer.\nThen recall.",
    },
    Kind.MINUTES: {
        "meetingDate": "2026-02-03",
        "executiveSummary": "Two agencies visit.",
        "contingency": "Police attend.",
        "actions": [{"action": "Visit", "owner": "Ines Howe", "agency": "police"}],
    },
}


def rows(case: Case) -> list[list[str]]:
    """The rows of every table, in order."""
    root = etree.fromstring(recall_pack.html(case), etree.HTMLParser(encoding="utf-8"))
    return [["".join(map(str, cell.itertext())) for cell in row] for row in root.iter("tr")]


def text(case: Case) -> str:
    root = etree.fromstring(recall_pack.html(case), etree.HTMLParser(encoding="utf-8"))
    return "\n".join(map(str, next(root.iter("body")).itertext()))


def case(*without: Kind, **more: Any) -> Case:
    told = {kind: one for kind, one in DOCUMENTS.items() if kind not in without}
    return Case("0d9e1c2b", GENERATED, told, **more)


def test_the_pack_tells_who_where_whom_to_ring_and_what_was_planned() -> None:
    found, words = rows(case()), text(case())
    for row in (
        ["Name", "Perrin ASHDOWN"],
        ["Numbers", "CRN X530001\nPNC 2009/44 (not verified)"],
        ["Premises", "Wren House"],
        ["Larch Lodge", "12 January 2025", "3 March 2025", ""],
        ["Police", "Offender manager", "Ines Howe", "", "", ""],
        ["visor", "2", "2"],
        ["Expires", "12 January 2027"],
        ["Monday", "21:00", "", "07:00"],
        ["Standard (post-sentence supervision)", "Be of good behaviour."],
        ["Additional", "Live where told.\nplace: Wren House"],
        ["No contact", "Not <b>VC-1</b>"],
        ["Exclusion zone", "There is one. Its text is not in this copy."],
        ["Completed", "1 June 2026 at 11:00"],
        ["Meeting", "3 February 2026"],
        ["Visit", "Ines Howe", "Police", "", ""],
    ):
        assert row in found, row
    assert "Ring the officer.\nThen recall." in words
    assert "A newer assessment exists: in progress." in words
    assert "Previous convictions and photographs are not held" in words
    assert "Gone Before" not in words
    assert words.count("OFFICIAL-SENSITIVE") >= 1


def test_each_part_says_from_which_system_and_time_it_is() -> None:
    told = {
        Kind.LICENCE: {
            "source": "cvl",
            "writtenAt": "2026-06-10T09:00:00Z",
            "receivedAt": "2026-06-11T09:01:00+00:00",
        },
        Kind.PLAN: {"source": "oasys", "writtenAt": None, "receivedAt": "2026-01-02T00:00:00Z"},
    }
    found = rows(case(provenance=told))
    assert ["Licence", "Yes", "cvl", "10 June 2026 at 10:00", "11 June 2026 at 10:01"] in found
    assert ["Contingency plan", "Yes", "oasys", "Not said", "2 January 2026 at 00:00"] in found


def test_what_is_withheld_is_not_what_is_not_held() -> None:
    withheld = {
        Kind.LICENCE: [("zone-text", "zone-rule"), ("approval", "default-deny")],
        Kind.PLAN: [("contingency-plans", "plan-rule")],
        Kind.PERSON: [("identifiers", "who-rule")],
    }
    pack = case(Kind.PLAN, Kind.MINUTES, withheld=withheld)
    found, words = rows(pack), text(pack)
    assert [row[:2] for row in found if len(row) == 5][1:8] == [
        ["Identity", "In part; the rest is withheld"],
        ["Residence", "Yes"],
        ["Who to ring", "Yes"],
        ["MAPPA", "Yes"],
        ["Licence", "In part; the rest is withheld"],
        ["Contingency plan", "Withheld"],
        ["Summary of the last meeting", "Not held"],
    ]
    assert "whether or not anything is held: contingency plans (rule: plan-rule)." in words
    assert "zone text (rule: zone-rule)" in words
    assert "identifiers (rule: who-rule)" in words
    assert "approval" not in words
    assert words.count("Not held by the gateway.") == 1


def test_conditions_alone_stand_in_for_the_licence_that_may_not_be_read() -> None:
    alone = {Kind.LICENCE_CONDITIONS: {"conditions": [{"type": "bespoke", "text": "Sign daily."}]}}
    assert ["Bespoke", "Sign daily."] in rows(Case("r", GENERATED, alone))


def test_without_an_executive_summary_what_the_minutes_say_of_risk_stands_instead() -> None:
    minutes = {"riskAssessment": "High to children.", "riskManagementPlan": "Daily signing."}
    words = text(Case("r", GENERATED, {Kind.MINUTES: minutes}))
    assert "There is no executive summary in this copy." in words
    assert "High to children." in words
    assert "Daily signing." in words


@pytest.mark.parametrize(
    ("end", "rung"), [("2026-03-02", True), ("2026-03-01", True), ("2026-02-28", False)]
)
def test_who_is_responsible_until_a_later_day_is_rung_and_who_leaves_then_is_here(
    end: str, rung: bool
) -> None:
    told = {
        Kind.CASE_TEAM: {"members": [{"agency": "police", "name": "Ines Howe", "end": end}]},
        Kind.RESIDENCE: {"stays": [{"premises": "Wren House", "room": "4", "end": end}]},
    }
    words = text(Case("r", GENERATED, told))
    assert ("Ines Howe" in words) == rung
    assert ("Earlier stays" in words) != rung


def test_what_would_stand_for_a_summary_and_is_withheld_is_said() -> None:
    withheld = {Kind.MINUTES: [("risk", "a-rule"), ("risk-management-plan", "b-rule")]}
    words = text(Case("r", GENERATED, {Kind.MINUTES: {"meetingDate": "2026-02-03"}}, withheld))
    assert "risk (rule: a-rule), risk management plan (rule: b-rule)." in words


def test_words_like_a_day_that_is_none_stand_as_they_are() -> None:
    told = {
        Kind.LICENCE: {"conditions": [{"type": "bespoke", "text": "x"}], "expiry": "2026-02-30"}
    }
    assert ["Expires", "2026-02-30"] in rows(Case("r", GENERATED, told))


def test_two_open_stays_are_both_shown_and_said_to_contradict() -> None:
    stays = [{"premises": name, "start": "2026-01-12"} for name in ("Wren House", "Larch Lodge")]
    pack = Case("r", GENERATED, {Kind.RESIDENCE: {"stays": stays}})
    assert "More than one stay has not ended" in text(pack)
    assert [row for row in rows(pack) if row[0] == "Premises"] == [
        ["Premises", "Wren House"],
        ["Premises", "Larch Lodge"],
    ]


def test_the_page_prints_alone_and_runs_nothing() -> None:
    page = recall_pack.html(case()).decode()
    assert not re.search(r"<script|<img|<link|href=\"http|url\(", page)
    assert "default-src 'none'" in page
    assert "@media print" in page


def test_the_word_document_says_the_same() -> None:
    document = docx.Document(io.BytesIO(recall_pack.docx(case())))
    cells = [[cell.text for cell in row.cells] for table in document.tables for row in table.rows]
    assert ["No contact", "Not <b>VC-1</b>"] in cells
    assert any(paragraph.text == "Then recall." for paragraph in document.paragraphs)


@pytest.mark.parametrize("name", ["recall-pack.html", "recall-pack.docx"])
def test_the_pack_is_for_people_and_is_not_read_back(name: str) -> None:
    (form,) = (one for one in ADAPTER.exports if one.name == name)
    assert not form.readable
    assert form.write(Case("r", GENERATED, {}))
