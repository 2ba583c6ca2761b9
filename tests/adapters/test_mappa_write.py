"""What is written for people: read back where it is meant to be, safe and usable where not."""

import io
import itertools
import json
import re
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import docx
import pytest
from lxml import etree, html

import adapters.mappa
from adapters.base import AdapterError, Subject
from adapters.mappa import ADAPTER, template
from adapters.writing import Case, Export
from schemas import Kind
from schemas.identifiers import Scheme

ROOM = Path(adapters.mappa.__file__).parent
FORMS = {form.name: form for form in ADAPTER.exports}
SAMPLES = {file.name: file.read_bytes() for file in (ROOM / "samples").iterdir()}
PERSON = {
    "name": {"forenames": ["Silas"], "surname": "Brackenridge"},
    "dateOfBirth": "1979-04-02",
    "identifiers": [{"scheme": "crn", "value": "X417009", "verified": True}],
}
DRAWN = {"minutes": Kind.MINUTES, "referral": Kind.REFERRAL, "executive-summary": Kind.MINUTES}
PAGES = [name for name in FORMS if name.endswith("html")]
WORD = [name for name in FORMS if name.endswith("docx")]


def document(name: str) -> dict[str, Any]:
    (person,) = ADAPTER.read(SAMPLES[f"{name}.json"])
    return person.records[0].record.model_dump(mode="json", by_alias=True)


def case(
    documents: dict[Kind, dict[str, Any]] | None = None,
    withheld: dict[Kind, list[tuple[str, str]]] | None = None,
) -> Case:
    whole = {
        Kind.MINUTES: document("minutes"),
        Kind.REFERRAL: document("referral"),
        Kind.PERSON: PERSON,
    }
    moment = datetime(2026, 3, 1, 12, tzinfo=UTC)
    return Case("0d9e1c2b", moment, whole if documents is None else documents, withheld or {})


def words(form: Export, of: Case) -> str:
    """All that a reader sees."""
    raw = form.write(of)
    if form.name.endswith("docx"):
        body = docx.Document(io.BytesIO(raw)).element
        return "\n".join(text.text or "" for text in body.iter("{*}t"))
    page: Any = html.fromstring(raw)
    return str(page.find(".//body").text_content())


@pytest.mark.parametrize("name", ["minutes", "referral"])
@pytest.mark.parametrize("ending", ["docx", "json"])
def test_a_full_form_comes_back_the_same(name: str, ending: str) -> None:
    (person,) = [
        one
        for item in ADAPTER.split(FORMS[f"{name}.{ending}"].write(case()))
        for one in ADAPTER.read(item.raw, item.subject)
    ]
    told = person.records[0].record.model_dump(mode="json", by_alias=True)
    assert told == document(name)
    assert [one.value for one in person.identifiers] == ["X417009"]


@pytest.mark.parametrize("name", [*PAGES, *WORD])
def test_every_form_is_marked_and_says_who_may_copy_it(name: str) -> None:
    raw = FORMS[name].write(case())
    text = raw.decode() if name in PAGES else _parts(raw)
    assert "OFFICIAL-SENSITIVE" in text
    assert "without the agreement of the chair" in text
    assert FORMS[name].write(case()) == raw


def _parts(raw: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(raw)) as package:
        return "".join(
            package.read(one).decode() for one in package.namelist() if one.endswith(".xml")
        )


@pytest.mark.parametrize("name", PAGES)
def test_a_page_can_be_walked_by_ear(name: str) -> None:
    page: Any = html.fromstring(FORMS[name].write(case()))
    assert page.get("lang") == "en-GB"
    assert [
        len(page.findall(f".//{tag}")) for tag in ("title", "main", "header", "footer", "h1")
    ] == [1] * 5
    assert page.xpath("//main/@id") == ["content"]
    names = page.xpath("//@id")
    assert len(names) == len(set(names))
    assert set(page.xpath("//section/@aria-labelledby")) <= set(names)
    levels = [int(one.tag[1]) for one in page.iter("h1", "h2", "h3")]
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    for table in page.iter("table"):
        assert table.findtext("caption")
        assert table.xpath(".//th[@scope]")
        assert not table.xpath(".//th[not(@scope)]")
    assert not page.xpath("//@src | //link | //script")


@pytest.mark.parametrize("name", PAGES)
def test_a_page_prints_as_a_marked_and_numbered_document(name: str) -> None:
    style = html.fromstring(FORMS[name].write(case())).findtext(".//style")
    assert style is not None
    assert "@page" in style
    assert "counter(page)" in style
    assert "@media print" in style


@pytest.mark.parametrize("name", [*PAGES, *WORD])
def test_what_somebody_wrote_is_only_ever_text(name: str) -> None:
    evil = '<script>alert(1)</script> & "x" \x00\x0b'
    form = FORMS[name]
    kind = DRAWN[name.rpartition(".")[0]]
    told = document("referral" if kind is Kind.REFERRAL else "minutes")
    text = {key: evil if isinstance(value, str) else value for key, value in told.items()}
    of = case({kind: text, Kind.PERSON: PERSON | {"name": {"surname": evil}}})
    assert '<script>alert(1)</script> & "x" \ufffd\ufffd' in words(form, of)
    assert b"<script" not in form.write(of)


@pytest.mark.parametrize("name", ["minutes.docx", "minutes.html"])
def test_what_is_withheld_is_named_where_it_would_stand(name: str) -> None:
    told = document("minutes")
    del told["victimIssues"], told["meetingId"], told["meetingDate"]
    of = case(
        {Kind.MINUTES: told},
        {Kind.MINUTES: [("victim-issues", "default-deny"), ("meeting", "some-limit")]},
    )
    shown = words(FORMS[name], of)
    assert re.search(r"Victim issues\s*Withheld from this copy \(rule: default-deny\)", shown)
    assert "Withheld from this copy (rule: some-limit)" in shown


def test_a_column_that_holds_nothing_is_left_out_and_no_is_something() -> None:
    rows = [{"agency": "police", "presence": "absent", "reportSent": False}]
    of = case({Kind.MINUTES: document("minutes") | {"attendance": rows, "actions": []}})
    raw = FORMS["minutes.docx"].write(of)
    tables = docx.Document(io.BytesIO(raw)).tables
    header = [cell.text for cell in tables[1].rows[0].cells]
    assert header == ["Agency", "Name", "Role", "Attendance", "Report sent"]
    (person,) = ADAPTER.read(raw, Subject(Scheme.CRN, "X417009"))
    told: Any = person.records[0].record
    assert (told.attendance[0].report_sent, told.actions) == (False, [])


def test_a_copy_with_gaps_never_becomes_the_minutes() -> None:
    told = document("minutes")
    del told["victimIssues"]
    of = case({Kind.MINUTES: told}, {Kind.MINUTES: [("victim-issues", "default-deny")]})
    with pytest.raises(AdapterError, match="redacted-copy"):
        ADAPTER.read(FORMS["minutes.docx"].write(of))


@pytest.mark.parametrize("name", ["executive-summary.docx", "executive-summary.html"])
def test_the_summary_holds_the_summary_and_nothing_of_the_minutes(name: str) -> None:
    shown, told = words(FORMS[name], case()), document("minutes")
    assert told["executiveSummary"] in shown
    for field in ("victimIssues", "riskAssessment", "contingency", "levelRationale", "chair"):
        assert told[field] not in shown
    only = case({Kind.MINUTES: {"executiveSummary": "In short."}})
    assert "In short." in words(FORMS[name], only)


@pytest.mark.parametrize("name", FORMS)
def test_nothing_held_is_said_and_not_made_up(name: str) -> None:
    raw = FORMS[name].write(case({}))
    if name.endswith("json"):
        assert json.loads(raw) == []
    else:
        assert re.search(r"or none are held|Not recorded", words(FORMS[name], case({})))


@pytest.mark.parametrize("name", ["minutes", "referral"])
def test_the_blank_template_is_read_once_it_is_filled_in(name: str) -> None:
    blank = docx.Document(io.BytesIO(template(name)))
    facts: Any = blank.tables[0]
    values = {"Date of meeting": "3 March 2026", "Date of referral": "3 March 2026"}
    values |= {"Case reference (CRN)": "X417009", "Level": "2", "Level asked for": "3"}
    for row in facts.rows:
        row.cells[1].text = values.get(row.cells[0].text, "")
    for at, paragraph in enumerate(blank.paragraphs):
        if paragraph.text in ("Victim issues", "Victim concerns"):
            blank.paragraphs[at + 2].text = "A zone was asked for."
        if paragraph.text == "Offences":
            blank.paragraphs[at + 1].text = "Typed over the hint."
    actions: Any = blank.tables[-1]
    if name == "minutes":
        for cell, text in zip(actions.rows[1].cells, ("1", "Visit", "A Teal"), strict=False):
            cell.text = text
    out = io.BytesIO()
    blank.save(out)
    (person,) = ADAPTER.read(out.getvalue())
    told = {key: value for key, value in person.records[0].record if value}
    if name == "minutes":
        assert (told["victim_issues"], told["level"]) == ("A zone was asked for.", 2)
        assert [one.action for one in told["actions"]] == ["Visit"]
        assert told.keys() == {
            "meeting_id",
            "meeting_date",
            "level",
            "victim_issues",
            "actions",
        }
    else:
        assert told["victim_concerns"] == "A zone was asked for."
        assert told["offences"] == "Typed over the hint."
        assert told["level_requested"] == 3


def test_an_unfilled_template_says_what_it_lacks() -> None:
    for name, code in (("minutes", "unreadable-date"), ("referral", "no-reference")):
        with pytest.raises(AdapterError, match=code):
            ADAPTER.read(template(name), Subject(Scheme.CRN, "X417009"))
    with pytest.raises(LookupError, match="minutes or referral"):
        template("letter")


def test_the_template_has_headings_that_a_screen_reader_can_walk() -> None:
    blank = docx.Document(io.BytesIO(adapters.mappa.template("minutes")))
    styles = [p.style.name for p in blank.paragraphs if p.style and "Heading" in str(p.style.name)]
    assert styles.count("Heading 1") == 19
    for table in blank.tables[1:]:
        head: Any = table.rows[0]._tr
        assert head.find(".//{*}tblHeader") is not None
    language = etree.tostring(blank.styles.element).decode()
    assert 'w:val="en-GB"' in language
