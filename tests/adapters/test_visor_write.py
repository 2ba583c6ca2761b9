"""The police form, outbound: always valid, and what inbound can read comes back unchanged."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from pydantic import BaseModel

from adapters.visor import ADAPTER, write
from adapters.visor.document import SCHEMA_FILE
from adapters.visor.form import carried
from schemas import RECORDS, Kind, Record
from schemas.case_team import CaseTeam
from schemas.identifiers import Scheme
from schemas.mappa import MappaRegistration
from schemas.person import Identifier, Person
from schemas.rosh import RiskScore, Rosh

XSD = etree.XMLSchema(etree.parse(str(SCHEMA_FILE)))
GENERATED = datetime(2026, 3, 1, 12, tzinfo=UTC)
REFERENCE = "V/01/1"
KINDS = [
    Kind.PERSON,
    Kind.CASE_TEAM,
    Kind.MAPPA,
    Kind.ROSH,
    Kind.PLAN,
    Kind.LICENCE_CONDITIONS,
    Kind.CUSTODY,
    Kind.MINUTES,
]

ANY_TEXT = st.text(max_size=12)
TOLD_TEXT = st.text(
    st.characters(codec="utf-8", exclude_characters="\r", exclude_categories=["Cc", "Cs", "Cn"])
    | st.sampled_from("\n\t <>&'\""),
    min_size=1,
    max_size=12,
).map(lambda text: f"{text}.")
"""Text that says something: neither empty nor a placeholder, in characters XML can carry."""


def values(annotation: Any, text: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return values(arguments[0], text)
    if origin in (Union, UnionType):
        return st.one_of([values(one, text) for one in arguments])
    if origin is Literal:
        return st.sampled_from(arguments)
    if origin is list:
        return st.lists(values(arguments[0], text), max_size=2)
    if origin is dict:
        return st.dictionaries(text, text, max_size=2)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return models(annotation, text)
    simple: dict[Any, st.SearchStrategy[Any]] = {
        str: text,
        NoneType: st.none(),
        float: st.floats(0, 1e9),
        date: st.dates(date(1901, 1, 1), date(2100, 1, 1)),
        datetime: st.datetimes(datetime(1901, 1, 1), datetime(2100, 1, 1)).map(  # noqa: DTZ001
            lambda moment: moment.replace(tzinfo=UTC)
        ),
    }
    return simple[annotation] if annotation in simple else st.from_type(annotation)


def models(
    model: type[Any], text: st.SearchStrategy[str], **fixed: st.SearchStrategy[Any]
) -> st.SearchStrategy[Any]:
    fields = {
        name: fixed.get(name, values(info.annotation, text))
        for name, info in model.model_fields.items()
    }
    return st.fixed_dictionaries(fields).map(model.model_validate)


def document(record: Record) -> dict[str, Any]:
    return record.model_dump(mode="json", by_alias=True)


def written(documents: Mapping[Kind, Mapping[str, Any]]) -> bytes:
    raw = write(documents, {}, reference=REFERENCE, generated=GENERATED)
    XSD.assertValid(etree.fromstring(raw))
    return raw


def again(record: Record) -> Record:
    (person,) = ADAPTER.read(written({record.kind: document(record)}))
    (found,) = person.records
    return found.record


OWN = Identifier(scheme=Scheme.VISOR, value=REFERENCE, verified=True, system="visor")
PERSONS = models(
    Person,
    TOLD_TEXT,
    identifiers=st.just(
        [
            OWN,
            Identifier(scheme=Scheme.CRN, value="X417009", verified=True, system="visor"),
            Identifier(scheme=Scheme.PNC, value="2009/44", verified=False, system="visor"),
        ]
    ),
    status=st.none(),
)
NONE_OF_THESE: st.SearchStrategy[list[Any]] = st.just([])


@given(PERSONS)
@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_a_person_comes_back(person: Person) -> None:
    assert again(person) == person


@given(models(CaseTeam, TOLD_TEXT))
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_a_case_team_comes_back(team: CaseTeam) -> None:
    assert again(team) == team


@given(models(MappaRegistration, TOLD_TEXT, disagreements=NONE_OF_THESE, history=NONE_OF_THESE))
def test_a_registration_comes_back_without_the_views_of_others(mappa: MappaRegistration) -> None:
    assert again(mappa) == mappa


OTHERS_SAY = ("disagreements", "score_disagreements", "assessments", "needs")
NOT_OF_THE_REGISTER: dict[str, st.SearchStrategy[Any]] = {
    "assessment_id": st.none(),
    "other_risks": st.just({}),
    "offence_analysis": st.none(),
    "scores": st.lists(models(RiskScore, TOLD_TEXT, system=st.none()), max_size=2),
} | dict.fromkeys(OTHERS_SAY, NONE_OF_THESE)


@given(models(Rosh, TOLD_TEXT, **NOT_OF_THE_REGISTER))
@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_a_risk_of_serious_harm_comes_back_without_the_views_of_others(rosh: Rosh) -> None:
    assert again(rosh) == rosh


def pruned(value: Any, keep: st.DataObject) -> Any:
    """A document as redaction leaves it: any member, at any depth, may be gone."""
    if isinstance(value, dict):
        names = keep.draw(st.sets(st.sampled_from(sorted(value)))) if value else set()
        return {name: pruned(part, keep) for name, part in value.items() if name not in names}
    return [pruned(part, keep) for part in value] if isinstance(value, list) else value


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
@settings(max_examples=30, suppress_health_check=list(HealthCheck))
def test_whatever_was_withheld_the_form_is_valid(kind: Kind, data: st.DataObject) -> None:
    whole = document(data.draw(models(RECORDS[kind], ANY_TEXT)))
    ADAPTER.read(written({kind: pruned(whole, data)}))


@given(st.lists(st.tuples(ANY_TEXT, ANY_TEXT), max_size=3), st.text(min_size=1, max_size=9))
def test_what_was_withheld_is_named_with_its_rule(
    pairs: list[tuple[str, str]], reference: str
) -> None:
    raw = write({}, {Kind.ROSH: pairs}, reference=reference, generated=GENERATED)
    root = etree.fromstring(raw)
    XSD.assertValid(root)
    assert root.get("reference") == carried(reference)
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
    assert (root.get("reference"), root.get("generated")) == (REFERENCE, "2026-03-01T12:00:00Z")


@pytest.mark.parametrize(
    ("reference", "generated"),
    [("", GENERATED), (REFERENCE, GENERATED.replace(tzinfo=None))],
)
def test_an_answer_needs_a_reference_and_an_aware_time(reference: str, generated: datetime) -> None:
    with pytest.raises(ValueError, match="reference and an aware time"):
        write({}, {}, reference=reference, generated=generated)


def test_line_breaks_become_line_feeds_and_what_xml_cannot_carry_is_replaced() -> None:
    assert carried("a\r\nb\rc\td\0e\x1f\ufffe\ud800\U0001f600") == (
        "a\nb\nc\td\ufffde\ufffd\ufffd\ufffd\U0001f600"
    )


@given(st.text(min_size=1))
def test_what_is_carried_is_what_a_parser_reads(text: str) -> None:
    root = etree.Element("n")
    root.text = carried(text)
    assert etree.fromstring(etree.tostring(root)).text == carried(text)
