"""The police form, outbound. That it is always valid, and comes back unchanged, is tested with
every other form (`test_conformance.py`)."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from adapters.visor import ADAPTER, NOMINAL_XML
from adapters.visor.document import SCHEMA_FILE
from adapters.visor.form import carried
from adapters.writing import Case
from schemas import Kind

XSD = etree.XMLSchema(etree.parse(str(SCHEMA_FILE)))
GENERATED = datetime(2026, 3, 1, 12, tzinfo=UTC)
REFERENCE = "0d9e1c2b3a4f"


def written(documents: Mapping[Kind, Mapping[str, Any]]) -> bytes:
    raw = NOMINAL_XML.write(Case(REFERENCE, GENERATED, documents))
    XSD.assertValid(etree.fromstring(raw))
    return raw


@given(st.lists(st.tuples(st.text(max_size=9), st.text(max_size=9)), max_size=3))
def test_what_was_withheld_is_named_with_its_rule(pairs: list[tuple[str, str]]) -> None:
    root = etree.fromstring(NOMINAL_XML.write(Case(REFERENCE, GENERATED, {}, {Kind.ROSH: pairs})))
    XSD.assertValid(root)
    assert [dict(one.attrib) for one in root] == [
        {"kind": "rosh", "section": carried(section), "rule": carried(rule)}
        for section, rule in pairs
    ]


def test_of_the_minutes_only_the_summary_leaves_and_other_kinds_never() -> None:
    minutes = {
        "meetingId": "M1",
        "meetingDate": "2026-02-18",
        "legalStatus": "hidden",
        "executiveSummary": "Level 2 continues.",
    }
    victim = {"victims": [{"victimRef": "hidden"}]}
    raw = written({Kind.MINUTES: minutes, Kind.VICTIM_CONTACT: victim})
    assert b"Level 2 continues." in raw
    assert b"hidden" not in raw


def test_a_zone_of_which_only_the_existence_is_released_is_still_shown() -> None:
    zone = {"type": "exclusion-zone", "zoneExists": True, "regime": "AP"}
    root = etree.fromstring(written({Kind.LICENCE_CONDITIONS: {"conditions": [zone, {}]}}))
    (condition,) = root.findall("{*}licence-conditions/{*}condition")
    assert [(etree.QName(one).localname, one.text) for one in condition] == [
        ("type", "exclusion-zone"),
        ("regime", "AP"),
        ("zone-exists", "true"),
    ]


def test_contact_details_without_their_member_are_carried_and_empty_members_are_not() -> None:
    team = {"members": [{"telephone": "01632 960001"}, {}]}
    root = etree.fromstring(written({Kind.CASE_TEAM: team}))
    assert [one.text for one in root.iter("{*}telephone")] == ["01632 960001"]
    assert len(root.findall("{*}team/*")) == 1


def test_the_root_says_whom_and_when_in_utc() -> None:
    root = etree.fromstring(written({}))
    attributes = {str(name): value for name, value in root.attrib.items()}
    assert attributes == {"case": REFERENCE, "generated": "2026-03-01T12:00:00Z"}


def test_the_reference_is_the_registers_own_and_only_where_the_case_tells_it() -> None:
    crn = {"scheme": "crn", "value": "X417009", "verified": True}
    visor = {"scheme": "visor", "value": "V/09/004417", "verified": True}
    listed = {Kind.PERSON: {"identifiers": [crn, visor]}}
    assert etree.fromstring(written(listed)).get("reference") == "V/09/004417"
    raw = written({Kind.PERSON: {"identifiers": [crn]}})
    assert etree.fromstring(raw).get("reference") is None
    assert [one.value for one in ADAPTER.read(raw)[0].identifiers] == ["X417009"]


def test_line_breaks_become_line_feeds_and_what_xml_cannot_carry_is_replaced() -> None:
    assert carried("a\r\nb\rc\td\0e\x1f\ufffe\ud800\U0001f600") == (
        "a\nb\nc\td\ufffde\ufffd\ufffd\ufffd\U0001f600"
    )


@given(st.text(min_size=1))
def test_what_is_carried_is_what_a_parser_reads(text: str) -> None:
    root = etree.Element("n")
    root.text = carried(text)
    assert etree.fromstring(etree.tostring(root)).text == carried(text)
