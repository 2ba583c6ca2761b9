"""Minutes in Word as areas really lay them out: what is found, and what is said of the rest."""

from datetime import date
from typing import Any

import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from adapters.base import AdapterError
from adapters.mappa import ADAPTER
from schemas.kinds import Agency
from schemas.minutes import MappaMinutes
from schemas.referral import MappaReferral
from schemas.rosh import RoshLevel
from tests.adapters.mappa_documents import (
    FACTS,
    SOMEBODY,
    Sheet,
    codes,
    minutes,
    record,
    repacked,
)


@pytest.mark.parametrize(
    ("field", "headings"),
    [
        ("victim_issues", ["Victim issues", "5. VICTIM CONCERNS", "Victims / VLO update:"]),
        ("risk_management_plan", ["Risk Management Plan", "RMP", "8) Multi-agency plan to manage"]),
        ("contingency", ["Contingency plan", "CONTINGENCY PLANNING", "(ix) Contingencies"]),
        ("media", ["Media handling", "Media & press interest", "Media strategy"]),
        ("diversity", ["Diversity", "Equality and Diversity Considerations", "Equalities"]),
        ("human_rights", ["Human rights", "ECHR / Article 8", "Human Rights considerations"]),
        ("legal_status", ["Legal status", "Sentence and licence details", "Offences"]),
        ("reason", ["Reason for the meeting", "Purpose of meeting", "Background"]),
        ("executive_summary", ["Executive summary", "EXECUTIVE SUMMARY OF MEETING"]),
        ("risk_assessment", ["Risk assessment", "Assessment of risk of harm", "Current Risks"]),
        ("confidentiality", ["Confidentiality statement", "Confidentiality and disclosure"]),
        ("disclosure_decision", ["Disclosure", "Third party disclosure", "Disclosure to others"]),
    ],
)
def test_a_heading_is_known_by_other_names_and_in_other_dress(
    field: str, headings: list[str]
) -> None:
    for title in headings:
        for sheet in (minutes().bold(title), minutes().heading(title), minutes().heading(title, 3)):
            assert getattr(record(sheet.text("One.", "Two.")), field).endswith("One.\nTwo."), title
        beside = minutes().table((title, "One.\nTwo."), ("Media handling", "Nothing."))
        assert "One.\nTwo." in getattr(record(beside), field), title
        above = minutes().table([title])
        assert getattr(record(above.text("One.", "Two.")), field).endswith("One.\nTwo."), title


def test_whom_and_when_come_from_a_table_of_labels_or_from_lines() -> None:
    sheets = [
        Sheet().table(*FACTS),
        Sheet().table(*[pair for a, b, c, d in FACTS for pair in ((a, b), (c, d))]),
        Sheet().table([row[0] for row in PAIRS], [row[1] for row in PAIRS]),
        Sheet().text(*(f"{label}: {value}" for label, value in PAIRS)),
        Sheet().text(*(f"{label}\t{value}" for label, value in PAIRS)),
    ]
    for sheet in sheets:
        (person,) = ADAPTER.read(sheet.bold("Media").text("None.").bytes())
        assert [one.value for one in person.identifiers] == ["X417009"]
        found = person.records[0].record
        assert isinstance(found, MappaMinutes)
        assert (found.meeting_date, found.level, found.chair) == (
            date(2026, 2, 18),
            2,
            "DCI Wren",
        )
        assert found.meeting_id == "meeting of 2026-02-18"


PAIRS = [(row[at], row[at + 1]) for row in FACTS for at in (0, 2)]


@pytest.mark.parametrize(
    ("header", "row", "expected"),
    [
        (
            ("No", "Action", "Owner", "Agency", "By when", "Outcome"),
            ("1", "Visit", "DC Farrow", "Police", "3 March 2026", "Open"),
            ("1", "Visit", "DC Farrow", Agency.POLICE, date(2026, 3, 3), None, "Open", None),
        ),
        (
            ("Target date", "By whom", "Action required"),
            ("03.03.26", "DC Farrow", "Visit"),
            (None, "Visit", "DC Farrow", None, date(2026, 3, 3), None, None, None),
        ),
        (
            ("Action point", "Lead", "Timescale", "RAG rating"),
            ("Visit", "DC Farrow", "Next meeting", "Amber"),
            (None, "Visit", "DC Farrow", None, None, "Next meeting", None, "RAG rating: Amber"),
        ),
        (
            ("Task", "Person responsible", "Organisation", "Deadline"),
            ("Visit", "Ms Teal", "Harbour Trust", "by Tuesday 3rd March 2026"),
            (None, "Visit", "Ms Teal (Harbour Trust)", Agency.OTHER, date(2026, 3, 3), *[None] * 3),
        ),
    ],
)
def test_actions_whatever_their_columns_are_called_and_in_whatever_order(
    header: tuple[str, ...], row: tuple[str, ...], expected: tuple[Any, ...]
) -> None:
    for before in ((), (["Actions agreed"],)):
        sheet = minutes().bold("Actions agreed").table(*before, header, row, header)
        (found,) = record(sheet).actions
        assert tuple(getattr(found, name) for name in type(found).model_fields) == expected
    words = ("unreadable-date", "/actions/0/due") in codes(sheet)
    assert words is (expected[5] is not None)


def test_actions_of_earlier_meetings_are_not_those_of_this_one() -> None:
    header = ("Action", "Owner", "Update")
    sheet = minutes().bold("Matters arising from the last meeting").table(header, ("A", "B", "C"))
    sheet.bold("Action points").text("1. Visit", "2. Call")
    found = record(sheet)
    assert [(one.action, one.outcome) for one in found.previous_actions] == [("A", "C")]
    assert [one.action for one in found.actions] == ["1. Visit", "2. Call"]


@pytest.mark.parametrize(
    ("cell", "presence", "notes"),
    [
        ("Present", "present", None),
        ("Y", "present", None),
        ("✓", "present", None),
        ("☒ Apologies ☐ Present", "apologies", None),
        ("Did not attend", "absent", None),
        ("By telephone", None, "By telephone"),
        ("", None, None),
    ],
)
def test_attendance_is_what_the_column_says_or_not_known(
    cell: str, presence: str | None, notes: str | None
) -> None:
    header = ("Name", "Agency", "Role", "Attended")
    sheet = minutes().bold("Attendance and apologies")
    (found,) = record(sheet.table(header, ("A Teal", "Police", "DC", cell))).attendance
    assert (found.name, found.agency, found.presence, found.notes) == (
        "A Teal",
        Agency.POLICE,
        presence,
        notes,
    )


def test_a_heading_of_its_own_says_who_sent_apologies() -> None:
    header = ("Name", "Agency")
    sheet = minutes().bold("Present").table(header, ("A Teal", "Police"))
    sheet.bold("Apologies").table(header, ("B Moss", "VLO"))
    assert [(one.agency, one.presence) for one in record(sheet).attendance] == [
        (Agency.POLICE, "present"),
        (Agency.VICTIM_LIAISON, "apologies"),
    ]


def test_agency_updates_under_headings_in_a_table_or_after_a_name() -> None:
    expected = {"police": "Two visits.", "probation": "Attends."}
    beneath = minutes().bold("Information sharing").bold("Police").text("Two visits.")
    beneath.bold("Probation update:").text("Attends.")
    table = (
        minutes()
        .bold("Agency updates")
        .table(("Agency", "Information"), ("Police", "Two visits."), ("NPS", "Attends."))
    )
    lines = minutes().bold("Updates").label("Police: ", "Two visits.").text("Probation: Attends.")
    for sheet in (beneath, table, lines):
        assert record(sheet).agency_updates == expected


def test_decision_and_rationale_are_told_apart_by_their_labels() -> None:
    sheet = minutes().bold("Disclosure").label("Decision: ", "None.").text("Rationale: No need.")
    sheet.bold("MAPPA level agreed").text("Level: 2", "Reasons: Tasks.", "Dissenting views: One.")
    found = record(sheet)
    assert (found.disclosure_decision, found.disclosure_rationale) == ("None.", "No need.")
    assert (found.level_decision, found.level_rationale) == (2, "Tasks.")
    assert found.dissenting_views == "One."


def test_what_stands_under_no_heading_of_ours_is_kept_word_for_word_with_a_caution() -> None:
    sheet = minutes().bold("Victim issues").text("Safe.").bold("7. Accommodation").text("A flat.")
    sheet.bold("Media").text("None.")
    found = record(sheet)
    assert (found.victim_issues, found.media) == ("Safe.", "None.")
    assert [(one.heading, one.text) for one in found.other_headings] == [
        ("7. Accommodation", "A flat.")
    ]
    assert ("unknown-heading", "/otherHeadings/0") in codes(sheet)


def test_nothing_strange_ever_joins_the_executive_summary() -> None:
    for strange in (Sheet.bold, Sheet.heading):
        sheet = minutes().heading("Executive summary").text("In short.")
        strange(sheet, "Police intelligence").text("A source says so.")
        found = record(sheet)
        assert found.executive_summary == "In short."
        assert found.other_headings[-1].text == "A source says so."


def test_a_deeper_heading_stays_with_its_text() -> None:
    sheet = minutes().heading("Risk management plan").text("As before.").heading("Housing", 2)
    found = record(sheet.text("A flat."))
    assert found.risk_management_plan == "As before.\nHousing\nA flat."


def test_each_missing_heading_is_a_caution_and_every_word_is_somewhere() -> None:
    sheet = minutes().bold("Actions").text("As agreed.").bold("Attendance").text("Everybody came.")
    missing = {pointer for code, pointer in codes(sheet) if code == "missing-heading"}
    assert {"/victimIssues", "/risk/overall", "/meetingId", "/media"} <= missing
    assert "/confidentiality" not in missing
    found = record(sheet)
    assert {one.text for one in found.other_headings} == {"As agreed.", "Everybody came."}


def test_prose_under_actions_is_no_action_and_a_list_is_in_any_dress() -> None:
    sheet = minutes().bold("Actions").text("No actions were agreed.")
    found = record(sheet)
    assert found.actions == []
    assert [(one.heading, one.text) for one in found.other_headings] == [
        ("Actions agreed", "No actions were agreed.")
    ]
    assert ("unreadable-value", "/actions") in codes(sheet)
    listed = minutes().bold("Actions").text("• Visit", "2. Call")
    listed.document.add_paragraph("Write", "List Bullet")
    assert [one.action for one in record(listed).actions] == ["• Visit", "2. Call", "Write"]


def test_a_whole_form_in_one_table() -> None:
    sheet = Sheet().table(
        ["MAPPA minutes"],
        ("CRN", "X417009"),
        ("Date of meeting", "18/02/2026"),
        ["Victim issues"],
        ["Safe for now."],
        ["Agreed actions"],
        ("Action", "Owner", "By when"),
        ("Visit", "DC Farrow", "3/3/2026"),
        ["Contingency plan"],
        ["Approved premises."],
    )
    found = record(sheet)
    assert (found.victim_issues, found.contingency) == ("Safe for now.", "Approved premises.")
    assert [(one.action, one.due) for one in found.actions] == [("Visit", date(2026, 3, 3))]


def test_merged_cells_tracked_changes_and_content_controls_are_read_through() -> None:
    sheet = (
        minutes()
        .bold("Actions")
        .table(
            ("Agency", "Action", "Owner"),
            ("Police", "Visit", "DC Farrow"),
            ("", "Call", "DC Farrow"),
        )
    )
    table: Any = sheet.document.tables[-1]
    table.cell(1, 0).merge(table.cell(2, 0))
    paragraph: Any = sheet.bold("Media").document.add_paragraph("Seen ")
    for tag, text in (("w:ins", "and kept"), ("w:del", "not this")):
        change, run = OxmlElement(tag), OxmlElement("w:r")
        content = OxmlElement("w:t" if tag == "w:ins" else "w:delText")
        content.text = text
        run.append(content)
        change.append(run)
        paragraph._p.append(change)
    control, inside = OxmlElement("w:sdt"), OxmlElement("w:sdtContent")
    body: Any = sheet.text("In a control.").document.element.body
    last = body.findall(qn("w:p"))[-1]
    inside.append(last)
    control.append(inside)
    body.insert(len(body) - 1, control)
    found = record(sheet)
    assert [one.agency for one in found.actions] == [Agency.POLICE, Agency.POLICE]
    assert found.media == "Seen and kept\nIn a control."


def test_footnotes_and_comments_are_not_read_and_that_is_said() -> None:
    raw = repacked(
        minutes().bytes(), {"word/comments.xml": b"<w:comments><w:t>x</w:t></w:comments>"}
    )
    (person,) = ADAPTER.read(raw)
    assert ("unmapped-body", "/comments") in {(c.code, c.pointer) for c in person.cautions}


def test_a_referral_is_known_by_its_headings() -> None:
    sheet = (
        Sheet()
        .bold("MAPPA REFERRAL FORM")
        .table(
            ("CRN", "X417009"),
            ("Date of referral", "12 January 2026"),
            ("Referring agency", "Probation Service"),
            ("Referring officer", "T Lindqvist"),
            ("Level requested", "Level 2"),
            ("MAPPA Category", "2"),
        )
    )
    sheet.bold("1. Index offence").text("Wounding.").bold("2. Reasons for referral").text(
        "Release."
    )
    sheet.bold("3. Why multi-agency management is needed").text("Three agencies.")
    sheet.bold("4. Risk of serious harm").table(("Children", "Low"), ("Known adult", "High"))
    sheet.bold("5. Victim concerns").text("A zone was asked for.")
    (person,) = ADAPTER.read(sheet.bytes())
    ((found,),) = ([one.record for one in person.records],)
    assert isinstance(found, MappaReferral)
    assert (found.reference, found.referred) == ("referral of 2026-01-12", date(2026, 1, 12))
    assert (found.agency, found.officer) == (Agency.PROBATION, "T Lindqvist")
    assert (found.level_requested, found.category) == (2, 2)
    assert (found.offences, found.reason) == ("Wounding.", "Release.")
    assert (found.added_value, found.victim_concerns) == (
        "Three agencies.",
        "A zone was asked for.",
    )
    assert found.rosh is not None
    assert found.rosh.known_adult is RoshLevel.HIGH


@pytest.mark.parametrize(
    ("sheet", "code"),
    [
        (Sheet().text("Dear all,", "The weather is fine."), "unsupported-shape"),
        (Sheet().table(("CRN", "X417009"), ("Chair", "A")).bold("Media"), "unreadable-date"),
        (
            Sheet().bold("Referral").table(("CRN", "X417009"), ("Referring agency", "Police")),
            "no-reference",
        ),
    ],
)
def test_a_document_that_is_neither_or_has_no_day_is_refused(sheet: Sheet, code: str) -> None:
    with pytest.raises(AdapterError) as caught:
        ADAPTER.read(sheet.bytes(), SOMEBODY)
    assert caught.value.code == code
