"""The police form, inbound: what is taken, what is refused, and what is left with a caution."""

import socket
import time
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from adapters.base import AdapterError, MappedPerson, Subject
from adapters.visor import ADAPTER
from adapters.visor.document import SCHEMA_FILE
from schemas import Kind, Record
from schemas.case_team import CaseTeam
from schemas.identifiers import Scheme
from schemas.kinds import Agency
from schemas.mappa import MappaRegistration
from schemas.person import Person
from schemas.rosh import RiskFlag, Rosh, RoshLevel

SAMPLES = Path(SCHEMA_FILE).parent / "samples"
START = '<nominal xmlns="urn:mappa-gateway:visor:1" reference="V/01/1"'


def nominal(inside: str, attributes: str = "") -> bytes:
    return f"{START} {attributes}>{inside}</nominal>".encode()


def read(raw: bytes, subject: Subject | None = None) -> MappedPerson:
    (person,) = ADAPTER.read(raw, subject)
    return person


def record(person: MappedPerson, kind: Kind) -> Record:
    (found,) = [one.record for one in person.records if one.record.kind is kind]
    return found


def codes(person: MappedPerson) -> set[tuple[str, str]]:
    return {(one.code, one.pointer) for one in person.cautions}


def refused(raw: bytes) -> AdapterError:
    with pytest.raises(AdapterError) as caught:
        ADAPTER.read(raw)
    return caught.value


def test_a_nominal_gives_person_team_registration_and_risk() -> None:
    person = read((SAMPLES / "nominal.xml").read_bytes())
    assert [(one.record.kind, one.source_ref) for one in person.records] == [
        (Kind.PERSON, "current"),
        (Kind.CASE_TEAM, "current"),
        (Kind.MAPPA, "current"),
        (Kind.ROSH, "police-scores"),
    ]
    assert person.cautions == []
    who, team = record(person, Kind.PERSON), record(person, Kind.CASE_TEAM)
    mappa, rosh = record(person, Kind.MAPPA), record(person, Kind.ROSH)
    assert isinstance(who, Person)
    assert isinstance(team, CaseTeam)
    assert isinstance(mappa, MappaRegistration)
    assert isinstance(rosh, Rosh)
    assert who.name.forenames == ["Corin", "Ashby"]
    assert who.identifiers == person.identifiers
    assert who.addresses[0].lines == ["Flat 3", "18 Orchard Rise", "Marlow Bridge"]
    assert [(m.agency, m.role, m.staff_id) for m in team.members] == [
        (Agency.POLICE, "offender-manager", "MOS-2231"),
        (Agency.PROBATION, "partner", "N00A901"),
    ]
    assert (mappa.category, mappa.level, mappa.review_due) == (1, 2, date(2026, 3, 4))
    assert rosh.overall is RoshLevel.HIGH
    assert [(s.tool, s.scale, s.score) for s in rosh.scores] == [
        ("RM2000", "S", None),
        ("RM2000", "V", None),
        ("RM2000", "C", 3.0),
        ("ARMS", None, None),
    ]
    assert rosh.flags == [RiskFlag(code="REGISTERABLE_SEXUAL", description="ViSOR nominal type")]


def test_a_section_may_say_its_own_time_and_else_takes_that_of_the_nominal() -> None:
    person = read((SAMPLES / "nominal.xml").read_bytes())
    written = {one.record.kind: one.written_at for one in person.records}
    assert written[Kind.PERSON] == datetime(2026, 3, 2, 9, 15, tzinfo=UTC)
    assert written[Kind.ROSH] == datetime(2026, 2, 20, 14, tzinfo=UTC)
    silent = read(nominal("<type>VIOLENT</type><mappa/>"))
    assert [one.written_at for one in silent.records] == [None, None]


def test_unknown_codes_are_kept_word_for_word_with_a_caution() -> None:
    person = read((SAMPLES / "unknown-code.xml").read_bytes())
    team, mappa = record(person, Kind.CASE_TEAM), record(person, Kind.MAPPA)
    rosh = record(person, Kind.ROSH)
    assert isinstance(team, CaseTeam)
    assert isinstance(mappa, MappaRegistration)
    assert isinstance(rosh, Rosh)
    assert (mappa.category, mappa.category_code) == (None, "5")
    assert (mappa.level, mappa.level_code) == (None, "M9")
    assert (team.members[0].agency, team.members[0].role) == (
        Agency.OTHER,
        "partner (harbour-authority)",
    )
    assert (rosh.overall, rosh.overall_code) == (None, "SEVERE")
    assert rosh.in_community is not None
    assert rosh.in_community.children is None
    assert ("level as received: children, in-community", "SEVERE") in {
        (flag.description, flag.level) for flag in rosh.flags
    }
    assert {
        ("unknown-code", "/nominal/type"),
        ("unknown-code", "/nominal/mappa/category"),
        ("unknown-code", "/nominal/rosh/in-community/children"),
        ("unknown-code", "/nominal/rosh/score/scale"),
        ("unverified-identifier", "/nominal/person/identifier/value"),
    } <= codes(person)


@pytest.mark.parametrize(
    ("element", "category", "code", "caution"),
    [
        ("<category>2</category>", 2, None, None),
        ('<category code="M2">2</category>', 2, "M2", None),
        ('<category code="X9"/>', None, "X9", "not-yet-determined"),
        ('<category code="X9">maybe</category>', None, "X9: maybe", "unknown-code"),
        ("<category/>", None, None, None),
    ],
)
def test_a_category_and_the_sources_word_for_it(
    element: str, category: int | None, code: str | None, caution: str | None
) -> None:
    person = read(nominal(f"<mappa>{element}</mappa>"))
    mappa = record(person, Kind.MAPPA)
    assert isinstance(mappa, MappaRegistration)
    assert (mappa.category, mappa.category_code) == (category, code)
    assert [one.code for one in person.cautions] == ([caution] if caution else [])


def test_a_level_in_other_spelling_is_that_level_and_the_spelling_is_kept() -> None:
    rosh = record(read(nominal("<rosh><overall>Very high</overall></rosh>")), Kind.ROSH)
    assert isinstance(rosh, Rosh)
    assert (rosh.overall, rosh.overall_code) == (RoshLevel.VERY_HIGH, "Very high")


def test_category_3_has_no_level_1_and_an_overall_level_no_group_above_it() -> None:
    person = read(
        nominal(
            "<mappa><category>3</category><level>1</level></mappa><rosh><overall>LOW</overall>"
            "<in-custody><staff>HIGH</staff><prisoners>Very High</prisoners></in-custody></rosh>"
        )
    )
    assert codes(person) == {
        ("category-3-level-1", "/nominal/mappa"),
        ("contradiction", "/nominal/rosh"),
    }


def test_what_only_answers_hold_is_not_taken_and_not_passed_over_in_silence() -> None:
    person = read(
        nominal("<mappa><disagreement/></mappa><custody/><withheld kind='k' section='s' rule='r'/>")
    )
    assert codes(person) == {
        ("unknown-field", "/nominal/mappa/disagreement"),
        ("unknown-field", "/nominal/custody"),
        ("unknown-field", "/nominal/withheld"),
    }


def test_odd_values_cost_themselves_only() -> None:
    person = read(
        nominal(
            "<person><name><surname>string</surname></name>"
            "<date-of-birth> 1900-01-01 </date-of-birth>"
            "<identifier><scheme>pnc</scheme></identifier></person>"
            "<rosh><assessed-on>2026-01-01T24:00:00</assessed-on>"
            "<newer-assessment-exists>true</newer-assessment-exists>"
            "<score><value>9e999</value></score>"
            '<self-harm name="note"/></rosh>',
            'updated="20260-01-01T00:00:00Z"',
        )
    )
    rosh = record(person, Kind.ROSH)
    assert isinstance(rosh, Rosh)
    assert rosh.newer_assessment_exists is True
    assert rosh.self_harm == {"note": ""}
    assert (rosh.scores[0].tool, rosh.scores[0].score) == ("", None)
    assert [one.scheme for one in person.identifiers] == [Scheme.VISOR]
    assert codes(person) == {
        ("placeholder", "/nominal/person/name/surname"),
        ("placeholder", "/nominal/person/date-of-birth"),
        ("unreadable-date", "/nominal/rosh/assessed-on"),
        ("unreadable-value", "/nominal/rosh/score/value"),
        ("unreadable-date", "/nominal/@updated"),
    }


def test_managers_and_partners_keep_their_order_and_comments_split_no_text() -> None:
    person = read(
        nominal(
            "<team><partner><name>A<!-- x -->a</name></partner><manager/>"
            "<partner><agency>health</agency><role>nurse</role></partner></team>"
        )
    )
    team = record(person, Kind.CASE_TEAM)
    assert isinstance(team, CaseTeam)
    assert [(m.agency, m.role, m.name) for m in team.members] == [
        (Agency.OTHER, "partner", "Aa"),
        (Agency.POLICE, "offender-manager", None),
        (Agency.HEALTH, "nurse", None),
    ]
    assert codes(person) == {("unknown-code", "/nominal/team/partner")}


def test_the_subject_of_a_push_must_agree_with_the_payload() -> None:
    raw = (SAMPLES / "nominal.xml").read_bytes()
    assert len(read(raw, Subject(Scheme.CRN, "X417009")).identifiers) == 4
    malformed = read(raw, Subject(Scheme.CRO, "not-a-cro"))
    assert (malformed.identifiers[-1].scheme, malformed.identifiers[-1].verified) == (
        Scheme.CRO,
        False,
    )
    assert codes(malformed) == {("unverified-identifier", "")}
    with pytest.raises(AdapterError) as caught:
        ADAPTER.read(raw, Subject(Scheme.CRN, "X000001"))
    assert caught.value.code == "subject-mismatch"
    assert "X000001" not in str(caught.value)


def test_a_reference_that_is_a_placeholder_names_nobody() -> None:
    raw = nominal("").replace(b"V/01/1", b"string")
    assert refused(raw).code == "no-subject"
    assert [one.value for one in read(raw, Subject(Scheme.VISOR, "V/2")).identifiers] == ["V/2"]


def test_one_nominal_keeps_its_bytes_and_a_batch_is_cut_into_readable_ones() -> None:
    single = (SAMPLES / "nominal.xml").read_bytes()
    assert [item.raw for item in ADAPTER.split(single)] == [single]
    batch = (SAMPLES / "batch.xml").read_bytes()
    alone = [read(item.raw) for item in ADAPTER.split(batch)]
    assert [one.records for one in alone] == [one.records for one in ADAPTER.read(batch)]
    assert [len(one.cautions) for one in ADAPTER.read(batch)] == [1, 0]


def test_a_batch_hands_a_bad_child_on_but_is_never_empty_or_mixed_with_text() -> None:
    batch = '<nominals xmlns="urn:mappa-gateway:visor:1">{}</nominals>'
    (item,) = ADAPTER.split(batch.format("<nominal/>").encode())
    assert refused(item.raw).code == "no-subject"
    for inside, code in (("", "empty-batch"), ("<nominal/>lost", "schema")):
        with pytest.raises(AdapterError) as caught:
            ADAPTER.split(batch.format(inside).encode())
        assert caught.value.code == code


@pytest.mark.parametrize(
    ("raw", "pointer"),
    [
        (b"<secret/>", "/*"),
        (nominal("<person><Secret/></person>"), "/nominal/person/*"),
        (nominal("<person><alias/><alias>Secret</alias></person>"), "/nominal/person/alias[2]"),
        (
            nominal("<person><date-of-birth>Secret</date-of-birth></person>"),
            "/nominal/person/date-of-birth",
        ),
        (nominal("", 'secret="Secret"'), "/nominal"),
        (
            nominal('<v:person xmlns:v="urn:mappa-gateway:visor:1"><v:secret/></v:person>'),
            "/nominal",
        ),
    ],
)
def test_what_breaks_the_schema_is_placed_and_never_repeated(raw: bytes, pointer: str) -> None:
    error = refused(raw)
    assert (error.code, error.pointer) == ("schema", pointer)
    assert "secret" not in str(error).lower()


BOMB = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
HOSTILE = {
    "billion laughs": (f'<!DOCTYPE n [<!ENTITY l0 "ha">{BOMB}]><n>&l11;</n>', "doctype"),
    "external entity": (
        '<?xml version="1.0"?><!-- a --><!DOCTYPE n [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        "<n>&x;</n>",
        "doctype",
    ),
    "external subset": ('<!DOCTYPE n SYSTEM "http://127.0.0.1:9/n.dtd"><n/>', "doctype"),
    "undeclared entity": ("<n>&x;</n>", "not-xml"),
    "deep": ("<n>" * 100_000, "not-xml"),
    "closed deep": ("<n>" * 5_000 + "</n>" * 5_000, "not-xml"),
    "null": ("<n>\0</n>", "not-xml"),
    "empty": ("", "not-xml"),
    "truncated": ((SAMPLES / "nominal.xml").read_text("utf-8")[:900], "not-xml"),
    "many comments": ("<!--" + "--><!--" * 100_000 + "--><n>", "not-xml"),
    "unclosed comment": ("<!--" * 100_000, "not-xml"),
    "many elements": (START + ">" + "<person/>" * 100_000 + "</nominal>", "schema"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_documents_are_refused_quickly_and_nothing_is_fetched(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_network(*_: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket.socket, "connect", no_network)
    text, code = HOSTILE[name]
    before = time.monotonic()
    assert refused(text.encode()).code == code
    assert time.monotonic() - before < 5


@pytest.mark.parametrize(
    "raw", ["<n/>".encode("utf-16"), b"<n>\xe9</n>", b"\xff", b'<?xml encoding="x"?><n>\xff</n>']
)
def test_other_encodings_than_utf_8_are_refused(raw: bytes) -> None:
    assert refused(raw).code == "not-utf-8"


def test_a_document_type_inside_text_is_only_text_and_a_megabyte_is_fine() -> None:
    inside = f"<mappa><notes><![CDATA[<!DOCTYPE {'x' * 1_000_000}]]></notes></mappa>"
    mappa = record(read(nominal(inside)), Kind.MAPPA)
    assert isinstance(mappa, MappaRegistration)
    assert mappa.notes is not None
    assert len(mappa.notes) > 1_000_000


@given(st.binary() | st.text().map(str.encode) | st.text().map(nominal))
def test_arbitrary_bytes_give_a_typed_error_or_a_reading(raw: bytes) -> None:
    for use in (ADAPTER.read, ADAPTER.split):
        try:
            use(raw)
        except AdapterError as error:
            assert error.code  # noqa: PT017


def test_the_published_schema_says_what_it_is_and_stands_alone() -> None:
    text = SCHEMA_FILE.read_text("utf-8")
    assert "The real ViSOR schema is not public" in text
    assert "schemaLocation" not in text
    schema = etree.XMLSchema(etree.fromstring(text.encode()))
    for sample in SAMPLES.iterdir():
        schema.assertValid(etree.parse(str(sample)))
